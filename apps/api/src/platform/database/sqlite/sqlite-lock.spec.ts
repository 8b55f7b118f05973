import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteLock } from './sqlite-lock.js';

const IN_USE = /^DATABASE_URL: another Latchkey process uses /;

let folder: string;
let file: string;
let locks: SqliteLock[];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'latchkey-lock-')));
  file = join(folder, 'latchkey.sqlite');
  locks = [];
});

afterEach(() => {
  locks.forEach((lock) => lock.release());
  rmSync(folder, { recursive: true });
});

const take = (path: string) => locks.push(SqliteLock.acquireFor(path));

describe('SqliteLock', () => {
  it('rejects a second process', () => {
    take(file);

    expect(() => take(file)).toThrow(IN_USE);
    locks.pop()?.release();
    expect(() => take(file)).not.toThrow();
  });

  it.each(['the file', 'a link to it'])(
    'rejects another path to the same file when %s is locked first',
    (first) => {
      const link = join(folder, 'link.sqlite');
      // A dangling link, because the database does not exist yet.
      symlinkSync(file, link);
      const paths = first === 'the file' ? [file, link] : [link, file];
      take(paths[0] ?? '');

      expect(() => take(paths[1] ?? '')).toThrow(IN_USE);
    },
  );

  it('rejects another path to the same folder', () => {
    const link = join(folder, 'link');
    symlinkSync(folder, link);
    take(file);

    expect(() => take(join(link, 'latchkey.sqlite'))).toThrow(IN_USE);
  });

  it('reports the cause when the file cannot be opened', () => {
    writeFileSync(`${file}.lock`, 'These are my holiday pictures.\n'.repeat(1_000));

    expect(() => take(file)).toThrow(/^DATABASE_URL: .*latchkey\.sqlite cannot be .*not a database/);
  });

  it('rejects a folder that is a file', () => {
    writeFileSync(join(folder, 'data'), '');

    expect(() => take(join(folder, 'data', 'latchkey.sqlite'))).toThrow(/^DATABASE_URL: .* cannot be /);
  });

  it('creates the folder', () => {
    mkdirSync(join(folder, 'data'));

    expect(() => take(join(folder, 'data', 'of', 'latchkey.sqlite'))).not.toThrow();
  });

  describe('undo', () => {
    it('removes the file, its folders and the lock when they are new', () => {
      const lock = SqliteLock.acquireFor(join(folder, 'data', 'of', 'latchkey.sqlite'));

      lock.undo();

      expect(readdirSync(folder)).toEqual([]);
    });

    it('keeps existing files and files of other processes', () => {
      writeFileSync(file, '');
      SqliteLock.acquireFor(file).release();
      const lock = SqliteLock.acquireFor(join(folder, 'data', 'latchkey.sqlite'));
      writeFileSync(join(folder, 'data', 'notes'), '');

      lock.undo();
      SqliteLock.acquireFor(file).undo();

      expect(readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()).toEqual([
        'data',
        'data/notes',
        'latchkey.sqlite',
        'latchkey.sqlite.lock',
      ]);
    });
  });

  it('leaves no folder behind when the file cannot be created', () => {
    expect(() => take(join(folder, 'data', 'x'.repeat(300)))).toThrow(/^DATABASE_URL: .* cannot be /);

    expect(readdirSync(folder)).toEqual([]);
  });
});
