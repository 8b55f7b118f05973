import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import Database from '#sqlite';
import { DataSource } from 'typeorm';
import { inSqliteTransaction } from './sqlite-transaction.js';

let folder: string;
let file: string;
let writer: DataSource;

const open = () =>
  new DataSource({ type: 'better-sqlite3', driver: Database, database: file, enableWAL: true }).initialize();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-'));
  file = join(folder, 'test.sqlite');
  writer = await open();
  await writer.query('CREATE TABLE written (word TEXT)');
});

afterEach(async () => {
  await writer.destroy();
  rmSync(folder, { recursive: true });
});

/** Opens the file again, and so shows what was committed. */
async function reopen(): Promise<void> {
  await writer.destroy();
  writer = await open();
}

const write = (word: string) =>
  inSqliteTransaction(writer, (manager) => manager.query('INSERT INTO written VALUES (?)', [word]));

/** Makes some statements fail from now on, like a failing disk. */
function fail(...statements: string[]): void {
  const runner = writer.createQueryRunner();
  const query = runner.query.bind(runner);
  jest
    .spyOn(runner, 'query')
    .mockImplementation((text: string, parameters?: unknown) =>
      statements.includes(text)
        ? Promise.reject(new Error(`${text} failed`))
        : query(text, parameters as unknown[]),
    );
}

const written = () => writer.query<{ word: string }[]>('SELECT word FROM written');

describe('inSqliteTransaction', () => {
  it('throws the first error when the rollback fails as well', async () => {
    fail('COMMIT', 'ROLLBACK');

    await expect(write('lost')).rejects.toThrow('COMMIT failed');
  });

  it('commits nothing of a failed rollback, and all later transactions', async () => {
    fail('COMMIT', 'ROLLBACK');
    await write('lost').catch(() => undefined);
    jest.restoreAllMocks();

    await write('kept');
    await reopen();

    expect(await written()).toEqual([{ word: 'kept' }]);
  });

  it('rejects transactions while the previous rollback keeps failing', async () => {
    fail('COMMIT', 'ROLLBACK');
    await write('lost').catch(() => undefined);

    await expect(write('rejected')).rejects.toThrow('ROLLBACK failed');
  });

  it('continues after SQLite has rolled back on its own', async () => {
    await inSqliteTransaction(writer, async (manager) => {
      await manager.query("INSERT INTO written VALUES ('lost')");
      await manager.query('ROLLBACK');
      throw new Error('disk full');
    }).catch(() => undefined);

    await write('kept');

    expect(await written()).toEqual([{ word: 'kept' }]);
  });

  it('keeps other processes from writing between its first read and its first write', async () => {
    const other = new Database(file, { timeout: 0 });

    await inSqliteTransaction(writer, async (manager) => {
      await manager.query('SELECT * FROM written');
      expect(() => other.exec("INSERT INTO written VALUES ('between')")).toThrow('database is locked');
      await manager.query("INSERT INTO written VALUES ('kept')");
    });
    other.close();

    expect(await written()).toEqual([{ word: 'kept' }]);
  });
});
