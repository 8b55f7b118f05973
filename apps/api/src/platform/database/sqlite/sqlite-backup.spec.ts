import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from '#sqlite';
import { LATCHKEY } from '../../../common/program-name.js';
import { backUpSqlite } from './sqlite-backup.js';

let folder: string;
let file: string;
let target: string;
let server: Database.Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-backup-'));
  file = join(folder, 'latchkey.sqlite');
  target = join(folder, 'backup.sqlite');
  server = new Database(file);
  server.pragma('journal_mode = WAL');
  server.exec('CREATE TABLE things (id INTEGER PRIMARY KEY, size INTEGER, filling BLOB)');
  insertRows(1);
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** Inserts rows that each fill a page. */
function insertRows(count: number): void {
  const insert = server.prepare('INSERT INTO things (size, filling) VALUES (1, zeroblob(3000))');
  server.transaction(() => Array.from({ length: count }, () => insert.run()))();
}

describe('backUpSqlite', () => {
  it('copies a snapshot during writes', async () => {
    insertRows(11_999);
    const progress: number[] = [];

    await backUpSqlite(file, target, (done) => {
      progress.push(done);
      server.exec('UPDATE things SET size = size + 1');
    });

    expect(progress.length).toBeGreaterThan(10);
    expect(progress).toEqual([...progress].sort((one, other) => one - other));
    const copy = new Database(target, { readonly: true });
    const [row] = copy.prepare('SELECT COUNT(*) AS count, MAX(size) AS size FROM things').all();
    copy.close();
    expect(row).toEqual({ count: 12_000, size: 1 });
  });

  it('copies rows that violate a check, such as entries that someone inserted into the audit trail', async () => {
    server.exec(
      `CREATE TABLE checked (sequence INTEGER CHECK (sequence > 0));
       PRAGMA ignore_check_constraints = ON;
       INSERT INTO checked VALUES (-5)`,
    );

    await backUpSqlite(file, target, () => undefined);

    const copy = new Database(target, { readonly: true });
    const rows = copy.prepare('SELECT sequence FROM checked').all();
    copy.close();
    expect(rows).toEqual([{ sequence: -5 }]);
  });

  it('leaves no file behind when it fails', async () => {
    const before = readdirSync(folder);

    const backup = backUpSqlite(file, target, () => {
      throw new Error('The disk is full');
    });

    await expect(backup).rejects.toThrow('The disk is full');
    expect(readdirSync(folder)).toEqual(before);
  });

  it('names the file and the next step when it is damaged', async () => {
    const damaged = join(folder, 'damaged.sqlite');
    writeFileSync(damaged, 'These are my holiday pictures.\n'.repeat(1_000));

    await expect(backUpSqlite(damaged, target, () => undefined)).rejects.toThrow(
      `${damaged} cannot be backed up: file is not a database. Check DATABASE_URL, or restore a backup with ${LATCHKEY} restore.`,
    );
  });

  it('succeeds after an earlier backup was killed', async () => {
    writeFileSync(`${target}.partial`, 'half');

    await backUpSqlite(file, target, () => undefined);

    expect(readdirSync(folder)).toContain('backup.sqlite');
    expect(readdirSync(folder)).not.toContain('backup.sqlite.partial');
  });
});
