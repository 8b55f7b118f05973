import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import Database from '#sqlite';
import { DataSource } from 'typeorm';
import { inSqliteTransaction } from './sqlite-transaction.js';

let writer: DataSource;

beforeEach(async () => {
  writer = await new DataSource({
    type: 'better-sqlite3',
    driver: Database,
    database: ':memory:',
  }).initialize();
  await writer.query('CREATE TABLE written (word TEXT)');
});

afterEach(() => writer.destroy());

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
  it.each([
    ['a rollback', ['COMMIT', 'ROLLBACK']],
    ['a rollback and what is done about that', ['COMMIT', 'ROLLBACK', 'BEGIN']],
  ])('throws the first error when %s fails as well', async (_, statements) => {
    fail(...statements);

    await expect(write('lost')).rejects.toThrow('COMMIT failed');
  });

  it('commits nothing of a failed rollback, and all later transactions', async () => {
    fail('COMMIT', 'ROLLBACK', 'BEGIN');
    await write('lost').catch(() => undefined);
    jest.restoreAllMocks();

    await write('kept');
    // The open transaction was not acknowledged.
    await writer.query('ROLLBACK').catch(() => undefined);

    expect(await written()).toEqual([{ word: 'kept' }]);
  });

  it('rejects transactions while the previous rollback keeps failing', async () => {
    fail('COMMIT', 'ROLLBACK', 'BEGIN');
    await write('lost').catch(() => undefined);

    await expect(write('refused')).rejects.toThrow('BEGIN failed');
  });
});
