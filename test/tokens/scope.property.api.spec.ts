import { describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import fc from 'fast-check';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { IS_DEEP } from '../support/deep.js';
import { newApi, newRole, newUser, PASSWORD } from '../support/factories.js';
import { timeout, runs } from '../support/unit/property-testing.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

/** Permissions of the server that let users act for others. */
const MANAGING = ['users:read', 'users:write', 'tokens:read', 'tokens:write'];

/** Requested permissions and roles, as indexes. */
const requested = fc.record(
  {
    permissions: fc.subarray([0, 1, 2, 3, 4, 5], { maxLength: 3 }),
    roles: fc.subarray([0, 1, 2], { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

const STEPS = [
  'create',
  'create',
  'createForOther',
  'createForOther',
  'logIn',
  'patch',
  'patch',
  'rotate',
  'editRole',
  'grant',
  'withdraw',
  'bulkGrant',
  'bulkWithdraw',
  'bulkTokens',
  'recreatePermission',
  'recreateRole',
] as const;

const step = fc.record({
  kind: fc.constantFrom(...STEPS),
  by: fc.nat(),
  token: fc.nat(),
  role: fc.nat(),
  permission: fc.nat(),
  requested,
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const scenario = fc.record({
  rolePermissions: fc.array(fc.subarray([0, 1, 2, 3, 4, 5]), { minLength: 3, maxLength: 3 }),
  ownRoles: fc.subarray([0, 1, 2], { minLength: 1 }),
  managerRoles: fc.subarray([0, 1, 2]),
  // Without the last two the manager cannot act for most users.
  managing: fc
    .constantFrom([], ['apis:write'], ['apis:write', 'roles:write'])
    .map((more) => [...MANAGING, ...more]),
  steps: fc.array(step, { minLength: 12, maxLength: 24, size: 'max' }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

/**
 * Whether a limit allows permissions and roles. Depends on what the roles grant at the time of the question.
 */
interface Limit {
  permission: (name: string) => boolean;
  role: (name: string) => boolean;
}

const UNLIMITED: Limit = { permission: () => true, role: () => true };

const both = (one: Limit, other: Limit): Limit => ({
  permission: (name) => one.permission(name) && other.permission(name),
  role: (name) => one.role(name) && other.role(name),
});

const either = (one: Limit, other: Limit): Limit => ({
  permission: (name) => one.permission(name) || other.permission(name),
  role: (name) => one.role(name) || other.role(name),
});

/** Token whose secret the test knows, with the limits that the documentation promises. */
interface Known {
  id: string;
  owner: string;
  parent: Known | undefined;
  headers: Headers;
  /** Most that it may convey now. */
  now: Limit;
  /** Most that others may widen it to. */
  most: Limit;
}

const any = (headers: Headers): Headers => ({ ...headers, 'If-Match': '*' });
const pick = <T>(items: readonly T[], index: number): T => items[index % items.length] as T;

/** Numbers of successful steps, so that the property cannot hold because nothing succeeds. */
const successes = { create: 0, createForOther: 0, patch: 0, rotate: 0, conveyed: 0 };

/** Users, roles and known tokens, with an independent model of what they may do. */
class World {
  readonly permissions: string[] = [];
  readonly roles: string[] = [];
  readonly granted = new Map<string, Set<string>>();
  readonly held = new Map<string, Set<string>>();
  readonly known: Known[] = [];
  private apis: ReturnType<typeof newApi>[] = [];
  /** Permissions and roles that limits name. A deleted name leaves them all. */
  private readonly named: Set<string>[] = [];

  static async create(begin: Scenario): Promise<World> {
    const world = new World();
    await world.addRoles(begin);
    const managing = newRole({ permissions: begin.managing });
    await server.client.createRole(managing, asAdmin);
    world.granted.set(managing.name, new Set(begin.managing));
    await world.addUser(begin.ownRoles.map((index) => pick(world.roles, index)));
    await world.addUser([managing.name, ...begin.managerRoles.map((index) => pick(world.roles, index))]);
    return world;
  }

  get users(): string[] {
    return [...this.held.keys()];
  }

  /** Checks each known token against the model. */
  async check(): Promise<void> {
    for (const { owner, headers, now } of this.known) {
      const { status, headers: shown } = await server.client.verify(headers);
      if (status !== 200) {
        continue;
      }
      const list = (name: string, separator: string) =>
        (shown.get(name) ?? '').split(separator).filter(Boolean);
      const permissions = list('x-auth-permissions', ' ');
      const roles = list('x-auth-roles', ',');
      const { body } = await server.client.me(headers);
      expect([...body.permissions].sort()).toEqual([...permissions].sort());
      expect(permissions.filter((name) => !this.holds(owner, name) || !now.permission(name))).toEqual([]);
      expect(roles.filter((name) => !this.held.get(owner)?.has(name) || !now.role(name))).toEqual([]);
      successes.conveyed += permissions.length;
    }
  }

  async attempt({ kind, by: byIndex, ...step }: Step): Promise<void> {
    const { client } = server;
    const by = pick(this.known, byIndex);
    const token = pick(this.known, step.token);
    const role = pick(this.roles, step.role);
    const user = kind === 'create' ? by.owner : kind === 'patch' ? token.owner : pick(this.users, step.role);
    const body = this.requested(step, user);
    switch (kind) {
      case 'create':
        successes.create += this.learn(by, by.owner, body, await client.createMyToken(by.headers, body));
        return;
      case 'createForOther': {
        // The second user is the manager.
        const one = this.tokenOf(this.users[1] ?? '', byIndex);
        const bound = await this.delegable(one, user);
        const response = await client.createUserToken(user, one.headers, body);
        successes.createForOther += this.learn(one, user, body, response, bound);
        return;
      }
      case 'logIn': {
        const { status, body: session } = await client.login(user, PASSWORD, { body });
        if (status === 200) {
          // The user, who knows the password, can delegate everything.
          const now = this.limitOf(body);
          const headers = tokenHeader(session);
          this.known.push({ id: session.id, owner: user, parent: undefined, headers, now, most: UNLIMITED });
        }
        return;
      }
      case 'patch':
        await this.patch(token, byIndex % 4 === 0 ? undefined : by, body);
        return;
      case 'rotate': {
        const one = step.permission % 2 === 0 ? this.tokenOf(token.owner, byIndex) : by;
        const bound = await this.delegable(one, token.owner);
        const { status, body: rotated } = await client.rotateToken(token.id, one.headers);
        if (status === 200) {
          token.headers = tokenHeader(rotated);
          token.now = both(token.now, bound);
          token.most = both(token.most, bound);
          successes.rotate += 1;
        }
        return;
      }
      case 'editRole': {
        const permissions = body.permissions ?? [];
        if ((await client.updateRole(role, { permissions }, any(asAdmin))).status === 200) {
          this.granted.set(role, new Set(permissions));
        }
        return;
      }
      case 'grant':
      case 'withdraw': {
        const roles = new Set(this.held.get(user));
        roles[kind === 'grant' ? 'add' : 'delete'](role);
        expect((await client.updateUser(user, { roles: [...roles] }, any(asAdmin))).status).toBe(200);
        this.held.set(user, roles);
        return;
      }
      case 'bulkGrant':
      case 'bulkWithdraw': {
        const action = kind === 'bulkGrant' ? 'addRole' : 'removeRole';
        expect((await client.bulkUsers({ action, role, ids: [user] }, asAdmin)).status).toBe(200);
        this.held.get(user)?.[kind === 'bulkGrant' ? 'add' : 'delete'](role);
        return;
      }
      case 'bulkTokens':
        await client.bulkTokens({ action: 'disable', ids: [token.id] }, by.headers);
        await client.bulkTokens({ action: 'enable', ids: [token.id] }, by.headers);
        return;
      case 'recreatePermission':
        await this.recreatePermission(pick(this.permissions, step.permission));
        return;
      case 'recreateRole':
        await this.recreateRole(role, body.permissions ?? []);
    }
  }

  /** Changes the scope of a token, by another one or as an administrator. */
  private async patch(
    token: Known,
    by: Known | undefined,
    body: { permissions?: string[]; roles?: string[] },
  ): Promise<void> {
    const bound = by ? await this.delegable(by, token.owner) : UNLIMITED;
    const { body: shown } = await server.client.token(token.id, asAdmin);
    const { status } = await server.client.updateToken(token.id, body, any(by ? by.headers : asAdmin));
    if (status !== 200 || (body.permissions === undefined && body.roles === undefined)) {
      return;
    }
    const { permissions = shown.permissions, roles = shown.roles } = body;
    const widest = by === token ? token.now : either(token.now, both(token.most, bound));
    token.now = both(this.limitOf({ permissions, roles }), widest);
    for (const below of this.known.filter((other) => isBelow(other, token))) {
      below.now = both(below.now, token.now);
      below.most = both(below.most, token.now);
    }
    successes.patch += 1;
  }

  /** Deletes a permission from its API, the roles and the tokens, and registers it again. */
  private async recreatePermission(permission: string): Promise<void> {
    const api = this.apis.find(({ permissions }) => permissions.some(({ name }) => name === permission));
    const others = api?.permissions.filter(({ name }) => name !== permission) ?? [];
    const update = (permissions: typeof others) =>
      server.client.updateApi(api?.name ?? '', { permissions }, any(asAdmin), '?force=true');
    expect((await update(others)).status).toBe(200);
    expect((await update(api?.permissions ?? [])).status).toBe(200);
    [...this.granted.values(), ...this.named].forEach((names) => names.delete(permission));
  }

  /** Deletes a role, creates another one of its name, and grants that to its former holders. */
  private async recreateRole(name: string, permissions: string[]): Promise<void> {
    const { client } = server;
    const holders = this.users.filter((user) => this.held.get(user)?.has(name));
    const setRoles = (user: string, roles: string[]) => client.updateUser(user, { roles }, any(asAdmin));
    for (const user of holders) {
      const others = [...(this.held.get(user) ?? [])].filter((role) => role !== name);
      expect((await setRoles(user, others)).status).toBe(200);
    }
    expect((await client.deleteRole(name, asAdmin)).status).toBe(204);
    this.named.forEach((names) => names.delete(name));
    expect((await client.createRole({ name, permissions }, asAdmin)).status).toBe(201);
    this.granted.set(name, new Set(permissions));
    for (const user of holders) {
      expect((await setRoles(user, [...(this.held.get(user) ?? [])])).status).toBe(200);
    }
  }

  /** Returns names that a limit keeps as long as they are not deleted. */
  private track(names: Iterable<string>): ReadonlySet<string> {
    const tracked = new Set(names);
    this.named.push(tracked);
    return tracked;
  }

  /** Adds the token of a response to the known ones. Returns 1 if there is one. */
  private learn(
    by: Known,
    owner: string,
    body: { permissions?: string[]; roles?: string[] },
    { status, body: token }: { status: number; body: UserTokenDto },
    most: Limit = by.now,
  ): number {
    if (status !== 201) {
      return 0;
    }
    const now = both(most, this.limitOf(body));
    this.known.push({ id: token.id, owner, parent: by, headers: tokenHeader(token), now, most });
    return 1;
  }

  /** Returns the most that a token can delegate to a user, at this time. */
  private async delegable(by: Known, user: string): Promise<Limit> {
    if (by.owner === user) {
      return by.now;
    }
    const { body, status } = await server.client.me(by.headers);
    if (status !== 200) {
      return { permission: () => false, role: () => false };
    }
    const grantsApis = body.permissions.includes('apis:write');
    const ofUser = this.permissions.filter((name) => grantsApis && this.holds(user, name));
    const rolesOfUser = body.permissions.includes('roles:write') ? (this.held.get(user) ?? []) : [];
    const permissions = this.track([...body.permissions, ...ofUser]);
    const roles = this.track([...body.roles, 'user', ...rolesOfUser]);
    return { permission: (name) => permissions.has(name), role: (name) => roles.has(name) };
  }

  /** Returns the limit of requested permissions and roles, as docs/guides/tokens.md explains it. */
  private limitOf({ permissions, roles }: { permissions?: string[]; roles?: string[] }): Limit {
    const [named, namedRoles] = [permissions && this.track(permissions), roles && this.track(roles)];
    const ofRoles = (name: string) =>
      [...(namedRoles ?? [])].some((role) => this.granted.get(role)?.has(name));
    return {
      permission: (name) => named?.has(name) ?? (roles === undefined || ofRoles(name)),
      role: (name) => namedRoles?.has(name) ?? permissions === undefined,
    };
  }

  private tokenOf(owner: string, index: number): Known {
    return pick(
      this.known.filter((known) => known.owner === owner),
      index,
    );
  }

  private holds(user: string, permission: string): boolean {
    return [...(this.held.get(user) ?? [])].some((role) => this.granted.get(role)?.has(permission));
  }

  /**
   * Returns what a step requests for a user. Half of the steps request only what the user holds, because
   * others fail.
   */
  private requested(
    { requested: { permissions, roles }, permission }: Omit<Step, 'kind' | 'by'>,
    user: string,
  ): { permissions?: string[]; roles?: string[] } {
    const isPossible = permission % 2 === 0;
    const names = permissions?.map((index) => pick(this.permissions, index));
    const roleNames = roles?.map((index) => pick(this.roles, index));
    return {
      ...(names && { permissions: names.filter((name) => !isPossible || this.holds(user, name)) }),
      ...(roleNames && { roles: roleNames.filter((name) => !isPossible || this.held.get(user)?.has(name)) }),
    };
  }

  private async addRoles({ rolePermissions }: Scenario): Promise<void> {
    this.apis = [newApi('a', 'b', 'c'), newApi('d', 'e', 'f')];
    for (const api of this.apis) {
      expect((await server.client.createApi(api, asAdmin)).status).toBe(201);
      this.permissions.push(...api.permissions.map(({ name }) => name));
    }
    for (const indexes of rolePermissions) {
      const role = newRole({ permissions: indexes.map((index) => pick(this.permissions, index)) });
      expect((await server.client.createRole(role, asAdmin)).status).toBe(201);
      this.roles.push(role.name);
      this.granted.set(role.name, new Set(role.permissions));
    }
  }

  private async addUser(roles: string[]): Promise<void> {
    const user = newUser({ roles });
    expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
    this.held.set(user.name, new Set(roles));
    const { body } = await server.client.login(user.name, PASSWORD);
    const all = { now: UNLIMITED, most: UNLIMITED };
    this.known.push({
      id: body.id,
      owner: user.name,
      parent: undefined,
      headers: tokenHeader(body),
      ...all,
    });
  }
}

/** Whether a token was created with another one, directly or not. */
function isBelow({ parent }: Known, token: Known): boolean {
  return parent !== undefined && (parent === token || isBelow(parent, token));
}

// Covers B15, B16 in docs/explanation/security.md.
describe('tokens with random scopes', () => {
  it(
    'convey no more than their users hold and their creators and scopes allow, after any changes',
    async () => {
      await fc.assert(
        fc.asyncProperty(scenario, async (all) => {
          const world = await World.create(all);
          for (const one of all.steps) {
            await world.attempt(one);
            await world.check();
          }
        }),
        // Time enough to print a counterexample, if not the smallest one.
        {
          ...runs(IS_DEEP ? 14 : 8),
          interruptAfterTimeLimit: timeout(IS_DEEP ? 240_000 : 120_000),
          markInterruptAsFailure: true,
        },
      );
      expect(Object.entries(successes).filter(([, count]) => count < 3)).toEqual([]);
    },
    timeout(IS_DEEP ? 360_000 : 180_000),
  );
});
