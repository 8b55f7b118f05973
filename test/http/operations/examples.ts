import { randomUUID } from 'node:crypto';
import { ADMIN, newApi, newRole, newUser, PASSWORD } from '../../support/factories.js';
import { type Headers } from '../../support/api-client.js';
import { ofFeatureRoutes } from '../../support/feature-routes.js';
import { TEMPLATE, type Fixtures } from './fixtures.js';

/** Request that succeeds. */
export interface Example {
  path: string;
  body?: unknown;
  headers?: Headers;
}

/** Successful request for each operation. A test fails if an operation has none. */
export const EXAMPLES: Record<string, (fixtures: Fixtures) => Example | Promise<Example>> = {
  'POST /auth/login': ({ asBasic }) => ({
    path: '/auth/login',
    headers: asBasic,
    body: { note: 'an example' },
  }),
  'POST /auth/bump': () => ({ path: '/auth/bump' }),
  'POST /auth/logout': async (fixtures) => ({ path: '/auth/logout', headers: await fixtures.session() }),
  'GET /auth/session': async (fixtures) => ({
    path: '/auth/session',
    headers: {
      'Sec-Fetch-Site': 'same-origin',
      Cookie: `__Host-latchkey=${(await fixtures.login()).token}`,
    },
  }),
  'POST /auth/report-leak': async (fixtures) => ({
    path: '/auth/report-leak',
    headers: {},
    body: { tokens: [(await fixtures.token()).token], source: 'gitleaks' },
  }),
  'POST /auth/set-up': async (fixtures) => ({
    path: '/auth/set-up',
    headers: {},
    body: { secret: await fixtures.setUpSecret(), password: 'another long enough password' },
  }),
  'POST /auth/claims/details': async (fixtures) => ({
    path: '/auth/claims/details',
    headers: {},
    body: { secret: (await fixtures.offerWithLink()).secret },
  }),
  'POST /auth/claims': async (fixtures) => ({
    path: '/auth/claims',
    headers: {},
    body: { secret: (await fixtures.offerWithLink()).secret },
  }),
  'GET /auth/verify': () => ({ path: '/auth/verify?role=admin' }),
  'HEAD /auth/verify': () => ({ path: '/auth/verify?role=admin' }),
  'POST /auth/introspect': async (fixtures) => ({
    path: '/auth/introspect',
    headers: { ...fixtures.asAdmin, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `token=${(await fixtures.token()).token}`,
  }),
  'GET /auth/revocations': () => ({ path: `/auth/revocations?verifier=${randomUUID()}&name=orders` }),
  'POST /auth/revocations/reports': () => ({
    path: '/auth/revocations/reports',
    body: { verifier: randomUUID(), number: 1, name: 'orders', local: 0, asked: 1, uses: [] },
  }),
  'GET /health/live': () => ({ path: '/health/live', headers: {} }),
  'GET /health/ready': () => ({ path: '/health/ready', headers: {} }),

  'GET /me': () => ({ path: '/me' }),
  'PATCH /me': async (fixtures) => ({
    path: '/me',
    headers: await fixtures.sessionOfNewUser(),
    body: { displayName: 'Anne', email: null, version: 0 },
  }),
  'PUT /me/password': async (fixtures) => ({
    path: '/me/password',
    headers: await fixtures.sessionOfNewUser(),
    body: { currentPassword: PASSWORD, newPassword: 'another long enough password' },
  }),
  'GET /me/tokens': () => ({ path: '/me/tokens' }),
  'POST /me/tokens': () => ({ path: '/me/tokens', body: { note: 'nightly', permissions: ['users:read'] } }),
  'DELETE /me/tokens': async (fixtures) => ({
    path: '/me/tokens',
    headers: await fixtures.sessionOfNewUser(),
  }),
  'GET /me/offers': async (fixtures) => ({
    path: '/me/offers?state=rejected',
    headers: (await fixtures.decidedOffer('reject')).headers,
  }),
  'POST /me/offers': async (fixtures) => ({
    path: '/me/offers',
    headers: await fixtures.sessionOfNewUser(),
    body: { template: TEMPLATE, note: 'nightly', reason: 'Backups of the shop' },
  }),
  'DELETE /me/offers/{id}': async (fixtures) => {
    const { id, headers } = await fixtures.requestedOffer();
    return { path: `/me/offers/${id}`, headers };
  },
  'POST /me/offers/{id}/claim': async (fixtures) => {
    const { id, headers } = await fixtures.decidedOffer('approve');
    return { path: `/me/offers/${id}/claim`, headers };
  },

  'GET /users': () => ({ path: '/users?kind=human&sort=-lastLoginTime,name' }),
  'POST /users': () => ({
    path: '/users',
    body: newUser({ displayName: 'Bert', email: 'bert@example.org' }),
  }),
  'GET /users/{name}': () => ({ path: `/users/${ADMIN.name}` }),
  'PATCH /users/{name}': async (fixtures) => ({
    path: `/users/${(await fixtures.user()).name}`,
    body: { displayName: 'Cleo', enabled: false, roles: ['auditor'], version: 0 },
  }),
  'DELETE /users/{name}': async (fixtures) => ({ path: `/users/${(await fixtures.user()).name}` }),
  'PUT /users/{name}/password': async (fixtures) => ({
    path: `/users/${(await fixtures.user()).name}/password`,
    body: { password: 'another long enough password' },
  }),
  'POST /users/{name}/set-up-link': async (fixtures) => ({
    path: `/users/${(await fixtures.user()).name}/set-up-link`,
  }),
  'DELETE /users/{name}/throttle': async (fixtures) => ({
    path: `/users/${(await fixtures.user()).name}/throttle`,
  }),
  'GET /users/{name}/tokens': () => ({ path: `/users/${ADMIN.name}/tokens` }),
  'POST /users/{name}/tokens': async (fixtures) => ({
    path: `/users/${(await fixtures.user()).name}/tokens`,
    body: { note: 'deployment' },
  }),
  'POST /users/{name}/offers': async (fixtures) => ({
    path: `/users/${(await fixtures.user()).name}/offers`,
    body: { note: 'deployment', expiresIn: 86_400 },
  }),
  'DELETE /users/{name}/tokens': async (fixtures) => ({
    path: `/users/${(await fixtures.user()).name}/tokens`,
  }),
  'POST /users/import': () => ({
    path: '/users/import',
    body: { users: [newUser({ password: undefined, email: 'dora@example.org' })] },
  }),
  'POST /users/bulk': async (fixtures) => ({
    path: '/users/bulk',
    body: { action: 'disable', ids: [(await fixtures.user()).name, 'nobody'] },
  }),

  'GET /tokens': () => ({ path: '/tokens?state=active&sort=-lastUsageTime,user' }),
  'GET /tokens/{id}': async (fixtures) => ({ path: `/tokens/${(await fixtures.token()).id}` }),
  'PATCH /tokens/{id}': async (fixtures) => ({
    path: `/tokens/${(await fixtures.token()).id}`,
    body: { note: 'weekly', enabled: false, version: 0 },
  }),
  'DELETE /tokens/{id}': async (fixtures) => ({
    path: `/tokens/${(await fixtures.token()).id}?descendants=true`,
  }),
  'DELETE /tokens/{id}/superseded': async (fixtures) => ({
    path: `/tokens/${(await fixtures.rotatedToken()).id}/superseded`,
  }),
  'POST /tokens/{id}/rotate': async (fixtures) => ({
    path: `/tokens/${(await fixtures.token()).id}/rotate`,
    body: { gracePeriodSeconds: 60, version: 0 },
  }),
  'GET /tokens/{id}/usage': async (fixtures) => ({ path: `/tokens/${(await fixtures.token()).id}/usage` }),
  'POST /tokens/bulk': async (fixtures) => ({
    path: '/tokens/bulk',
    body: { action: 'disable', ids: [(await fixtures.token()).id, 'unknown'] },
  }),

  'GET /token-templates': () => ({ path: '/token-templates?sort=-creationTime' }),
  'POST /token-templates': () => ({
    path: '/token-templates',
    body: {
      name: newRole().name,
      description: 'Nightly backups.',
      permissions: ['users:read'],
      roles: ['user'],
      expiresIn: 86_400,
      note: 'backup',
    },
  }),
  'GET /token-templates/{name}': () => ({ path: `/token-templates/${TEMPLATE}` }),
  'PATCH /token-templates/{name}': async (fixtures) => ({
    path: `/token-templates/${await fixtures.tokenTemplate()}`,
    body: { description: 'Weekly backups.', roles: [], expiresIn: 60, note: null, version: 0 },
  }),
  'DELETE /token-templates/{name}': async (fixtures) => ({
    path: `/token-templates/${await fixtures.tokenTemplate()}`,
  }),
  'GET /offers': () => ({ path: '/offers?state=requested&sort=-creationTime,user' }),
  'POST /offers/{id}/approve': async (fixtures) => ({
    path: `/offers/${(await fixtures.requestedOffer()).id}/approve`,
    body: { reason: 'Agreed' },
  }),
  'POST /offers/{id}/reject': async (fixtures) => ({
    path: `/offers/${(await fixtures.requestedOffer()).id}/reject`,
    body: { reason: 'Use the other job' },
  }),
  'DELETE /offers/{id}': async (fixtures) => ({
    path: `/offers/${(await fixtures.offerWithLink()).id}`,
  }),

  'GET /roles': () => ({ path: '/roles' }),
  'POST /roles': () => ({
    path: '/roles',
    body: { name: `reader-${Date.now()}`, description: 'Reads', permissions: ['users:read', 'tokens:read'] },
  }),
  'GET /roles/{name}': () => ({ path: '/roles/auditor' }),
  'PATCH /roles/{name}': async (fixtures) => ({
    path: `/roles/${(await fixtures.role()).name}`,
    body: { description: 'Changed', permissions: [], version: 0 },
  }),
  'DELETE /roles/{name}': async (fixtures) => ({ path: `/roles/${(await fixtures.role()).name}` }),
  'GET /apis': () => ({ path: '/apis' }),
  'POST /apis': () => ({ path: '/apis', body: { ...newApi('read', 'write'), description: 'Orders.' } }),
  'GET /apis/{name}': () => ({ path: '/apis/users' }),
  'GET /apis/{name}/usage': () => ({ path: '/apis/users/usage' }),
  'PATCH /apis/{name}': async (fixtures) => ({
    path: `/apis/${(await fixtures.api()).name}`,
    body: { description: 'Changed', permissions: [], version: 0 },
  }),
  'DELETE /apis/{name}': async (fixtures) => ({ path: `/apis/${(await fixtures.api()).name}` }),

  'GET /explanations/{traceId}': async (fixtures) => ({
    path: `/explanations/${await fixtures.rejectedRequest()}`,
  }),
  'POST /explanations': async (fixtures) => ({
    path: '/explanations',
    body: { tokenId: await fixtures.rejectedToken() },
  }),

  'GET /audit-events': () => ({ path: '/audit-events?outcome=success&action=user_created' }),
  'GET /stats': () => ({ path: '/stats' }),
  'GET /settings': () => ({ path: '/settings' }),
  'GET /verifiers': () => ({ path: '/verifiers' }),
  'GET /metrics': () => ({ path: '/metrics' }),
  'GET /openapi.json': () => ({ path: '/openapi.json', headers: {} }),
  'GET /.well-known/latchkey': () => ({ path: '/.well-known/latchkey', headers: {} }),
  'GET /docs': () => ({ path: '/docs', headers: {} }),
  'GET /problems': () => ({ path: '/problems', headers: {} }),
  'GET /problems/{code}': () => ({ path: '/problems/token_expired', headers: {} }),

  ...ofFeatureRoutes(
    ({ request }) =>
      () =>
        request,
  ),
};
