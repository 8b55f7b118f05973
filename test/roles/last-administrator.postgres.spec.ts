import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Headers } from '../support/api-client.js';
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
