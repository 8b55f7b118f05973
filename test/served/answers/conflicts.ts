import { ADMIN, newUser, PASSWORD } from '../../support/factories.js';
import { type Example } from './examples.js';
import { type World } from './world.js';

/** A request that what is there already does not allow. */
interface Conflict {
  route: string;
  /** The `code` of the refusal. */
  code: string;
  example: (world: World) => Example | Promise<Example>;
}

const ANY_VERSION = { 'If-Match': '*' };

/** Operations whose only conflicts come of somebody else's request at the same moment; tests of races have those. */
export const CONFLICTS_OF_RACES = ['PUT /me/password'];

/** Every conflict that an operation is documented with, but for stale versions of patches. */
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
    example: async (world) => ({ path: `/users/${await world.userWithAllTokens()}/tokens`, body: {} }),
  },
  {
    route: 'POST /me/tokens',
    code: 'token_limit',
    example: async (world) => ({
      path: '/me/tokens',
      body: {},
      headers: await world.client.loginHeaders(await world.userWithAllTokens(), PASSWORD),
    }),
  },
  {
    route: 'POST /users/bulk',
    code: 'count_grown',
    example: async (world) => ({
      path: '/users/bulk',
      body: { action: 'disable', filter: { q: (await world.user()).name }, expectedCount: 0 },
    }),
  },
  {
    route: 'POST /tokens/bulk',
    code: 'count_grown',
    example: async (world) => ({
      path: '/tokens/bulk',
      body: { action: 'disable', filter: { q: (await world.token()).note }, expectedCount: 0 },
    }),
  },
  {
    route: 'PATCH /tokens/{id}',
    code: 'conflict',
    example: async (world) => ({
      path: `/tokens/${await world.endedToken()}`,
      body: { enabled: false },
      headers: { ...world.asAdmin, ...ANY_VERSION },
    }),
  },
  {
    route: 'POST /tokens/{id}/rotate',
    code: 'conflict',
    example: async (world) => ({ path: `/tokens/${await world.endedToken()}/rotate`, body: {} }),
  },
  {
    route: 'POST /tokens/{id}/rotate',
    code: 'conflict',
    example: async (world) => ({ path: `/tokens/${(await world.token()).id}/rotate`, body: { version: 99 } }),
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
    example: async (world) => ({ path: `/roles/${await world.heldRole()}` }),
  },
];
