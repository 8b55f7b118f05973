import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type DataSource } from 'typeorm';
import { openSqliteWriter } from '../sqlite-data-source.js';
import { inSqliteTransaction } from '../sqlite-transaction.js';
import { SqliteCheckpoints } from './checkpoints.js';
import { DiskTrust } from './log-sync.js';

const CHECKPOINT = 'PRAGMA wal_checkpoint(PASSIVE)';
const MEBIBYTE = 2 ** 20;

let folder: string;
let writer: DataSource;
let disk: DiskTrust;
let checkpoints: SqliteCheckpoints;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-checkpoints-'));
  writer = await openSqliteWriter(join(folder, 'file'), []);
  disk = new DiskTrust();
  checkpoints = new SqliteCheckpoints(writer, disk);
  await writer.query('CREATE TABLE written (word TEXT)');
});

afterEach(async () => {
  await writer.destroy();
  rmSync(folder, { recursive: true });
});

/** Commits the given number of rows, each on a page or more of its own. */
async function commit(rows: number): Promise<void> {
  await inSqliteTransaction(writer, async (manager) => {
    for (let row = 0; row < rows; row += 1) {
      await manager.query('INSERT INTO written VALUES (?)', ['x'.repeat(4_000)]);
    }
  });
  await checkpoints.afterCommit();
}

/** Makes checkpoints fail and counts the attempts. */
function failCheckpoints(code: string): () => number {
  const query = writer.query.bind(writer);
  let attempts = 0;
  jest.spyOn(writer, 'query').mockImplementation((text: string, parameters?: unknown) => {
    attempts += Number(text === CHECKPOINT);
    const error = Object.assign(new Error('disk I/O error'), { code });
    return text === CHECKPOINT ? Promise.reject(error) : query(text, parameters as unknown[]);
  });
  return () => attempts;
}

describe('SqliteCheckpoints', () => {
  it('keep the log small during many writes', async () => {
    for (let count = 0; count < 100; count += 1) {
      await commit(50);
    }

    expect(statSync(join(folder, 'file')).size).toBeGreaterThan(15 * MEBIBYTE);
    expect(statSync(join(folder, 'file-wal')).size).toBeLessThan(5 * MEBIBYTE);
  });

  it('do not run automatically in SQLite', async () => {
    await commit(1);

    await inSqliteTransaction(writer, (manager) =>
      manager.query(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n WHERE i < 3000)
         INSERT INTO written SELECT printf('%.4000c', 'x') FROM n`,
      ),
    );

    expect(statSync(join(folder, 'file')).size).toBeLessThan(MEBIBYTE);
  });

  it('end the trust in the disk only when a sync fails', async () => {
    const attempts = failCheckpoints('SQLITE_IOERR_FSYNC');

    await commit(1);
    await commit(1_000);

    expect([disk.isLost, attempts()]).toEqual([true, 1]);
  });

  it('run again after the next commit when the disk was full', async () => {
    const attempts = failCheckpoints('SQLITE_FULL');

    await commit(1);
    await commit(1);

    expect([disk.isLost, attempts()]).toEqual([false, 2]);
  });
});
