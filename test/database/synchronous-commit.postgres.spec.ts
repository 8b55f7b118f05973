import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from '../support/command-line.js';
import { freePort } from '../support/free-port.mjs';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { ADMIN, TestServer } from '../support/test-server.js';

let database: TestDatabase;
let roles: string[];

beforeEach(async () => {
  database = await createTestDatabase({ isEmpty: true });
  roles = [];
});

afterEach(async () => {
  for (const role of roles) {
    await database.execute(`DROP ROLE "${role}"`);
  }
  await database.drop();
});

const setTo = (value: string) =>
  database.execute(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = ${value}', current_database()); END $$`,
  );

/** URL of the database for a role that owns nothing. */
async function newRole(): Promise<string> {
  const name = `owner_of_nothing_${randomUUID()}`;
  await database.execute(`CREATE ROLE "${name}" LOGIN PASSWORD 'secret'`);
  roles.push(name);
  const url = new URL(database.url);
  Object.assign(url, { username: name, password: 'secret' });
  return url.href;
}

// Covers B37 in docs/explanation/security.md.
describe('a start on PostgreSQL', () => {
  it('is rejected and changes nothing if commits are asynchronous', async () => {
    await setTo('off');

    await expect(TestServer.start({ database })).rejects.toThrow(
      /^DATABASE_URL: .*synchronous_commit is off.*ALTER ROLE … SET synchronous_commit = on/,
    );

    const tables = await database.query("SELECT FROM pg_tables WHERE schemaname = 'public'");
    expect(tables).toEqual([]);
  });

  it.each([
    ['a weak first password', () => database.url, /^LATCHKEY_ADMIN_PASSWORD: password is a common password/],
    [
      'a role that may not create tables',
      newRole,
      /^DATABASE_URL: this role is not allowed to create tables/,
    ],
  ])('is rejected and changes nothing with %s, like config check', async (_, url, reason) => {
    const port = await freePort();
    const environment = serverOn(database, {
      DATABASE_URL: await url(),
      PORT: String(port),
      LATCHKEY_ADMIN_PASSWORD: '1qaz2wsx3edc4rfv',
      LATCHKEY_LOG_LEVEL: undefined,
    });

    const check = await new CommandLine(environment, database.folder).failure('config', 'check');
    const server = await ServerProcess.spawn(environment, port);

    expect([await server.exit(), server.errors]).toEqual([1, `Latchkey cannot start. ${check.message}\n`]);
    expect(check.message).toMatch(reason);
    expect(await database.query("SELECT FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  });

  it.each(['on', 'local', 'remote_write', 'remote_apply'])(
    'succeeds with synchronous_commit = %s',
    async (value) => {
      await setTo(value);

      const server = await TestServer.start({ database });

      const { status } = await server.client.login(ADMIN.name, ADMIN.password);
      await server.stop();
      expect(status).toBe(200);
    },
  );

  it('succeeds if the role enables synchronous_commit and the database disables it', async () => {
    await setTo('off');
    await database.execute(
      `DO $$ BEGIN EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET synchronous_commit = on', current_database()); END $$`,
    );

    const server = await TestServer.start({ database });

    const { status } = await server.client.ready();
    await server.stop();
    expect(status).toBe(200);
  });
});
