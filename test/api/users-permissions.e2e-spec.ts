import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useServer } from '../support/use-server.js';

const server = useServer();
let asAdmin: Headers;
let asWriter: Headers;
let asAuditor: Headers;
let asUser: Headers;

beforeAll(async () => {
  await server.database.execute(
    `INSERT INTO "roles" ("name", "description", "permissions", "creationTime") VALUES ('writer', '', 'users:write', 0)`,
    `INSERT INTO "roles" ("name", "description", "permissions", "creationTime") VALUES ('label', '', '', 0)`,
    `INSERT INTO "roles" ("name", "description", "permissions", "creationTime") VALUES ('mixed', '', 'users:write tokens:write', 0)`,
  );
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  asWriter = await logInWith(['writer']);
  asAuditor = await logInWith(['auditor']);
  asUser = await logInWith(['user']);
});

/** Creates a user with these roles, and logs in. */
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
  it('users:write allows creating but not listing', async () => {
    const { status, body } = await server.client.users(asWriter);

    expect([status, body.code, body.detail]).toEqual([403, 'forbidden', 'This needs users:read.']);
  });

  it('an auditor can list but not create', async () => {
    expect((await server.client.users(asAuditor)).status).toBe(200);
    expect((await create(undefined, asAuditor)).status).toBe(403);
  });

  it('a plain user can do neither', async () => {
    expect((await server.client.users(asUser)).status).toBe(403);
    expect((await create(undefined, asUser)).status).toBe(403);
  });

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
    await server.database.execute(
      `UPDATE "tokens" SET "permissions" = 'users:write' WHERE "id" = '${body.id}'`,
    );

    expect((await server.client.me(headers)).body.permissions).toEqual(['users:write']);
    expect((await server.client.users(headers)).status).toBe(403);
    expect((await create(['admin'], headers)).body.code).toBe('above_your_permissions');
  });
});
