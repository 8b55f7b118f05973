import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import Database from '#sqlite';
import { type DataSource } from 'typeorm';
import { openSqliteReader, openSqliteWriter } from './sqlite-data-source.js';

const STATEMENTS_MAX = 500;

let folder: string;
let sources: Record<'writer' | 'reader', DataSource>;
let prepare: jest.SpiedFunction<Database.Database['prepare']>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-'));
  const file = join(folder, 'test.sqlite');
  sources = { writer: await openSqliteWriter(file, []), reader: await openSqliteReader(file, []) };
});

beforeEach(() => {
  jest.restoreAllMocks();
  prepare = jest.spyOn(Database.prototype, 'prepare');
});

afterAll(async () => {
  await sources.reader.destroy();
  await sources.writer.destroy();
  rmSync(folder, { recursive: true });
});

const timesPrepared = (sql: string) => prepare.mock.calls.filter(([text]) => text === sql).length;

describe.each(['writer', 'reader'] as const)('the prepared statements of the %s', (name) => {
  it('are limited', async () => {
    const first = 'SELECT 0';
    await sources[name].query(first);
    for (let each = 1; each <= STATEMENTS_MAX; each += 1) {
      await sources[name].query(`SELECT ${each}`);
    }

    await sources[name].query(first);

    expect(timesPrepared(first)).toBe(2);
  });

  it('include the frequent ones after many different lists', async () => {
    const frequent = "SELECT 'frequent'";
    for (let each = 0; each < 2 * STATEMENTS_MAX; each += 1) {
      await sources[name].query(`SELECT -${each}`);
      await sources[name].query(frequent);
    }

    expect(timesPrepared(frequent)).toBe(1);
  });
});
