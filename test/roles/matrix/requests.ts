import { randomUUID } from 'node:crypto';
import { newApi, newRole, newUser, PASSWORD } from '../../support/factories.js';
import { ofFeatureRoutes } from '../../support/feature-routes.js';
import { type Cell } from './cell.js';

/** A request that succeeds if the caller is authorized. */
export interface MatrixRequest {
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

const ANY_VERSION = { 'If-Match': '*' };
const NEW_PASSWORD = 'another long enough password';

/** Requests for each operation, on new resources. The test fails for an operation without one. */
export const REQUESTS: Record<string, (cell: Cell) => MatrixRequest | Promise<MatrixRequest>> = {
  'GET /openapi.json': () => ({ path: '/openapi.json' }),
  'GET /.well-known/latchkey': () => ({ path: '/.well-known/latchkey' }),
  'GET /docs': () => ({ path: '/docs' }),
  'GET /problems': () => ({ path: '/problems' }),
  'GET /problems/{code}': () => ({ path: '/problems/token_expired' }),
  'POST /auth/login': () => ({ path: '/auth/login' }),
  'POST /auth/bump': () => ({ path: '/auth/bump' }),
  'POST /auth/logout': () => ({ path: '/auth/logout' }),
  'GET /auth/session': () => ({ path: '/auth/session', headers: { 'Sec-Fetch-Site': 'same-origin' } }),
  'GET /auth/verify': () => ({ path: '/auth/verify' }),
  'HEAD /auth/verify': () => ({ path: '/auth/verify' }),
  'POST /auth/introspect': async (cell) => ({
    path: '/auth/introspect',
    body: new URLSearchParams({ token: (await cell.token()).token ?? '' }),
  }),
  'GET /auth/revocations': () => ({ path: `/auth/revocations?verifier=${randomUUID()}&name=orders` }),
  'POST /auth/revocations/reports': () => ({
    path: '/auth/revocations/reports',
    body: { verifier: randomUUID(), number: 1, name: 'orders', local: 0, asked: 1, uses: [] },
  }),
  'POST /auth/report-leak': () => ({ path: '/auth/report-leak', body: { tokens: [] } }),
  'POST /auth/set-up': async (cell) => ({
    path: '/auth/set-up',
    body: { secret: await cell.setUpSecret(), password: NEW_PASSWORD },
  }),
  'POST /auth/claims/details': async (cell) => ({
    path: '/auth/claims/details',
    body: { secret: await cell.claimSecret() },
  }),
  'POST /auth/claims': async (cell) => ({
    path: '/auth/claims',
    body: { secret: await cell.claimSecret() },
  }),
  'GET /health/live': () => ({ path: '/health/live' }),
  'GET /health/ready': () => ({ path: '/health/ready' }),

  'GET /me': () => ({ path: '/me' }),
  'PATCH /me': () => ({ path: '/me', headers: ANY_VERSION, body: { displayName: 'Anne' } }),
  'PUT /me/password': () => ({
    path: '/me/password',
    body: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
  }),
  'GET /me/tokens': () => ({ path: '/me/tokens' }),
  'POST /me/tokens': () => ({ path: '/me/tokens', body: { note: 'made' } }),
  'DELETE /me/tokens': () => ({ path: '/me/tokens' }),
  'GET /me/offers': () => ({ path: '/me/offers' }),
  'POST /me/offers': async (cell) => ({
    path: '/me/offers',
    body: { template: await cell.tokenTemplate() },
  }),
  'DELETE /me/offers/{id}': async (cell) => ({
    path: `/me/offers/${await cell.offer('requested', 'caller')}`,
  }),
  'POST /me/offers/{id}/claim': async (cell) => ({
    path: `/me/offers/${await cell.offer('offered', 'caller')}/claim`,
  }),

  'GET /users': () => ({ path: '/users' }),
  'POST /users': () => ({ path: '/users', body: newUser({ password: undefined }) }),
  'GET /users/{name}': ({ owner }) => ({ path: `/users/${owner}` }),
  'PATCH /users/{name}': ({ owner }) => ({
    path: `/users/${owner}`,
    headers: ANY_VERSION,
    body: { enabled: false },
  }),
  'DELETE /users/{name}': ({ owner }) => ({ path: `/users/${owner}` }),
  'PUT /users/{name}/password': ({ owner }) => ({
    path: `/users/${owner}/password`,
    body: { password: NEW_PASSWORD },
  }),
  'POST /users/{name}/set-up-link': ({ owner }) => ({ path: `/users/${owner}/set-up-link` }),
  'DELETE /users/{name}/throttle': ({ owner }) => ({ path: `/users/${owner}/throttle` }),
  'GET /users/{name}/tokens': ({ owner }) => ({ path: `/users/${owner}/tokens` }),
  'POST /users/{name}/tokens': ({ owner }) => ({ path: `/users/${owner}/tokens`, body: { note: 'made' } }),
  'POST /users/{name}/offers': ({ owner }) => ({
    path: `/users/${owner}/offers`,
    body: { note: 'sent' },
  }),
  'DELETE /users/{name}/tokens': ({ owner }) => ({ path: `/users/${owner}/tokens` }),
  'POST /users/import': () => ({ path: '/users/import', body: { users: [{ name: newUser().name }] } }),
  'POST /users/bulk': ({ owner }) => ({ path: '/users/bulk', body: { action: 'disable', ids: [owner] } }),

  'GET /tokens': () => ({ path: '/tokens' }),
  'GET /tokens/{id}': async (cell) => ({ path: `/tokens/${(await cell.token()).id}` }),
  'GET /tokens/{id}/usage': async (cell) => ({ path: `/tokens/${(await cell.token()).id}/usage` }),
  'PATCH /tokens/{id}': async (cell) => ({
    path: `/tokens/${(await cell.token()).id}`,
    headers: ANY_VERSION,
    body: { enabled: false },
  }),
  'DELETE /tokens/{id}': async (cell) => ({ path: `/tokens/${(await cell.token()).id}` }),
  'DELETE /tokens/{id}/superseded': async (cell) => ({
    path: `/tokens/${(await cell.rotatedToken()).id}/superseded`,
  }),
  'POST /tokens/{id}/rotate': async (cell) => ({
    path: `/tokens/${(await cell.token()).id}/rotate`,
    headers: ANY_VERSION,
  }),
  'POST /tokens/bulk': async (cell) => ({
    path: '/tokens/bulk',
    body: { action: 'revoke', ids: [(await cell.token()).id] },
  }),

  'GET /token-templates': () => ({ path: '/token-templates' }),
  'POST /token-templates': () => ({
    path: '/token-templates',
    body: { name: newRole().name, expiresIn: 60 },
  }),
  'GET /token-templates/{name}': async (cell) => ({ path: `/token-templates/${await cell.tokenTemplate()}` }),
  'PATCH /token-templates/{name}': async (cell) => ({
    path: `/token-templates/${await cell.tokenTemplate()}`,
    headers: ANY_VERSION,
    body: { expiresIn: 120 },
  }),
  'DELETE /token-templates/{name}': async (cell) => ({
    path: `/token-templates/${await cell.tokenTemplate()}`,
  }),
  'GET /offers': () => ({ path: '/offers' }),
  'POST /offers/{id}/approve': async (cell) => ({
    path: `/offers/${await cell.offer('requested')}/approve`,
  }),
  'POST /offers/{id}/reject': async (cell) => ({
    path: `/offers/${await cell.offer('requested')}/reject`,
  }),
  'DELETE /offers/{id}': async (cell) => ({ path: `/offers/${await cell.offer('offered')}` }),

  'GET /roles': () => ({ path: '/roles' }),
  'POST /roles': () => ({ path: '/roles', body: newRole({ permissions: ['users:read'] }) }),
  'GET /roles/{name}': () => ({ path: '/roles/admin' }),
  'PATCH /roles/{name}': async (cell) => ({
    path: `/roles/${await cell.role()}`,
    headers: ANY_VERSION,
    body: { permissions: [] },
  }),
  'DELETE /roles/{name}': async (cell) => ({ path: `/roles/${await cell.role()}` }),
  'GET /apis': () => ({ path: '/apis' }),
  'POST /apis': () => ({ path: '/apis', body: newApi('read') }),
  'GET /apis/{name}': () => ({ path: '/apis/users' }),
  'GET /apis/{name}/usage': () => ({ path: '/apis/users/usage' }),
  'PATCH /apis/{name}': async (cell) => ({
    path: `/apis/${await cell.api()}`,
    headers: ANY_VERSION,
    body: { permissions: [] },
  }),
  'DELETE /apis/{name}': async (cell) => ({ path: `/apis/${await cell.api()}` }),

  'GET /explanations/{traceId}': async (cell) => ({ path: `/explanations/${await cell.rejectedRequest()}` }),
  'POST /explanations': async (cell) => ({
    path: '/explanations',
    body: { tokenId: (await cell.token()).id },
  }),

  'GET /audit-events': () => ({ path: '/audit-events' }),
  'GET /stats': () => ({ path: '/stats' }),
  'GET /settings': () => ({ path: '/settings' }),
  'GET /verifiers': () => ({ path: '/verifiers' }),
  'GET /metrics': () => ({ path: '/metrics' }),

  ...ofFeatureRoutes(
    ({ request }) =>
      () =>
        request,
  ),
};
