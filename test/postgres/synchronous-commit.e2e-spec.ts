import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { ADMIN, TestServer } from '../support/test-server.js';

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(() => database.drop());

const setTo = (value: string) =>
  database.execute(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = ${value}', current_database()); END $$`,
  );

describe('B37 a start on a PostgreSQL', () => {
  it('is refused, and changes nothing, where commits are acknowledged before they are on the disk', async () => {
    await setTo('off');

    await expect(TestServer.start({ database })).rejects.toThrow(
      /^DATABASE_URL: .*synchronous_commit is off.*ALTER ROLE … SET synchronous_commit = on/,
    );

    const tables = await database.query("SELECT FROM pg_tables WHERE schemaname = 'public'");
    expect(tables).toEqual([]);
  });

  it.each(['on', 'local', 'remote_write', 'remote_apply'])(
    'goes on with synchronous_commit = %s',
    async (value) => {
      await setTo(value);

      const server = await TestServer.start({ database });

      const { status } = await server.client.login(ADMIN.name, ADMIN.password);
      await server.stop();
      expect(status).toBe(200);
    },
  );

  it('goes on where the role has it on in a database that has it off', async () => {
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
