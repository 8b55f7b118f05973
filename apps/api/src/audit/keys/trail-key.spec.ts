import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Config } from '../../platform/config/config.js';
import { ConfigurationError } from '../../platform/config/configuration-error.js';
import { type Logger } from '../../platform/logging/logger.js';
import { AuditKeys } from './audit-keys.js';
import { SealingKey } from './sealing-key.js';
import { checkTrailKey, trailKeyFinding } from './trail-key.js';

const own = SealingKey.create();
const other = SealingKey.create();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-keys-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, key: SealingKey) => writeFileSync(join(folder, name), key.secret);

const keys = (auditKey?: string) =>
  new AuditKeys({ auditKey, dataDirectory: folder } as Config, {} as Logger);

describe('the key that a trail goes on with', () => {
  it('is nothing to tell of when it is the server’s own, or not known', () => {
    put('audit.key', own);

    expect(trailKeyFinding(own.id, keys())).toBeUndefined();
    expect(trailKeyFinding(own.id, keys(own.secret))).toBeUndefined();
    expect(trailKeyFinding(undefined, keys())).toBeUndefined();
  });

  it('is no problem beside the server’s own, to which the next start hands over', () => {
    put('audit.key', own);
    put(`audit.key.${other.id}`, other);

    const finding = trailKeyFinding(other.id, keys());

    expect(finding).toMatchObject({ isProblem: false, message: expect.stringContaining(other.id) });
    expect(finding?.message).toContain(`hands over to key ${own.id}`);
  });

  it('is no problem when the folder has no other, as the next start makes one', () => {
    put('audit.key.old', other);

    const finding = trailKeyFinding(other.id, keys());

    expect(finding).toMatchObject({ isProblem: false, message: expect.stringMatching(/to a new key\.$/) });
  });

  it('is a problem when it is nowhere, with what to do next', () => {
    put('audit.key', own);

    const finding = trailKeyFinding(other.id, keys());

    expect(finding).toMatchObject({
      isProblem: true,
      message: expect.stringContaining(`was given ${own.id}. Put that key beside ${folder}/audit.key as`),
    });
    expect(finding?.message).toContain('--old-key-lost');
  });

  it('is a problem when the folder alone vouches for it against the configured one', () => {
    put('audit.key.old', other);

    const finding = trailKeyFinding(other.id, keys(own.secret));

    expect(finding).toMatchObject({
      isProblem: true,
      message: expect.stringMatching(
        /The data folder has that key\. .*rotate-audit-key, or set LATCHKEY_AUDIT_KEY/,
      ),
    });
  });
});

describe('a server that is to go on with a trail', () => {
  it.each([
    ['is empty', ''],
    ['has its key', own.id],
  ])('can if the trail %s', (_, keyId) => {
    expect(() => checkTrailKey(keyId, keys(own.secret))).not.toThrow();
  });

  it('can if the data folder has the key of the trail', () => {
    put('audit.key.old', other);

    expect(() => checkTrailKey(other.id, keys(own.secret))).not.toThrow();
  });

  it.each([
    ['it was given another', own.secret, `this is ${own.id}`],
    ['it has none at all', undefined, 'there is none'],
  ])('cannot if %s, and says which one it needs', (_, auditKey, given) => {
    const check = () => checkTrailKey(other.id, keys(auditKey));

    expect(check).toThrow(ConfigurationError);
    expect(check).toThrow(`sealed with key ${other.id}, and ${given}`);
  });
});
