import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { type ApiResponse, type Headers } from '../support/api-client.js';
import { PASSWORD } from '../support/factories.js';
import { ADMIN, TestServer } from '../support/test-server.js';

const TRIES = 10;

let server: TestServer;
let asAdmin: Headers;

beforeAll(async () => {
  server = await TestServer.start();
  await server.database.execute(
    'CREATE TABLE kept_users AS SELECT * FROM users',
    'CREATE TABLE kept_roles AS SELECT * FROM user_roles',
  );
});

beforeEach(async () => {
  await server.database.execute(
    'DELETE FROM users',
    'INSERT INTO users SELECT * FROM kept_users',
    'INSERT INTO user_roles SELECT * FROM kept_roles',
    "DELETE FROM roles WHERE name = 'deputy'",
  );
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
});

afterAll(() => server.remove());

const anyVersion = (headers: Headers) => ({ ...headers, 'If-Match': '*' });
const disable = (name: string, as: Headers) =>
  server.client.updateUser(name, { enabled: false }, anyVersion(as));
const demote = (name: string, as: Headers) =>
  server.client.updateUser(name, { roles: ['user'] }, anyVersion(as));
const remove = (name: string, as: Headers) => server.client.deleteUser(name, as);
const inBulk = (action: 'disable' | 'delete' | 'removeRole') => (name: string, as: Headers) =>
  server.client.bulkUsers({ action, ids: [name], ...(action === 'removeRole' && { role: ADMIN.name }) }, as);

/** Returns the administrators in the database. */
const administrators = async () => {
  const rows = await server.database.query<{ name: string }>(
    `SELECT u."name" FROM users u JOIN user_roles r ON r."userId" = u."id"
      WHERE r."roleName" = 'admin' AND u."kind" = 'human' AND u."enabled"`,
  );
  return rows.map(({ name }) => name);
};

const ACTS: [string, (name: string, as: Headers) => Promise<ApiResponse<ProblemDto>>][] = [
  ['disabled', disable],
  ['demoted', demote],
  ['deleted', remove],
];

const BULK_ACTS: [string, (name: string, as: Headers) => Promise<{ body: unknown }>][] = [
  ['disabled in bulk', inBulk('disable')],
  ['deleted in bulk', inBulk('delete')],
  ['demoted in bulk', inBulk('removeRole')],
];

/** Returns the error code of a request about one user, or of the only item of a bulk request. */
function codeOf({ body }: { body: unknown }): string | undefined {
  const { code, results } = (body ?? {}) as { code?: string; results?: { code?: string }[] };
  return results?.[0]?.code ?? code;
}

// Covers B16 in docs/explanation/security.md.
describe('the last administrator', () => {
  it.each(ACTS)('cannot be %s', async (_, act) => {
    const { status, body } = await act(ADMIN.name, asAdmin);

    expect([status, body.code]).toEqual([409, 'last_administrator']);
    expect(await administrators()).toEqual([ADMIN.name]);
    expect((await server.client.users(asAdmin)).status).toBe(200);
  });

  it.each(['disable', 'delete', 'removeRole'] as const)('cannot be removed by %s in bulk', async (action) => {
    const { body } = await inBulk(action)(ADMIN.name, asAdmin);

    expect(body.results).toEqual([{ id: ADMIN.name, status: 409, code: 'last_administrator' }]);
    expect(await administrators()).toEqual([ADMIN.name]);
  });

  it('is kept by a bulk request that matches all administrators', async () => {
    const names = ['anne', 'bert', 'carla'];
    for (const name of names) {
      await server.client.createUser({ name, password: PASSWORD, roles: ['admin'] }, asAdmin);
    }

    const { body } = await server.client.bulkUsers(
      { action: 'disable', filter: { role: 'admin' }, expectedCount: 4 },
      asAdmin,
    );

    expect(body.results.map(({ status }) => status)).toEqual([200, 200, 200, 409]);
    expect(await administrators()).toEqual(['carla']);
  });

  it.each([...ACTS, ...BULK_ACTS] as typeof BULK_ACTS)(
    'cannot be %s while all other administrators have no password, only a token or set-up link',
    async (_, act) => {
      await server.client.createUser({ name: 'tokens-only', roles: ['admin'] }, asAdmin);
      await server.client.createUserToken('tokens-only', asAdmin);
      await server.client.createUser({ name: 'invited', roles: ['admin'] }, asAdmin);
      const { body } = await server.client.createSetUpLink('invited', asAdmin);

      const rejected = await act(ADMIN.name, asAdmin);
      await server.client.setUp({ secret: body.link.split('#')[1] ?? '', password: PASSWORD });
      const accepted = await act(ADMIN.name, asAdmin);

      expect(codeOf(rejected)).toBe('last_administrator');
      expect(codeOf(accepted)).toBeUndefined();
      expect(await administrators()).toEqual(expect.arrayContaining(['invited', 'tokens-only']));
      expect(await administrators()).toHaveLength(2);
    },
  );

  it('can delete an administrator without a password', async () => {
    await server.client.createUser({ name: 'invited', roles: ['admin'] }, asAdmin);

    expect((await remove('invited', asAdmin)).status).toBe(204);
  });

  it('is not replaced by a service, a disabled user or a user without the role', async () => {
    await server.client.createUser({ name: 'robot', kind: 'service', roles: ['admin'] }, asAdmin);
    await server.client.createUser({ name: 'gone', roles: ['admin'], enabled: false }, asAdmin);
    const role = { name: 'deputy', permissions: ['users:read', 'users:write'] };
    await server.client.createRole(role, asAdmin);
    await server.client.createUser({ name: 'deputy', roles: [role.name] }, asAdmin);

    expect((await disable(ADMIN.name, asAdmin)).body.code).toBe('last_administrator');
    expect((await remove('robot', asAdmin)).status).toBe(204);
    expect((await remove('gone', asAdmin)).status).toBe(204);
  });

  it('can be changed in other ways', async () => {
    const patch = { displayName: 'The only one', roles: ['admin', 'auditor'] };

    expect((await server.client.updateUser(ADMIN.name, patch, anyVersion(asAdmin))).status).toBe(200);
  });

  it('can be demoted once there is another one', async () => {
    await server.client.createUser({ name: 'anne', password: PASSWORD, roles: ['admin'] }, asAdmin);

    expect((await demote(ADMIN.name, asAdmin)).status).toBe(200);
    expect(await administrators()).toEqual(['anne']);
  });
});

// Covers B16 in docs/explanation/security.md.
describe(`two administrators acting against each other, ${TRIES} times`, () => {
  beforeEach(async () => {
    await server.client.createUser({ name: 'anne', password: PASSWORD, roles: ['admin'] }, asAdmin);
  });

  it.each([
    ['demote', demote, demote],
    ['disable', disable, disable],
    ['disable and demote', disable, demote],
    ['demote by bulk', inBulk('removeRole'), demote],
    ['disable by bulk', inBulk('disable'), inBulk('disable')],
  ])('%s: leave one administrator', async (_, act, counterAct) => {
    const asAnne = await server.client.loginHeaders('anne', PASSWORD);
    const left: number[] = [];
    const statuses: number[] = [];
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      await server.database.execute(
        `UPDATE users SET "enabled" = TRUE; DELETE FROM user_roles;
           INSERT INTO user_roles ("userId", "roleName") SELECT "id", 'admin' FROM users`,
      );

      const answers = await Promise.all([act('anne', asAdmin), counterAct(ADMIN.name, asAnne)]);

      statuses.push(...answers.map(({ status }) => status));
      left.push((await administrators()).length);
    }

    expect(left).toEqual(Array(TRIES).fill(1));
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
  });
});

// Covers B16 in docs/explanation/security.md.
describe(`two administrators deleting each other, ${TRIES} times`, () => {
  it('leave one administrator', async () => {
    let left = { name: ADMIN.name as string, as: asAdmin };
    const statuses: number[] = [];
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const name = `other-${attempt}`;
      await server.client.createUser({ name, password: PASSWORD, roles: ['admin'] }, left.as);
      const other = { name, as: await server.client.loginHeaders(name, PASSWORD) };

      const answers = await Promise.all([remove(other.name, left.as), remove(left.name, other.as)]);

      statuses.push(...answers.map(({ status }) => status));
      const names = await administrators();
      expect(names).toHaveLength(1);
      left = names[0] === name ? other : left;
    }

    expect(statuses.filter((status) => status === 204)).toHaveLength(TRIES);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
  });
});
