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
/** A role without permissions, which services behind a gateway read. */
let labelRole: string;
/** A role with the same permissions as theirs. */
let twinRole: string;
let asDelegated: Headers;

beforeAll(async () => {
  delegatedRole = await makeRole(['users:read', 'users:write', 'tokens:read', 'tokens:write']);
  aboveRole = await makeRole(['users:read', 'audit:read']);
  labelRole = await makeRole([]);
  twinRole = await makeRole(['users:read', 'users:write', 'tokens:read', 'tokens:write']);
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
  ['lift their throttle', (name, as) => server.client.liftThrottle(name, as)],
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
    ['a holder of a label', () => makeUser(['user', labelRole])],
    ['a holder of another role with the same permissions', () => makeUser([twinRole])],
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

    expect(statuses).toEqual([204, 201, 201, 200, 200, 200, 204, 204]);
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

describe('a role that somebody does not hold', () => {
  const grantsOf = async (role: string, as: Headers): Promise<Answer<ProblemDto>[]> => {
    const { name } = (await server.client.me(as)).body;
    const { roles } = await read(name);
    return [
      await server.client.createUser(newUser({ roles: [role] }), as),
      await server.client.updateUser(await makeUser([]), { roles: [role] }, any(as)),
      await server.client.updateUser(name, { roles: [...new Set([...roles, role])] }, any(as)),
      await server.client.bulkUsers({ action: 'addRole', role, ids: [name] }, as),
    ];
  };
  const statusesOf = (answers: readonly Answer<ProblemDto>[]) => answers.map(({ status }) => status);

  it('cannot be granted with users:write alone, whatever it permits', async () => {
    const self = (await server.client.me(asDelegated)).body.name;

    const answers = [...(await grantsOf(labelRole, asDelegated)), ...(await grantsOf(twinRole, asDelegated))];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [403, 'above_your_permissions']),
    );
    expect(answers[0]?.body.detail).toContain(`the role ${labelRole}`);
    expect((await read(self)).roles).toEqual([delegatedRole]);
  });

  it.each([
    ['to whoever holds it', () => logInWith([delegatedRole, labelRole])],
    ['with roles:write', async () => logInWith([delegatedRole, await makeRole(['roles:write'])])],
    ['to an administrator', () => Promise.resolve(asAdmin)],
  ])('is open %s: to grant it, and to act on its holders', async (_, logIn) => {
    const as = await logIn();
    const statuses = [];
    for (const [, act] of ACTS.filter(([name]) => name !== 'change their roles')) {
      statuses.push((await act(await makeUser([labelRole]), as)).status);
    }

    expect(statuses).toEqual([204, 201, 201, 200, 200, 204, 204]);
    expect(statusesOf(await grantsOf(labelRole, as))).toEqual([201, 200, 200, 200]);
  });

  it('is not held by a token that is limited to permissions, even those of its holder', async () => {
    const session = await logInWith([delegatedRole, labelRole]);
    const { body } = await server.client.createMyToken(session, {
      permissions: ['users:read', 'users:write', 'tokens:read', 'tokens:write'],
    });
    const asLimited = tokenHeader(body);

    // The third sends the roles as they are, which changes nothing.
    expect(statusesOf(await grantsOf(labelRole, asLimited))).toEqual([403, 403, 200, 403]);
    expect(
      (await server.client.resetPassword(await makeUser([labelRole]), { password: OTHER }, asLimited)).status,
    ).toBe(403);
    // Nor does it make its owner's unlimited token work again, which conveys the role.
    const { body: whole } = await server.client.createMyToken(session, {});
    await server.client.updateToken(whole.id, { enabled: false }, any(session));
    expect((await server.client.updateToken(whole.id, { enabled: true }, any(asLimited))).status).toBe(403);
  });

  it('is free if it is the default role, which every user may hold', async () => {
    expect(statusesOf(await grantsOf('user', asDelegated))).toEqual([201, 200, 200, 200]);
  });
});

describe('a label that a user is granted later', () => {
  let user: string;
  const grant = async () => {
    const patch = { roles: ['user', labelRole] };
    expect((await server.client.updateUser(user, patch, any(asAdmin))).status).toBe(200);
  };
  const rolesAt = async (token: Parameters<typeof tokenHeader>[0]) =>
    (await server.client.verify(tokenHeader(token))).headers.get('x-auth-roles');

  beforeEach(async () => {
    user = await makeUser(['user']);
  });

  it.each([
    ['issued', {}],
    ['issued with permissions', { permissions: [] }],
  ])('is not conveyed by a token that somebody without it has %s', async (_, dto) => {
    const { body } = await server.client.createUserToken(user, asDelegated, dto);
    const { body: child } = await server.client.createMyToken(tokenHeader(body), {});
    await grant();

    expect([await rolesAt(body), await rolesAt(child)]).toEqual(['user', 'user']);
    expect((await server.client.verify(tokenHeader(body), `?role=${labelRole}`)).status).toBe(403);
    expect((await server.client.me(tokenHeader(body))).body.roles).toEqual(['user']);
  });

  it('is not conveyed by a token that somebody without it has rotated', async () => {
    const { body: own } = await server.client.createUserToken(user, asAdmin, {});
    const { body: rotated } = await server.client.rotateToken(own.id, asDelegated);
    await grant();
    const { body: again } = await server.client.rotateToken(own.id, asAdmin);

    expect(rotated.permissions).toEqual(['tokens:read', 'tokens:write', 'users:read', 'users:write']);
    expect(again.permissions).toEqual(rotated.permissions);
    expect(await rolesAt(again)).toBe('user');
  });

  it('is conveyed by a token of an administrator or the user', async () => {
    const { body } = await server.client.createUserToken(user, asAdmin, {});
    const own = await server.client.login(user, PASSWORD);
    await grant();

    expect([await rolesAt(body), await rolesAt(own.body)]).toEqual([
      `${labelRole},user`,
      `${labelRole},user`,
    ]);
  });

  it('makes a set-up link useless that somebody without it has issued', async () => {
    const { body } = await server.client.makeSetUpLink(user, asDelegated);
    await grant();

    const { status } = await server.client.setUp({ secret: body.link.split('#')[1] ?? '', password: OTHER });

    expect(status).toBe(401);
  });
});

describe('a role with a permission that this build does not know', () => {
  let unknownRole: string;

  beforeAll(async () => {
    unknownRole = await makeRole([]);
    await server.database.execute(
      `UPDATE "roles" SET "permissions" = 'gone:write' WHERE "name" = '${unknownRole}'`,
    );
  });

  it('is above all users but administrators, whether or not they hold it', async () => {
    const all = (await server.client.me(asAdmin)).body.permissions;
    const asAlmighty = await logInWith([await makeRole(all), unknownRole]);

    const answers = [
      await server.client.resetPassword(await makeUser([unknownRole]), { password: OTHER }, asAlmighty),
      await server.client.createUser(newUser({ roles: [unknownRole] }), asAlmighty),
      await server.client.updateRole(unknownRole, { description: 'Mine.' }, any(asAlmighty)),
      await server.client.deleteRole(unknownRole, asAlmighty),
    ];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [403, 'above_your_permissions']),
    );
    expect(answers[0]?.body.detail).toContain('gone:write');
    expect(
      (await server.client.resetPassword(await makeUser([unknownRole]), { password: OTHER }, asAdmin)).status,
    ).toBe(204);
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
