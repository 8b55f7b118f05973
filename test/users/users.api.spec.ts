import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type CreateUserDto } from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

describe('POST /users', () => {
  const create = (dto: object, headers = asAdmin) => server.client.createUser(dto as CreateUserDto, headers);

  it('returns 201 with the user, Location and ETag', async () => {
    const { status, headers, body } = await create({ name: 'Ärne', displayName: 'Ärne', password: PASSWORD });

    expect(status).toBe(201);
    expect(headers.get('location')).toBe('/users/%C3%A4rne');
    expect(headers.get('etag')).toBe('"0"');
    expect(body).toEqual({
      id: body.id,
      name: 'ärne',
      displayName: 'Ärne',
      kind: 'human',
      roles: ['user'],
      enabled: true,
      creationTime: body.creationTime,
      tokenCount: 0,
      version: 0,
    });
  });

  it('creates a user without a password, who cannot log in', async () => {
    const { password: _, ...user } = newUser();

    expect((await create(user)).status).toBe(201);
    expect((await server.client.login(user.name, PASSWORD)).status).toBe(401);
    expect((await server.client.login(user.name, '')).status).toBe(401);
  });

  it('returns 409 when the name is taken in another spelling', async () => {
    const { status, body } = await create({ name: 'ＡＤＭＩＮ' });

    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([409, 'name_taken', '/name']);
  });

  it.each([
    ['in the same letters', 'adrnin'],
    ['in another spelling of that', 'ADRNIN'],
  ])('returns 409 when the name looks like another one %s, without revealing it', async (_, name) => {
    const { status, body } = await create({ name });

    expect([status, body.code, body.errors?.[0]]).toEqual([
      409,
      'name_taken',
      expect.objectContaining({ pointer: '/name', code: 'name_confusable' }),
    ]);
    expect(JSON.stringify(body)).not.toMatch(/\badmin\b/);
  });

  it.each([
    ['a small capital', 'ᴍin', 'ᴍ (U+1D0D)'],
    ['a dotless i with a dot', 'mı\u0307n', 'ı\u0307 (U+0131 U+0307)'],
  ])('returns 422 for %s, which looks like another letter, and names it', async (_, name, character) => {
    const { status, body } = await create({ name });

    expect([status, body.errors]).toEqual([
      422,
      [
        expect.objectContaining({
          pointer: '/name',
          code: 'has_allowed_characters',
          message: expect.stringContaining(character) as unknown,
        }),
      ],
    ]);
  });

  it('keeps users whose names it would reject now', async () => {
    const user = newUser();
    await create({ ...user, password: PASSWORD });
    const name = `ᴍ${user.name}`;
    await server.database.execute(`UPDATE "users" SET "name" = '${name}' WHERE "name" = '${user.name}'`);

    const asUser = await server.client.loginHeaders(name, PASSWORD);
    const version = (await server.client.me(asUser)).body.version;

    expect((await server.client.updateUser(name, { displayName: 'M', version }, asAdmin)).status).toBe(200);
    expect((await server.client.tokens(asAdmin, `?user=${encodeURIComponent(name)}`)).status).toBe(200);
    expect((await server.client.me(asUser)).body.displayName).toBe('M');
  });

  it('returns 409 for a similar name in another script, until the other user is deleted', async () => {
    expect((await create({ name: 'scope' })).status).toBe(201);
    expect((await create({ name: 'ѕсоре' })).status).toBe(409);
    expect((await server.client.deleteUser('scope', asAdmin)).status).toBe(204);
    expect((await create({ name: 'ѕсоре' })).status).toBe(201);
  });

  it.each([
    ['no name', {}, '/name'],
    ['an empty name', { name: '' }, '/name'],
    ['a colon in the name', { name: 'a:b' }, '/name'],
    ['a control character in the name', { name: 'a\tb' }, '/name'],
    ['an invisible character in the name', { name: 'a\u200bb' }, '/name'],
    ['mixed scripts in the name', { name: 'аdmin' }, '/name'],
    ['a reserved name', { name: 'ME' }, '/name'],
    ['a name of dots', { name: '..' }, '/name'],
    ['a name of 65 letters', { name: 'a'.repeat(65) }, '/name'],
    ['a name that is a list', { name: ['anne'] }, '/name'],
    ['a name that is an object', { name: { $ne: null } }, '/name'],
    ['a short password', { password: 'x'.repeat(14) }, '/password'],
    ['a password of 257 characters', { password: 'x'.repeat(257) }, '/password'],
    ['a control character in the password', { password: 'a long enough\u0007password' }, '/password'],
    ['a password of a service', { kind: 'service' }, '/password'],
    ['an unknown kind', { kind: 'robot' }, '/kind'],
    ['an unknown role', { roles: ['user', 'no-such-role'] }, '/roles/1'],
    ['a role twice', { roles: ['user', 'user'] }, '/roles'],
    ['roles that are not a list', { roles: 'admin' }, '/roles'],
    ['a role that is not a string', { roles: [{ name: 'user' }] }, '/roles'],
    ['a malformed e-mail address', { email: 'nobody' }, '/email'],
    ['two lines in the display name', { displayName: 'a\nb' }, '/displayName'],
    ['enabled that is a string', { enabled: 'false' }, '/enabled'],
    ['a display name of null', { displayName: null }, '/displayName'],
    ['an id', { id: 'mine' }, '/id'],
    ['a version', { version: 7 }, '/version'],
    ['a hash', { passwordHash: '$argon2id$' }, '/passwordHash'],
    ['a user id', { userId: 'x' }, '/userId'],
  ])('returns 422 for %s', async (_, change, pointer) => {
    const dto: Record<string, unknown> = { ...newUser(), ...change };
    if (Object.keys(change).length === 0) {
      delete dto.name;
    }

    const { status, body } = await create(dto);

    expect([status, body.code]).toEqual([422, 'validation_failed']);
    expect(body.errors?.map((error) => error.pointer)).toContain(pointer);
  });

  it('accepts a password of 256 characters, whatever their length in bytes', async () => {
    const herd = (horses: number) => `a herd of ${'🐎'.repeat(horses)}`;
    const user = newUser({ password: herd(246) });

    expect((await create(user)).status).toBe(201);
    expect((await server.client.login(user.name, herd(246))).status).toBe(200);
    expect((await server.client.login(user.name, herd(245))).status).toBe(401);
  });
});

describe('permissions for users', () => {
  let asWriter: Headers;
  let asUser: Headers;

  beforeAll(async () => {
    await server.database.execute(
      `INSERT INTO "roles" ("name", "description", "permissions", "creationTime") VALUES ('writer', '', 'users:write', 0)`,
      `INSERT INTO "roles" ("name", "description", "permissions", "creationTime") VALUES ('label', '', '', 0)`,
      `INSERT INTO "roles" ("name", "description", "permissions", "creationTime") VALUES ('mixed', '', 'users:write tokens:write', 0)`,
    );
    asWriter = await logInWith(['writer']);
    asUser = await logInWith(['user']);
  });

  /** Creates a user with these roles and logs in. */
  async function logInWith(roles: string[]): Promise<Headers> {
    const user = newUser({ roles });
    const { status } = await server.client.createUser(user, asAdmin);
    expect(status).toBe(201);
    return server.client.loginHeaders(user.name, PASSWORD);
  }

  const create = (roles: string[] | undefined, headers: Headers) =>
    server.client.createUser(newUser({ ...(roles && { roles }) }), headers);

  describe('POST /users by an actor with users:write', () => {
    it.each([
      [['admin']],
      [['auditor']],
      [['user', 'admin']],
      [['mixed']],
      [['writer', 'mixed']],
      [['label']],
      [['label', 'writer']],
    ])('returns 403 above_your_permissions for the roles %j, and creates no user', async (roles) => {
      const before = (await server.client.users(asAdmin)).body.total;

      const { status, body } = await create(roles, asWriter);

      expect([status, body.code]).toEqual([403, 'above_your_permissions']);
      expect((await server.client.users(asAdmin)).body.total).toBe(before);
    });

    it.each([[undefined], [[]], [['user']], [['writer']], [['user', 'writer']]])(
      'returns 201 for the roles %j',
      async (roles) => {
        expect((await create(roles, asWriter)).status).toBe(201);
      },
    );

    it('names the missing permission', async () => {
      expect((await create(['mixed'], asWriter)).body.detail).toContain('tokens:write');
    });
  });

  describe('permissions on users', () => {
    it('are checked before parameters and body', async () => {
      expect((await server.client.users(asUser, '?nonsense=1')).status).toBe(403);
      expect((await server.client.createUser({ name: 'a:b' }, asUser)).status).toBe(403);
    });

    it('follow a change of the role at the next request', async () => {
      const role = `INSERT INTO "roles" ("name", "description", "permissions", "creationTime") VALUES ('fleeting', '', 'users:read', 0)`;
      await server.database.execute(role);
      const headers = await logInWith(['fleeting']);
      expect((await server.client.users(headers)).status).toBe(200);

      const { status } = await server.client.updateRole('fleeting', { permissions: [], version: 0 }, asAdmin);

      expect(status).toBe(200);
      expect((await server.client.users(headers)).status).toBe(403);
    });

    it('of a token limit what it can grant', async () => {
      const { body } = await server.client.login(ADMIN.name, ADMIN.password);
      const headers = { Authorization: `Bearer ${body.token}` };
      await server.database.execute(`UPDATE "tokens" SET "scope" = 'users:write' WHERE "id" = '${body.id}'`);

      expect((await server.client.me(headers)).body.permissions).toEqual(['users:write']);
      expect((await server.client.users(headers)).status).toBe(403);
      expect((await create(['admin'], headers)).body.code).toBe('above_your_permissions');
    });
  });
});

describe('GET /users/{name}', () => {
  beforeAll(async () => {
    await server.client.createUser(newUser({ name: 'ünal', displayName: 'Ünal' }), asAdmin);
  });

  it('returns 200 with the user and the version as ETag', async () => {
    const { status, headers, body } = await server.client.user('ünal', asAdmin);

    expect([status, headers.get('etag')]).toEqual([200, '"0"']);
    expect(body).toEqual({
      id: body.id,
      name: 'ünal',
      displayName: 'Ünal',
      kind: 'human',
      roles: ['user'],
      enabled: true,
      creationTime: body.creationTime,
      tokenCount: 0,
      version: 0,
    });
  });

  it.each(['ÜNAL', 'u\u0308nal', 'ＵＮＡＬ'.replace('Ｕ', 'Ü')])('finds the user as %s', async (spelling) => {
    expect((await server.client.user(spelling, asAdmin)).body.name).toBe('ünal');
  });

  it('counts valid tokens', async () => {
    const user = newUser();
    await server.client.createUser(user, asAdmin);
    await server.client.loginHeaders(user.name, user.password ?? '');

    expect((await server.client.user(user.name, asAdmin)).body.tokenCount).toBe(1);
  });

  it('finds a name of 64 three-byte letters', async () => {
    const name = 'ก'.repeat(64);
    const { body } = await server.client.createUser(newUser({ name }), asAdmin);

    expect((await server.client.user(body.name, asAdmin)).status).toBe(200);
  });

  it.each(['nobody', 'me', 'bulk', 'a:b', '%', 'x'.repeat(80), "' OR 1=1 --"])(
    'returns 404 for %s',
    async (name) => {
      const { status, body } = await server.client.user(name, asAdmin);

      expect([status, body.code]).toEqual([404, 'not_found']);
    },
  );

  it('returns 400 for a name that no database can store', async () => {
    expect((await server.client.request('GET', '/users/a%00b', { headers: asAdmin })).status).toBe(400);
  });

  it('returns 400 for a parameter', async () => {
    const { status } = await server.client.request('GET', '/users/admin?expand=all', { headers: asAdmin });

    expect(status).toBe(400);
  });
});

describe('changes of a user', () => {
  let name: string;

  beforeEach(async () => {
    ({ name } = newUser());
    const user = { name, displayName: 'Anne', email: 'anne@example.org', password: PASSWORD };
    await server.client.createUser(user, asAdmin);
  });

  const update = (patch: object, headers = {}) =>
    server.client.updateUser(name, patch, { ...asAdmin, ...headers });
  const read = async () => (await server.client.user(name, asAdmin)).body;
  const entries = () =>
    server.database.query<{ before: string; after: string; actorName: string }>(
      `SELECT * FROM audit_events WHERE action = 'user_updated' AND "subjectName" = '${name}'`,
    );

  describe('PATCH /users/{name}', () => {
    it('returns 200 with the changed user and the new version as ETag', async () => {
      const { status, headers, body } = await update({ displayName: 'Anna', roles: ['auditor'], version: 0 });

      expect([status, headers.get('etag')]).toEqual([200, '"1"']);
      expect(body).toMatchObject({ displayName: 'Anna', roles: ['auditor'], version: 1, tokenCount: 0 });
      expect(body).toEqual({ ...(await read()), effectiveBy: expect.any(String) });
    });

    it('keeps absent members, and removes members set to null', async () => {
      const { body } = await update({ email: null, version: 0 });

      expect(body).toMatchObject({ displayName: 'Anne', roles: ['user'], enabled: true });
      expect(body).not.toHaveProperty('email');
    });

    it('accepts any spelling of the name, and merge-patch+json', async () => {
      const { status } = await server.client.request('PATCH', `/users/${name.toUpperCase()}`, {
        body: { displayName: 'Anna' },
        headers: { ...asAdmin, 'If-Match': '"0"', 'Content-Type': 'application/merge-patch+json' },
      });

      expect(status).toBe(200);
    });

    it('distinguishes null from the text "null"', async () => {
      await update({ displayName: null, version: 0 });

      expect((await update({ displayName: 'null', version: 1 })).body).toMatchObject({
        displayName: 'null',
        version: 2,
      });
    });

    it('writes one audit entry with the values before and after', async () => {
      await update({
        displayName: 'Anna',
        email: null,
        roles: ['user', 'auditor'],
        enabled: true,
        version: 0,
      });

      const [entry, ...others] = await entries();
      expect(others).toEqual([]);
      expect(entry?.actorName).toBe('admin');
      expect(JSON.parse(entry?.before ?? '')).toEqual({
        displayName: 'Anne',
        email: 'anne@example.org',
        roles: ['user'],
      });
      expect(JSON.parse(entry?.after ?? '')).toEqual({
        displayName: 'Anna',
        email: null,
        roles: ['auditor', 'user'],
      });
    });

    it('returns 404 for an unknown user, with or without a version', async () => {
      const patch = { displayName: 'Anna' };

      expect((await server.client.updateUser('nobody', { ...patch, version: 0 }, asAdmin)).status).toBe(404);
      expect((await server.client.updateUser('nobody', patch, asAdmin)).status).toBe(404);
    });

    it('returns 422 for a name, with the reason', async () => {
      const { status, body } = await update({ name: 'somebody-else', version: 0 });

      expect([status, body.errors?.length, body.errors?.[0]?.pointer]).toEqual([422, 1, '/name']);
      expect(body.errors?.[0]?.message).toContain('name cannot be changed');
    });

    it('returns 200 without a body, and 400 for a malformed If-Match', async () => {
      const without = await server.client.request('PATCH', `/users/${name}`, {
        headers: { ...asAdmin, 'If-Match': '"0"' },
      });

      expect([without.status, (await read()).version]).toEqual([200, 0]);
      expect((await update({ displayName: 'Anna' }, { 'If-Match': '0' })).status).toBe(400);
    });
  });

  describe('PATCH /users/{name} with access', () => {
    it('immediately rejects tokens and password of a disabled user, and accepts them again once enabled', async () => {
      const asUser = await server.client.loginHeaders(name, PASSWORD);

      await update({ enabled: false, version: 0 });
      const token = await server.client.me(asUser);
      const login = await server.client.login(name, PASSWORD);
      await update({ enabled: true, version: 1 });

      expect([token.status, token.body.code, login.status]).toEqual([401, 'user_disabled', 401]);
      expect((await server.client.me(asUser)).status).toBe(200);
    });

    it('removes permissions immediately with the role', async () => {
      await update({ roles: ['auditor'], version: 0 });
      const asUser = await server.client.loginHeaders(name, PASSWORD);
      expect((await server.client.users(asUser)).status).toBe(200);

      await update({ roles: [], version: 1 });

      expect((await server.client.users(asUser)).status).toBe(403);
      expect((await server.client.me(asUser)).body.roles).toEqual([]);
    });
  });
});

describe('/me', () => {
  let name: string;
  let asUser: Headers;

  beforeEach(async () => {
    ({ name } = newUser());
    await server.client.createUser({ name, password: PASSWORD, roles: ['user', 'auditor'] }, asAdmin);
    asUser = await server.client.loginHeaders(name, PASSWORD);
  });

  const update = (patch: object, headers = {}) => server.client.updateMe(patch, { ...asUser, ...headers });

  describe('GET /me', () => {
    it('returns 200 with roles, effective permissions, and the version as ETag', async () => {
      const { status, headers, body } = await server.client.me(asUser);

      expect([status, headers.get('etag')]).toEqual([200, '"0"']);
      expect(body).toMatchObject({ name, kind: 'human', roles: ['auditor', 'user'], version: 0 });
      expect(body.permissions).toContain('users:read');
      expect(body.permissions).not.toContain('users:write');
    });
  });

  describe('PATCH /me', () => {
    it('returns 200 with the changed account and its new ETag', async () => {
      const { status, headers, body } = await update({
        displayName: 'Anne',
        email: 'a@example.org',
        version: 0,
      });

      expect([status, headers.get('etag')]).toEqual([200, '"1"']);
      expect(body).toEqual({ ...(await server.client.me(asUser)).body });
      expect(body).toMatchObject({ displayName: 'Anne', email: 'a@example.org', version: 1 });
    });

    it('removes members set to null, and keeps absent members', async () => {
      await update({ displayName: 'Anne', email: 'a@example.org', version: 0 });

      const { body } = await update({ email: null }, { 'If-Match': '"1"' });

      expect(body.displayName).toBe('Anne');
      expect(body).not.toHaveProperty('email');
    });

    it('returns 200 to a user without roles', async () => {
      await server.client.updateUser(name, { roles: [], version: 0 }, asAdmin);

      expect((await update({ displayName: 'Anne', version: 1 })).status).toBe(200);
    });
  });
});
