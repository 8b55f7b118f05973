import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AuditKeyFiles } from './audit-key-files.js';
import { SealingKey } from './sealing-key.js';

let folder: string;
let files: AuditKeyFiles;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-keys-'));
  files = new AuditKeyFiles(folder);
});

afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (name: string) => (statSync(join(folder, name)).mode & 0o777).toString(8);
const idsOf = (keys: readonly SealingKey[]) => keys.map(({ id }) => id).sort();

describe('AuditKeyFiles', () => {
  it('has no current key at first', () => {
    expect(files.current()).toBeUndefined();
    expect(files.all()).toEqual([]);
  });

  it('returns no keys when the folder does not exist', () => {
    expect(new AuditKeyFiles(join(folder, 'none')).all()).toEqual([]);
  });

  it('throws when a key cannot be created, and leaves no file behind', () => {
    mkdirSync(join(folder, 'audit.key'));

    expect(() => files.create()).toThrow();

    expect(readdirSync(folder)).toEqual(['audit.key']);
  });

  it('creates a key that only its owner can read, and leaves no other file behind', () => {
    const key = files.create();

    expect(files.current()?.id).toBe(key.id);
    expect([readdirSync(folder), modeOf('audit.key')]).toEqual([['audit.key'], '600']);
  });

  it('keeps the key that another process has just created', () => {
    const { id } = files.create();

    expect(new AuditKeyFiles(folder).create().id).toBe(id);
  });

  it('stores an old key beside the new one, readable only by its owner', () => {
    const old = files.create();
    const next = SealingKey.create();

    const path = files.keep(old);
    files.replace(next);

    expect(path).toBe(join(folder, `audit.key.${old.id}`));
    expect([modeOf('audit.key'), modeOf(`audit.key.${old.id}`)]).toEqual(['600', '600']);
    expect(files.current()?.id).toBe(next.id);
    expect(idsOf(files.all())).toEqual(idsOf([old, next]));
  });

  it('finds keys by the content of the files, regardless of their names', () => {
    const key = SealingKey.create();
    writeFileSync(join(folder, 'audit.key.before-the-move'), `${key.secret}\n`);

    expect(idsOf(files.all())).toEqual([key.id]);
  });

  it('ignores invalid keys and partly written files', () => {
    const key = SealingKey.create();
    writeFileSync(join(folder, 'audit.key.txt'), 'not a key');
    writeFileSync(join(folder, 'audit.key.x.part'), key.secret);
    writeFileSync(join(folder, 'audit.keys'), key.secret);

    expect(files.all()).toEqual([]);
  });

  it('replaces a file that an earlier process wrote partly', () => {
    writeFileSync(join(folder, 'audit.key.part'), 'half');

    const key = files.create();

    expect(readFileSync(join(folder, 'audit.key'), 'utf8')).toBe(`${key.secret}\n`);
    expect(readdirSync(folder)).toEqual(['audit.key']);
  });
});
