import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Config } from '../../platform/config/config.js';
import { ConfigurationError } from '../../common/application-error.js';
import { type Logger } from '../../platform/logging/logger.js';
import { AuditKeys, Pseudonyms } from './audit-keys.service.js';
import { SealingKey } from './sealing-key.js';

let folder: string;
let lines: unknown[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-audit-'));
  lines = [];
});

afterEach(() => rmSync(folder, { recursive: true }));

const file = () => join(folder, 'audit.key');
const logger = { info: (...line: unknown[]) => lines.push(line) } as unknown as Logger;
const keysIn = (dataDirectory: string) => new AuditKeys({ dataDirectory } as Config, logger);

const configured = SealingKey.create();
const keysWith = (auditKey: string) => new AuditKeys({ auditKey, dataDirectory: folder } as Config, logger);

describe('AuditKeys with a configured key', () => {
  it('seals with that key, and creates none', () => {
    const keys = keysWith(configured.secret);

    expect([keys.isConfigured, keys.own?.id, keys.ownOrCreate().id]).toEqual([
      true,
      configured.id,
      configured.id,
    ]);
    expect(keys.files.all()).toEqual([]);
    expect(lines).toEqual([]);
  });

  it('finds that key, those in the data folder, and those that were added', () => {
    const [kept, added] = [SealingKey.create(), SealingKey.create()];
    writeFileSync(`${file()}.old`, kept.secret);
    const keys = keysWith(configured.secret);

    keys.add(added);

    expect([configured, kept, added].map(({ id }) => keys.find(id)?.id)).toEqual([
      configured.id,
      kept.id,
      added.id,
    ]);
    expect(keys.find('0123456789abcdef')).toBeUndefined();
  });

  it('seals with a new key after `use`, and still finds the first', () => {
    const next = SealingKey.create();
    const keys = keysWith(configured.secret);

    keys.use(next);

    expect([keys.ownOrCreate().id, keys.find(next.id)?.id, keys.find(configured.id)?.id]).toEqual([
      next.id,
      next.id,
      configured.id,
    ]);
  });
});

describe('AuditKeys without a configured key', () => {
  it('has no key of its own before the first use', () => {
    const keys = keysIn(folder);

    expect([keys.isConfigured, keys.own]).toEqual([false, undefined]);
  });

  it('creates one in the data folder that only its owner can read, and logs its path without revealing it', () => {
    keysIn(folder).ownOrCreate();

    const stored = readFileSync(file(), 'utf8').trim();
    expect(Buffer.from(stored, 'base64')).toHaveLength(32);
    expect((statSync(file()).mode & 0o777).toString(8)).toBe('600');
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain(stored);
  });

  it('uses the same key at the next startup', () => {
    const { id } = keysIn(folder).ownOrCreate();

    expect(keysIn(folder).ownOrCreate().id).toBe(id);
    expect(lines).toHaveLength(1);
  });

  it('creates a missing data folder', () => {
    keysIn(join(folder, 'deep', 'data')).ownOrCreate();

    expect((statSync(join(folder, 'deep', 'data')).mode & 0o777).toString(8)).toBe('700');
  });

  it.each(['', 'c2hvcnQ=', 'not base64 at all'])('rejects a file with the content %j', (content) => {
    writeFileSync(file(), content);

    expect(() => keysIn(folder)).toThrow(ConfigurationError);
    expect(() => keysIn(folder)).toThrow(/^LATCHKEY_AUDIT_KEY: /);
  });
});

const withKey = (key: SealingKey) => new Pseudonyms({ ownOrCreate: () => key } as AuditKeys);

describe('Pseudonyms', () => {
  it('returns equal pseudonyms only for equal texts', () => {
    const pseudonyms = withKey(SealingKey.create());

    expect(pseudonyms.of('anne')).toBe(pseudonyms.of('anne'));
    expect(pseudonyms.of('anne')).not.toBe(pseudonyms.of('bert'));
    expect(pseudonyms.of('anne')).toHaveLength(43);
  });

  it('returns a different pseudonym with another key', () => {
    expect(withKey(SealingKey.create()).of('anne')).not.toBe(withKey(SealingKey.create()).of('anne'));
  });

  it('does not return the seal of the text', () => {
    const key = SealingKey.create();

    expect(withKey(key).of('anne')).not.toBe(key.seal('anne'));
  });
});
