import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type Database } from '../../apps/api/src/platform/database/database.js';
import { openDatabase } from '../support/database/open-database.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { waitUntil } from '../support/wait-until.js';

/** Key of the advisory lock that a replica holds while it migrates. */
const MIGRATION_LOCK = 7_251_844_120;

let testDatabase: TestDatabase;
let databases: Database[];

beforeEach(async () => {
  testDatabase = await createTestDatabase({ isEmpty: true });
  databases = [];
});

afterEach(async () => {
  await Promise.all(databases.map((database) => database.close()));
  await testDatabase.drop();
});

async function open(environment: Record<string, string> = {}): Promise<void> {
  databases.push(await openDatabase(testDatabase, environment));
}

const usersCount = () => testDatabase.query('SELECT COUNT(*) FROM users');

/** Whether a replica has waited for the lock longer than the statement timeout of the test. */
async function hasOutwaitedTheTimeout(): Promise<boolean> {
  const waiting = await testDatabase.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
       AND query LIKE 'SELECT pg_advisory_lock(%' AND query_start < clock_timestamp() - interval '5.5 s'`,
  );
  return waiting.length > 0;
}

describe('replicas that start on one database', () => {
  it('migrate it once when they start together', async () => {
    await Promise.all([open(), open(), open()]);

    expect(await usersCount()).toHaveLength(1);
  });

  it('start with a pool of one connection', async () => {
    await open({ LATCHKEY_DATABASE_POOL: '1' });

    expect(await databases[0]?.reader.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('wait for a migration longer than the statement timeout', async () => {
    const other = new pg.Client({ connectionString: testDatabase.url });
    await other.connect();
    await other.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    // It also limits the time to connect, which takes a while on a busy machine.
    const opened = open({ LATCHKEY_STATEMENT_TIMEOUT_MS: '5000' });

    try {
      const first = await Promise.race([
        opened.then(() => 'opened'),
        waitUntil(hasOutwaitedTheTimeout, Boolean, { pauseMilliseconds: 100 }).then(() => 'waits'),
      ]);

      expect(first).toBe('waits');
    } finally {
      await other.end();
    }
    await opened;
    expect(await usersCount()).toHaveLength(1);
  });

  it('leave no connection without timeouts', async () => {
    await open();

    const rows = await databases[0]?.reader.query<unknown[]>(
      `SELECT application_name FROM pg_stat_activity WHERE application_name = 'latchkey migration' AND datname = current_database()`,
    );
    expect(rows).toEqual([]);
  });
});
