import { once, type EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { translateDriverError } from '../../apps/api/src/platform/database/driver-errors.js';
import { type Database } from '../../apps/api/src/platform/database/database.js';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { Metrics } from '../../apps/api/src/platform/metrics/metrics.service.js';
import { openDatabase } from '../support/database/open-database.js';
import { StallingProxy } from '../support/stalling-proxy.mjs';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { TestServer } from '../support/test-server.js';
import { waitUntil } from '../support/wait-until.js';

let testDatabase: TestDatabase;
let proxy: StallingProxy;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  proxy = await StallingProxy.open(testDatabase.url);
});

afterEach(async () => {
  proxy.close();
  await testDatabase.drop();
});

const occurrences = (text: string, part: string) => text.split(part).length - 1;

describe('a PostgreSQL server that stalls', () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await TestServer.start({ database: { ...testDatabase, url: proxy.url } });
  });

  afterEach(() => server.stop());

  const untilReady = () =>
    waitUntil(
      () => server.client.ready(),
      ({ status }) => status === 200,
      { pauseMilliseconds: 50 },
    );

  it('is logged once when it stops responding and once when it responds again', async () => {
    await untilReady();
    proxy.stall();
    await server.client.ready();
    await server.client.ready();
    proxy.resume();
    await untilReady();
    await server.client.ready();

    expect(occurrences(server.log, 'The database does not respond')).toBe(1);
    expect(server.log).toMatch(/"level":50.*No answer within 1000 ms.*The database does not respond/);
    expect(occurrences(server.log, 'The database responds again')).toBe(1);
  });
});

describe('a transaction', () => {
  /** Opens the database, whose time limit for transactions is then short. It does not limit connecting. */
  async function openWithLimit(url: string, environment: Record<string, string> = {}): Promise<Database> {
    const database = await openDatabase({ ...testDatabase, url }, environment);
    return setLimit(database, 300);
  }

  const setLimit = (database: Database, transactionMilliseconds: number) =>
    Object.assign(database, { transactionMilliseconds });

  const role = (name: string) =>
    `INSERT INTO roles (name, description, permissions, "isBuiltIn", "creationTime", version)
     VALUES ('${name}', '', '', FALSE, 1, 0)`;
  const stored = () => testDatabase.query(`SELECT name FROM roles WHERE name LIKE 'late-%'`);

  it('is cancelled as a whole when it takes too long, even if each statement is fast', async () => {
    const database = await openWithLimit(testDatabase.url);
    try {
      const outcome = new Writes(database, new Metrics()).transaction(async (tx) => {
        await tx.query(role('late-1'));
        for (let count = 0; count < 20; count += 1) {
          await tx.query('SELECT pg_sleep(0.2)');
        }
      });

      await expect(outcome).rejects.toThrow(/terminated|closed/);
      expect(await stored()).toEqual([]);
    } finally {
      await database.close();
    }
  });

  it('has a limit of half a second more than a statement', async () => {
    const database = await openDatabase(testDatabase, { LATCHKEY_STATEMENT_TIMEOUT_MS: '60000' });
    await database.close();

    expect(database.transactionMilliseconds).toBe(60_500);
  });

  it('fails as unavailable when its connection is closed between two statements', async () => {
    const database = await openDatabase(testDatabase);
    const writes = new Writes(database, new Metrics());
    try {
      const error: unknown = await writes
        .transaction(async (tx) => {
          const [own] = await tx.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
          const connection = (await tx.queryRunner?.connect()) as EventEmitter;
          await Promise.all([
            once(connection, 'error'),
            testDatabase.query(`SELECT pg_terminate_backend(${own?.pid})`),
          ]);
          await tx.query(role('late-1'));
        })
        .catch((thrown: unknown) => thrown);

      expect(translateDriverError(error)).toMatchObject({ code: 'unavailable' });
      expect(await stored()).toEqual([]);
    } finally {
      await database.close();
    }
  });

  it('leaves nothing to a later one when the server stalls', async () => {
    const database = await openWithLimit(proxy.url, { LATCHKEY_DATABASE_POOL: '1' });
    const writes = new Writes(database, new Metrics());
    try {
      const outcome = writes.transaction(async (tx) => {
        await tx.query('SELECT 1');
        proxy.stall();
        await tx.query(role('late-1'));
      });
      await expect(outcome).rejects.toThrow();
      proxy.resume();
      setLimit(database, 90_000);

      await writes.transaction((tx) => tx.query(role('late-2')));

      expect(await stored()).toEqual([{ name: 'late-2' }]);
    } finally {
      await database.close();
    }
  });
});
