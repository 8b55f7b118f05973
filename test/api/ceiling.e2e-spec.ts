import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { tokenHeader, type Answer, type Headers } from '../support/api-client.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

const OTHER = 'another long enough password';

const server = useServer();
const asAdmin = useAdmin(server);

/** Delegated: may read and change users and tokens, and nothing else. */
let delegatedRole: string;
/** A role above theirs. */
let aboveRole: string;
let asDelegated: Headers;

beforeAll(async () => {
  delegatedRole = await makeRole(['users:read', 'users:write', 'tokens:read', 'tokens:write']);
  aboveRole = await makeRole(['users:read', 'audit:read']);
  asDelegated = await logInWith([delegatedRole]);
});

async function makeRole(permissions: string[]): Promise<string> {
  const role = newRole({ permissions });
  expect((await server.client.createRole(role, asAdmin)).status).toBe(201);
  return role.name;
}

async function makeUser(roles: string[], change = {}): Promise<string> {
  const user = newUser({ roles, ...change });
  expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
  return user.name;
}

async function logInWith(roles: string[]): Promise<Headers> {
  return server.client.loginHeaders(await makeUser(roles), PASSWORD);
}

const read = async (name: string) => (await server.client.user(name, asAdmin)).body;

/** Every act on a user that the ceiling covers. */
const ACTS: [string, (name: string, as: Headers) => Promise<Answer<ProblemDto>>][] = [
  ['set their password', (name, as) => server.client.resetPassword(name, { password: OTHER }, as)],
  ['make their set-up link', (name, as) => server.client.makeSetUpLink(name, as)],
  ['make a token of theirs', (name, as) => server.client.createUserToken(name, as, {})],
  ['take their roles', (name, as) => server.client.updateUser(name, { roles: [] }, any(as))],
  ['change their roles', (name, as) => server.client.updateUser(name, { roles: [delegatedRole] }, any(as))],
  ['disable them', (name, as) => server.client.updateUser(name, { enabled: false }, any(as))],
  ['delete them', (name, as) => server.client.deleteUser(name, as)],
];

const BULK_ACTIONS = [
  { action: 'disable' },
  { action: 'delete' },
  { action: 'addRole', role: 'user' },
  { action: 'removeRole', role: 'admin' },
] as const;

const any = (headers: Headers) => ({ ...headers, 'If-Match': '*' });

describe('B16 ceilings: somebody with users:write and tokens:write only', () => {
  describe.each([
    ['the administrator', () => Promise.resolve(ADMIN.name)],
    ['another administrator', () => makeUser(['admin'])],
    ['a service that is administrator', () => makeUser(['admin'], { kind: 'service', password: undefined })],
    ['an auditor', () => makeUser(['auditor'])],
    ['somebody with one permission more', () => makeUser(['user', aboveRole])],
    ['somebody above them by one of two roles', () => makeUser([delegatedRole, aboveRole])],
  ])('and %s', (_, make) => {
    let name: string;

    beforeAll(async () => {
      name = await make();
    });

    it.each(ACTS)('returns 403 to %s, and changes nothing', async (_act, act) => {
      const before = await read(name);

      const { status, body } = await act(name, asDelegated);

      expect([status, body.code]).toEqual([403, 'above_your_permissions']);
      expect(await read(name)).toEqual(before);
    });

    it('returns 403 to rotate a token of theirs, whose secret stays good', async () => {
      const { body: token } = await server.client.createUserToken(name, asAdmin, {});

      const { status, body } = await server.client.rotateToken(token.id, asDelegated);

      expect([status, body.code]).toEqual([403, 'above_your_permissions']);
      expect((await server.client.verify(tokenHeader(token))).status).toBe(200);
    });
  });

  it.each(BULK_ACTIONS)('is refused each of these in bulk, and is not the others: %j', async (action) => {
    await server.client.createRole({ name: 'label' }, asAdmin);
    const below = await makeUser([]);
    const above = [ADMIN.name, await makeUser(['admin', 'auditor']), await makeUser([aboveRole, 'admin'])];
    const before = await Promise.all(above.map(read));

    const { status, body } = await server.client.bulkUsers(
      { ...action, ids: [...above, below] },
      asDelegated,
    );

    expect(status).toBe(200);
    expect(body.results.slice(0, 3)).toEqual(
      above.map((id) => ({ id, status: 403, code: 'above_your_permissions' })),
    );
    expect(body.results[3]?.code).toBeUndefined();
    expect(await Promise.all(above.map(read))).toEqual(before);
  });

  it('is refused to enable a disabled administrator', async () => {
    const name = await makeUser(['admin'], { enabled: false });

    const single = await server.client.updateUser(name, { enabled: true }, any(asDelegated));
    const bulk = await server.client.bulkUsers({ action: 'enable', ids: [name] }, asDelegated);

    expect([single.status, bulk.body.results[0]?.status]).toEqual([403, 403]);
    expect((await read(name)).enabled).toBe(false);
  });

  it('gives nobody a role above themselves, singly, in bulk, to a new user or to themselves', async () => {
    const below = await makeUser([]);
    const self = (await server.client.me(asDelegated)).body.name;
    const grants = [
      await server.client.createUser(newUser({ roles: [aboveRole] }), asDelegated),
      await server.client.updateUser(below, { roles: [aboveRole] }, any(asDelegated)),
      await server.client.updateUser(self, { roles: [delegatedRole, 'admin'] }, any(asDelegated)),
      await server.client.bulkUsers({ action: 'addRole', role: 'admin', ids: [below, self] }, asDelegated),
      await server.client.bulkUsers({ action: 'addRole', role: aboveRole, ids: [below] }, asDelegated),
    ];

    expect(grants.map(({ status, body }) => [status, body.code])).toEqual(
      grants.map(() => [403, 'above_your_permissions']),
    );
    expect([(await read(below)).roles, (await read(self)).roles]).toEqual([[], [delegatedRole]]);
  });

  it('may do all of it to who holds no more than they do', async () => {
    const statuses = [];
    for (const [, act] of ACTS) {
      statuses.push((await act(await makeUser([delegatedRole]), asDelegated)).status);
    }

    expect(statuses).toEqual([204, 201, 201, 200, 200, 200, 204]);
  });

  it('may rotate a token of who holds no more than they do', async () => {
    const { body } = await server.client.createUserToken(await makeUser([delegatedRole]), asAdmin, {});

    expect((await server.client.rotateToken(body.id, asDelegated)).status).toBe(200);
  });

  it('may change a name and an e-mail address of anybody, which gives no way in', async () => {
    const { status } = await server.client.updateUser(
      await makeUser(['admin']),
      { displayName: 'Anne', roles: ['admin'], enabled: true },
      any(asDelegated),
    );

    expect(status).toBe(200);
  });

  it('may end the tokens of anybody', async () => {
    const name = await makeUser(['admin']);
    const asOther = await server.client.loginHeaders(name, PASSWORD);

    const { body } = await server.client.bulkUsers({ action: 'revokeTokens', ids: [name] }, asDelegated);

    expect(body.results).toEqual([{ id: name, status: 204 }]);
    expect((await server.client.me(asOther)).status).toBe(401);
  });
});

describe('B16 ceilings: an administrator with a token that is narrowed', () => {
  let asNarrowed: Headers;

  beforeEach(async () => {
    const { body } = await server.client.createMyToken(asAdmin, {
      permissions: ['users:read', 'users:write', 'tokens:write'],
    });
    asNarrowed = { Authorization: `Bearer ${body.token}` };
  });

  it.each(ACTS)('is refused to %s of another administrator', async (_, act) => {
    const { status, body } = await act(await makeUser(['admin']), asNarrowed);

    expect([status, body.code]).toEqual([403, 'above_your_permissions']);
  });

  it('is refused to act on themselves', async () => {
    const { status } = await server.client.resetPassword(ADMIN.name, { password: OTHER }, asNarrowed);

    expect(status).toBe(403);
  });
});

describe('errors', () => {
  it('come in order: no such user, then above, then a stale version', async () => {
    const name = await makeUser(['admin']);
    const nobody = await server.client.deleteUser('nobody', { ...asDelegated, 'If-Match': '"7"' });
    const above = await server.client.deleteUser(name, { ...asDelegated, 'If-Match': '"7"' });
    const stale = await server.client.deleteUser(name, { ...asAdmin, 'If-Match': '"7"' });

    expect([nobody.status, above.status, stale.status]).toEqual([404, 403, 412]);
  });

  it('tell what is missing', async () => {
    const { body } = await server.client.deleteUser(await makeUser([aboveRole]), asDelegated);

    expect(body.detail).toContain('audit:read');
    expect(body.detail).not.toContain('users:read');
  });
});
