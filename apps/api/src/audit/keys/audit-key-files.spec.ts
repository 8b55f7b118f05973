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
  it('has no current key in the beginning', () => {
    expect(files.current()).toBeUndefined();
    expect(files.all()).toEqual([]);
  });

  it('has no key at all where there is no folder', () => {
    expect(new AuditKeyFiles(join(folder, 'none')).all()).toEqual([]);
  });

  it('says that a key could not be made, and leaves nothing behind', () => {
    mkdirSync(join(folder, 'audit.key'));

    expect(() => files.make()).toThrow();

    expect(readdirSync(folder)).toEqual(['audit.key']);
  });

  it('makes a key for its owner alone, and leaves nothing else behind', () => {
    const key = files.make();

    expect(files.current()?.id).toBe(key.id);
    expect([readdirSync(folder), modeOf('audit.key')]).toEqual([['audit.key'], '600']);
  });

  it('keeps the key that another process has just made', () => {
    const { id } = files.make();

    expect(new AuditKeyFiles(folder).make().id).toBe(id);
  });

  it('keeps an old key beside the new one, for its owner alone', () => {
    const old = files.make();
    const next = SealingKey.create();

    const path = files.keep(old);
    files.replace(next);

    expect(path).toBe(join(folder, `audit.key.${old.id}`));
    expect([modeOf('audit.key'), modeOf(`audit.key.${old.id}`)]).toEqual(['600', '600']);
    expect(files.current()?.id).toBe(next.id);
    expect(idsOf(files.all())).toEqual(idsOf([old, next]));
  });

  it('finds keys by what the files hold, whatever they are called', () => {
    const key = SealingKey.create();
    writeFileSync(join(folder, 'audit.key.before-the-move'), `${key.secret}\n`);

    expect(idsOf(files.all())).toEqual([key.id]);
  });

  it('looks past what is no key, and what was written halfway', () => {
    const key = SealingKey.create();
    writeFileSync(join(folder, 'audit.key.txt'), 'not a key');
    writeFileSync(join(folder, 'audit.key.x.part'), key.secret);
    writeFileSync(join(folder, 'audit.keys'), key.secret);

    expect(files.all()).toEqual([]);
  });

  it('is not kept up by what an earlier process wrote halfway', () => {
    writeFileSync(join(folder, 'audit.key.part'), 'half');

    const key = files.make();

    expect(readFileSync(join(folder, 'audit.key'), 'utf8')).toBe(`${key.secret}\n`);
    expect(readdirSync(folder)).toEqual(['audit.key']);
  });
});
