import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Database } from '../../apps/api/src/platform/database/database.js';
import { Metrics } from '../../apps/api/src/platform/metrics/metrics.service.js';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { openDatabase } from '../support/database/open-database.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let testDatabase: TestDatabase;
let databases: Database[];
let first: Writes;
let second: Writes;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  databases = [await openDatabase(testDatabase), await openDatabase(testDatabase)];
  [first, second] = databases.map((database) => new Writes(database, new Metrics())) as [Writes, Writes];
});

afterEach(async () => {
  await Promise.all(databases.map((database) => database.close()));
  await testDatabase.drop();
});

const done = () => Promise.resolve('done');

describe('a job with an advisory lock', () => {
  it('runs on one replica at a time', async () => {
    const outcome = await first.withAdvisoryLock('sweep', async () => [
      await second.withAdvisoryLock('sweep', done),
      await second.withAdvisoryLock('another job', done),
    ]);

    expect(outcome).toEqual([undefined, 'done']);
    expect(await second.withAdvisoryLock('sweep', done)).toBe('done');
  });

  it('can run again after it failed', async () => {
    await expect(first.withAdvisoryLock('sweep', () => Promise.reject(new Error('failed')))).rejects.toThrow(
      'failed',
    );

    expect(await second.withAdvisoryLock('sweep', done)).toBe('done');
  });

  it('continues when the connection with the lock is lost', async () => {
    const outcome = await first.withAdvisoryLock('sweep', async () => {
      await testDatabase.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'latchkey job' AND datname = current_database()`,
      );
      await first.transaction((tx) => tx.query('SELECT 1'), 'none');
      return 'done';
    });

    expect(outcome).toBe('done');
  });
});
