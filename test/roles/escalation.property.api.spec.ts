import { describe, expect, it } from '@jest/globals';
import { BUILT_IN_PERMISSIONS } from '@latchkey/auth-models';
import fc from 'fast-check';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { timeout, runs } from '../support/unit/property-testing.js';
import { useAdmin, useServer } from '../support/use-server.js';

const OTHER_PASSWORD = 'another long enough password';
const PERMISSIONS = Object.keys(BUILT_IN_PERMISSIONS);

const server = useServer();
const asAdmin = useAdmin(server);

/** Abilities of credentials: permissions here, and roles at services behind a gateway. */
interface Reach {
  permissions: Set<string>;
  roles: Set<string>;
}

/** All users and tokens, and the secrets that one actor knows. */
interface World {
  roles: string[];
  /** The first one is the actor. */
  users: string[];
  tokenIds: string[];
  known: Headers[];
  /** Users whose password the actor knows. */
  opened: Set<string>;
}

const STEPS = [
  'grant',
  'grantInBulk',
  'createUser',
  'resetPassword',
  'setUp',
  'createToken',
  'createOwnToken',
  'rotate',
  'enableToken',
  'editRole',
  'createRole',
  'recreateRole',
  'recreateUser',
  'promoteByAdmin',
] as const;

const step = fc.record({
  kind: fc.constantFrom(...STEPS),
  user: fc.nat(),
  role: fc.nat(),
  token: fc.nat(),
  by: fc.nat(),
  permissions: fc.subarray(PERMISSIONS, { maxLength: 3 }),
  isLimited: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const scenario = fc.record({
  rolePermissions: fc.array(fc.subarray(PERMISSIONS), { minLength: 2, maxLength: 2 }),
  // Without these permissions most steps would fail.
  actorPermissions: fc
    .subarray(PERMISSIONS)
    .map((more) => [...new Set(['users:read', 'users:write', 'tokens:read', 'tokens:write', ...more])]),
  held: fc.array(fc.nat(2), { maxLength: 2 }),
  limit: fc.option(fc.subarray(PERMISSIONS, { minLength: 3 })),
  steps: fc.array(step, { minLength: 5, maxLength: 20, size: 'max' }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

const any = (headers: Headers): Headers => ({ ...headers, 'If-Match': '*' });
const pick = <T>(items: readonly T[], index: number): T => items[index % items.length] as T;

async function begin({ rolePermissions, actorPermissions, held, limit }: Scenario): Promise<World> {
  const roles: string[] = [];
  for (const permissions of [[], ...rolePermissions, actorPermissions]) {
    const { body } = await server.client.createRole(newRole({ permissions }), asAdmin);
    roles.push(body.name);
  }
  const own = [...new Set([pick(roles, 3), ...held.slice(0, 1).map((index) => pick(roles, index))])];
  const users: string[] = [];
  const tokenIds: string[] = [];
  for (const given of [own, ['user'], [pick(roles, 0)], [pick(roles, 1), pick(roles, 2)]]) {
    const { body } = await server.client.createUser(newUser({ roles: given }), asAdmin);
    users.push(body.name);
    tokenIds.push((await server.client.createUserToken(body.name, asAdmin, {})).body.id);
  }
  const actor = pick(users, 0);
  const session = await server.client.loginHeaders(actor, PASSWORD);
  const permissions = limit?.filter((name) => actorPermissions.includes(name));
  const known = permissions
    ? tokenHeader((await server.client.createUserToken(actor, session, { permissions })).body)
    : session;
  return { roles, users, tokenIds, known: [known], opened: new Set(permissions ? [] : [actor]) };
}

/** Collects the abilities of all known secrets at this time. */
async function reachOf(known: readonly Headers[]): Promise<Reach> {
  const reach: Reach = { permissions: new Set(), roles: new Set() };
  for (const headers of known) {
    const me = await server.client.me(headers);
    const verified = await server.client.verify(headers);
    if (me.status === 200) {
      me.body.permissions.forEach((name) => reach.permissions.add(name));
    }
    (verified.headers.get('x-auth-roles') ?? '')
      .split(',')
      .filter(Boolean)
      .forEach((name) => reach.roles.add(name));
  }
  return reach;
}

/** Attempts one step with one of the secrets that the actor knows. */
async function attempt(world: World, { kind, isLimited, permissions, ...index }: Step): Promise<void> {
  const { client } = server;
  const by = pick(world.known, index.by);
  const user = pick(world.users, index.user);
  const role = pick([...world.roles, 'user', 'admin', 'auditor'], index.role);
  const tokenId = pick(world.tokenIds, index.token);
  const logIn = async (name: string, password: string) => {
    const { status, body } = await client.login(name, password);
    if (status === 200) {
      world.known.push(tokenHeader(body));
      world.opened.add(name);
    }
  };
  /**
   * Adds the secret in a response to the known ones. Then an administrator promotes its user: the secret must
   * not gain by that.
   */
  const learn = async (answer: { status: number; body: { id: string; token?: string; user: string } }) => {
    if (answer.status < 300 && answer.body.token !== undefined) {
      world.known.push({ Authorization: `Bearer ${answer.body.token}` });
      world.tokenIds.push(answer.body.id);
      await promote(world, answer.body.user, role, true);
    }
  };
  switch (kind) {
    case 'grant': {
      const { body } = await client.user(user, asAdmin);
      await client.updateUser(user, { roles: [...new Set([...(body.roles ?? []), role])] }, any(by));
      return;
    }
    case 'grantInBulk':
      await client.bulkUsers({ action: 'addRole', role, ids: [user] }, by);
      return;
    case 'createUser': {
      const { status, body } = await client.createUser(newUser({ roles: [role] }), by);
      if (status === 201) {
        world.users.push(body.name);
        await logIn(body.name, PASSWORD);
      }
      return;
    }
    case 'resetPassword':
      if ((await client.resetPassword(user, { password: OTHER_PASSWORD }, by)).status === 204) {
        await logIn(user, OTHER_PASSWORD);
      }
      return;
    case 'setUp': {
      const { status, body } = await client.createSetUpLink(user, by);
      if (status === 201) {
        // If the user is promoted in the meantime, the link must be useless.
        await promote(world, user, role, isLimited);
        const secret = body.link.split('#')[1] ?? '';
        if ((await client.setUp({ secret, password: OTHER_PASSWORD })).status === 204) {
          await logIn(user, OTHER_PASSWORD);
        }
      }
      return;
    }
    case 'createToken':
      await learn(await client.createUserToken(user, by, isLimited ? { permissions } : {}));
      return;
    case 'createOwnToken':
      await learn(await client.createMyToken(by, isLimited ? { permissions } : {}));
      return;
    case 'rotate':
      await learn(await client.rotateToken(tokenId, by));
      return;
    case 'enableToken':
      await client.updateToken(tokenId, { enabled: isLimited }, any(by));
      return;
    case 'editRole':
      await client.updateRole(role, { permissions }, any(by));
      return;
    case 'createRole': {
      const { status, body } = await client.createRole(newRole({ permissions }), by);
      if (status === 201) {
        world.roles.push(body.name);
      }
      return;
    }
    case 'recreateRole':
      if ((await client.deleteRole(role, by)).status === 204) {
        await client.createRole({ name: role, permissions }, by);
      }
      return;
    case 'recreateUser':
      if (user !== world.users[0] && (await client.deleteUser(user, by)).status === 204) {
        await client.createUser({ name: user, password: PASSWORD, roles: [role] }, by);
        await logIn(user, PASSWORD);
      }
      return;
    case 'promoteByAdmin':
      await promote(world, user, role, true);
  }
}

/**
 * Grants a role, as an administrator, to a user whose password the actor does not know. With the password
 * nothing could limit the actor's gain.
 */
async function promote(world: World, user: string, role: string, isWanted: boolean): Promise<void> {
  if (isWanted && user !== world.users[0] && !world.opened.has(user)) {
    const { body } = await server.client.user(user, asAdmin);
    await server.client.updateUser(
      user,
      { roles: [...new Set([...(body.roles ?? []), role])] },
      any(asAdmin),
    );
  }
}

// Covers B15, B16 in docs/explanation/security.md.
describe('an actor with random permissions', () => {
  it(
    'never gains a permission or role that neither it nor a user it may act for held',
    async () => {
      await fc.assert(
        fc.asyncProperty(scenario, async (all) => {
          const world = await begin(all);
          const bound = await reachOf(world.known);
          for (const one of all.steps) {
            await attempt(world, one);

            const { permissions, roles } = await reachOf(world.known);
            expect([...permissions].filter((name) => !bound.permissions.has(name))).toEqual([]);
            // With roles:write every role without permissions above the actor's can be granted.
            if (!bound.permissions.has('roles:write')) {
              expect([...roles].filter((name) => name !== 'user' && !bound.roles.has(name))).toEqual([]);
            }
          }
        }),
        runs(6),
      );
    },
    timeout(180_000),
  );
});
