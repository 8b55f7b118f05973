import { ADMIN, newUser, PASSWORD } from '../../support/factories.js';
import { type Example } from './examples.js';
import { TEMPLATE, type Fixtures } from './fixtures.js';

/** Request that conflicts with the current state. */
interface Conflict {
  route: string;
  /** Expected `code` of the problem. */
  code: string;
  example: (fixtures: Fixtures) => Example | Promise<Example>;
}

const ANY_VERSION = { 'If-Match': '*' };

/** Operations that conflict only with concurrent requests, which other tests cover. */
export const CONCURRENT_CONFLICTS = ['POST /users/import', 'PUT /me/password'];

/** All documented conflicts, except stale versions of merge patches. */
export const CONFLICTS: readonly Conflict[] = [
  {
    route: 'POST /users',
    code: 'name_taken',
    example: () => ({ path: '/users', body: newUser({ name: ADMIN.name }) }),
  },
  {
    route: 'PATCH /users/{name}',
    code: 'last_administrator',
    example: ({ asAdmin }) => ({
      path: `/users/${ADMIN.name}`,
      body: { enabled: false },
      headers: { ...asAdmin, ...ANY_VERSION },
    }),
  },
  {
    route: 'DELETE /users/{name}',
    code: 'last_administrator',
    example: () => ({ path: `/users/${ADMIN.name}` }),
  },
  {
    route: 'POST /users/{name}/tokens',
    code: 'token_limit',
    example: async (fixtures) => ({ path: `/users/${await fixtures.userAtTokenLimit()}/tokens`, body: {} }),
  },
  {
    route: 'POST /users/{name}/offers',
    code: 'offer_limit',
    example: async (fixtures) => ({
      path: `/users/${await fixtures.userAtOfferLimit()}/offers`,
      body: {},
    }),
  },
  {
    route: 'DELETE /offers/{id}',
    code: 'offer_claimed',
    example: async (fixtures) => ({ path: `/offers/${(await fixtures.claimedOffer()).id}` }),
  },
  {
    route: 'POST /auth/claims',
    code: 'offer_claimed',
    example: async (fixtures) => ({
      path: '/auth/claims',
      body: { secret: (await fixtures.claimedOffer()).secret },
      headers: {},
    }),
  },
  {
    route: 'POST /me/tokens',
    code: 'token_limit',
    example: async (fixtures) => ({
      path: '/me/tokens',
      body: {},
      headers: await fixtures.client.loginHeaders(await fixtures.userAtTokenLimit(), PASSWORD),
    }),
  },
  {
    route: 'POST /users/bulk',
    code: 'count_grown',
    example: async (fixtures) => ({
      path: '/users/bulk',
      body: { action: 'disable', filter: { q: (await fixtures.user()).name }, expectedCount: 0 },
    }),
  },
  {
    route: 'POST /tokens/bulk',
    code: 'count_grown',
    example: async (fixtures) => ({
      path: '/tokens/bulk',
      body: { action: 'disable', filter: { q: (await fixtures.token()).note }, expectedCount: 0 },
    }),
  },
  {
    route: 'PATCH /tokens/{id}',
    code: 'conflict',
    example: async (fixtures) => ({
      path: `/tokens/${await fixtures.revokedToken()}`,
      body: { enabled: false },
      headers: { ...fixtures.asAdmin, ...ANY_VERSION },
    }),
  },
  {
    route: 'POST /tokens/{id}/rotate',
    code: 'conflict',
    example: async (fixtures) => ({ path: `/tokens/${await fixtures.revokedToken()}/rotate`, body: {} }),
  },
  {
    route: 'POST /tokens/{id}/rotate',
    code: 'conflict',
    example: async (fixtures) => ({
      path: `/tokens/${(await fixtures.token()).id}/rotate`,
      body: { version: 99 },
    }),
  },
  {
    route: 'POST /roles',
    code: 'name_taken',
    example: () => ({ path: '/roles', body: { name: 'auditor' } }),
  },
  {
    route: 'PATCH /roles/{name}',
    code: 'role_built_in',
    example: ({ asAdmin }) => ({
      path: '/roles/auditor',
      body: { description: 'Changed' },
      headers: { ...asAdmin, ...ANY_VERSION },
    }),
  },
  { route: 'DELETE /roles/{name}', code: 'role_built_in', example: () => ({ path: '/roles/auditor' }) },
  {
    route: 'DELETE /roles/{name}',
    code: 'role_in_use',
    example: async (fixtures) => ({ path: `/roles/${await fixtures.assignedRole()}` }),
  },
  {
    route: 'POST /token-templates',
    code: 'name_taken',
    example: () => ({ path: '/token-templates', body: { name: TEMPLATE, expiresIn: 60 } }),
  },
  {
    route: 'PATCH /token-templates/{name}',
    code: 'conflict',
    example: async (fixtures) => ({
      path: `/token-templates/${await fixtures.tokenTemplate()}`,
      body: { version: 99 },
    }),
  },
  {
    route: 'POST /me/offers',
    code: 'offer_limit',
    example: async (fixtures) => ({
      path: '/me/offers',
      headers: await fixtures.userAtRequestedOfferLimit(),
      body: { template: TEMPLATE },
    }),
  },
  {
    route: 'DELETE /me/offers/{id}',
    code: 'conflict',
    example: async (fixtures) => {
      const { id, headers } = await fixtures.decidedOffer('reject');
      return { path: `/me/offers/${id}`, headers };
    },
  },
  {
    route: 'POST /me/offers/{id}/claim',
    code: 'conflict',
    example: async (fixtures) => {
      const { id, headers } = await fixtures.requestedOffer();
      return { path: `/me/offers/${id}/claim`, headers };
    },
  },
  {
    route: 'POST /offers/{id}/approve',
    code: 'conflict',
    example: async (fixtures) => ({
      path: `/offers/${(await fixtures.decidedOffer('reject')).id}/approve`,
      body: {},
    }),
  },
  {
    route: 'POST /offers/{id}/reject',
    code: 'conflict',
    example: async (fixtures) => ({
      path: `/offers/${(await fixtures.decidedOffer('reject')).id}/reject`,
      body: {},
    }),
  },
  {
    route: 'POST /apis',
    code: 'name_taken',
    example: async (fixtures) => ({ path: '/apis', body: { name: (await fixtures.api()).name } }),
  },
  {
    route: 'PATCH /apis/{name}',
    code: 'api_built_in',
    example: ({ asAdmin }) => ({
      path: '/apis/users',
      body: { description: 'Changed' },
      headers: { ...asAdmin, ...ANY_VERSION },
    }),
  },
  {
    route: 'PATCH /apis/{name}',
    code: 'permission_in_use',
    example: async (fixtures) => ({
      path: `/apis/${await fixtures.usedApi()}`,
      body: { permissions: [] },
      headers: { ...fixtures.asAdmin, ...ANY_VERSION },
    }),
  },
  { route: 'DELETE /apis/{name}', code: 'api_built_in', example: () => ({ path: '/apis/users' }) },
  {
    route: 'DELETE /apis/{name}',
    code: 'permission_in_use',
    example: async (fixtures) => ({ path: `/apis/${await fixtures.usedApi()}` }),
  },
];
