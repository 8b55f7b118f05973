import { ADMIN, newUser, PASSWORD } from '../../support/factories.js';
import { type Headers } from '../../support/api-client.js';
import { type World } from './world.js';

/** A request that succeeds. */
export interface Example {
  path: string;
  body?: unknown;
  headers?: Headers;
}

/** How each operation is asked so that it succeeds, on things made for it. An operation without a line fails the test. */
export const EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {
  'POST /auth/login': ({ asBasic }) => ({
    path: '/auth/login',
    headers: asBasic,
    body: { note: 'an example' },
  }),
  'POST /auth/bump': () => ({ path: '/auth/bump' }),
  'POST /auth/logout': async (world) => ({ path: '/auth/logout', headers: await world.session() }),
  'GET /auth/session': async (world) => ({
    path: '/auth/session',
    headers: {
      'Sec-Fetch-Site': 'same-origin',
      Cookie: `__Host-latchkey=${(await world.login()).token}`,
    },
  }),
  'POST /auth/set-up': async (world) => ({
    path: '/auth/set-up',
    headers: {},
    body: { secret: await world.setUpSecret(), password: 'another long enough password' },
  }),
  'GET /auth/verify': () => ({ path: '/auth/verify?role=admin' }),
  'HEAD /auth/verify': () => ({ path: '/auth/verify?role=admin' }),
  'POST /auth/introspect': async (world) => ({
    path: '/auth/introspect',
    headers: { ...world.asAdmin, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `token=${(await world.token()).token}`,
  }),
  'GET /health/live': () => ({ path: '/health/live', headers: {} }),
  'GET /health/ready': () => ({ path: '/health/ready', headers: {} }),

  'GET /me': () => ({ path: '/me' }),
  'PATCH /me': async (world) => ({
    path: '/me',
    headers: await world.sessionOfSomebody(),
    body: { displayName: 'Anne', email: null, version: 0 },
  }),
  'PUT /me/password': async (world) => ({
    path: '/me/password',
    headers: await world.sessionOfSomebody(),
    body: { currentPassword: PASSWORD, newPassword: 'another long enough password' },
  }),
  'GET /me/tokens': () => ({ path: '/me/tokens' }),
  'POST /me/tokens': () => ({ path: '/me/tokens', body: { note: 'nightly', permissions: ['users:read'] } }),
  'DELETE /me/tokens': async (world) => ({ path: '/me/tokens', headers: await world.sessionOfSomebody() }),

  'GET /users': () => ({ path: '/users?kind=human&sort=-lastLoginTime,name' }),
  'POST /users': () => ({
    path: '/users',
    body: newUser({ displayName: 'Bert', email: 'bert@example.org' }),
  }),
  'GET /users/{name}': () => ({ path: `/users/${ADMIN.name}` }),
  'PATCH /users/{name}': async (world) => ({
    path: `/users/${(await world.user()).name}`,
    body: { displayName: 'Cleo', enabled: false, roles: ['auditor'], version: 0 },
  }),
  'DELETE /users/{name}': async (world) => ({ path: `/users/${(await world.user()).name}` }),
  'PUT /users/{name}/password': async (world) => ({
    path: `/users/${(await world.user()).name}/password`,
    body: { password: 'another long enough password' },
  }),
  'POST /users/{name}/set-up-link': async (world) => ({
    path: `/users/${(await world.user()).name}/set-up-link`,
  }),
  'DELETE /users/{name}/throttle': async (world) => ({
    path: `/users/${(await world.user()).name}/throttle`,
  }),
  'GET /users/{name}/tokens': () => ({ path: `/users/${ADMIN.name}/tokens` }),
  'POST /users/{name}/tokens': async (world) => ({
    path: `/users/${(await world.user()).name}/tokens`,
    body: { note: 'deployment' },
  }),
  'DELETE /users/{name}/tokens': async (world) => ({ path: `/users/${(await world.user()).name}/tokens` }),
  'POST /users/bulk': async (world) => ({
    path: '/users/bulk',
    body: { action: 'disable', ids: [(await world.user()).name, 'nobody'] },
  }),

  'GET /tokens': () => ({ path: '/tokens?state=active&sort=-lastUsageTime,user' }),
  'GET /tokens/{id}': async (world) => ({ path: `/tokens/${(await world.token()).id}` }),
  'PATCH /tokens/{id}': async (world) => ({
    path: `/tokens/${(await world.token()).id}`,
    body: { note: 'weekly', enabled: false, version: 0 },
  }),
  'DELETE /tokens/{id}': async (world) => ({ path: `/tokens/${(await world.token()).id}?descendants=true` }),
  'POST /tokens/{id}/rotate': async (world) => ({
    path: `/tokens/${(await world.token()).id}/rotate`,
    body: { gracePeriodSeconds: 60, version: 0 },
  }),
  'GET /tokens/{id}/usage': async (world) => ({ path: `/tokens/${(await world.token()).id}/usage` }),
  'POST /tokens/bulk': async (world) => ({
    path: '/tokens/bulk',
    body: { action: 'disable', ids: [(await world.token()).id, 'unknown'] },
  }),

  'GET /roles': () => ({ path: '/roles' }),
  'POST /roles': () => ({
    path: '/roles',
    body: { name: `reader-${Date.now()}`, description: 'Reads', permissions: ['users:read', 'tokens:read'] },
  }),
  'GET /roles/{name}': () => ({ path: '/roles/auditor' }),
  'PATCH /roles/{name}': async (world) => ({
    path: `/roles/${(await world.role()).name}`,
    body: { description: 'Changed', permissions: [], version: 0 },
  }),
  'DELETE /roles/{name}': async (world) => ({ path: `/roles/${(await world.role()).name}` }),
  'GET /permissions': () => ({ path: '/permissions' }),

  'GET /audit-events': () => ({ path: '/audit-events?outcome=success&action=user_created' }),
  'GET /stats': () => ({ path: '/stats' }),
  'GET /settings': () => ({ path: '/settings' }),
  'GET /metrics': () => ({ path: '/metrics' }),
  'GET /openapi.json': () => ({ path: '/openapi.json', headers: {} }),
  'GET /docs': () => ({ path: '/docs', headers: {} }),
};
