import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Config } from '../../platform/config/config.js';
import { ConfigurationError } from '../../common/application-error.js';
import { LATCHKEY } from '../../common/program-name.js';
import { type Logger } from '../../platform/logging/logger.js';
import { AuditKeys } from './audit-keys.service.js';
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

describe('trailKeyFinding', () => {
  it('returns undefined when the key is the server’s own or unknown', () => {
    put('audit.key', own);

    expect(trailKeyFinding(own.id, keys())).toBeUndefined();
    expect(trailKeyFinding(own.id, keys(own.secret))).toBeUndefined();
    expect(trailKeyFinding(undefined, keys())).toBeUndefined();
  });

  it('reports no problem when the key is beside the server’s own, to which the next start hands over', () => {
    put('audit.key', own);
    put(`audit.key.${other.id}`, other);

    const finding = trailKeyFinding(other.id, keys());

    expect(finding).toMatchObject({ isProblem: false, message: expect.stringContaining(other.id) });
    expect(finding?.advice).toContain(`hands over to key ${own.id}`);
  });

  it('reports no problem when the folder has no current key, because the next start creates one', () => {
    put('audit.key.old', other);

    const finding = trailKeyFinding(other.id, keys());

    expect(finding).toMatchObject({ isProblem: false, advice: expect.stringMatching(/to a new key\.$/) });
  });

  it('reports a problem with advice when the server does not have the key', () => {
    put('audit.key', own);

    const finding = trailKeyFinding(other.id, keys());

    expect(finding).toMatchObject({
      isProblem: true,
      message: `The audit trail needs key ${other.id}, and this server has key ${own.id}.`,
      advice: `Set LATCHKEY_AUDIT_KEY to the needed key, or save it as ${folder}/audit.key.old. If it is lost, run: ${LATCHKEY} rotate-audit-key --old-key-lost`,
    });
  });

  it('reports a problem when only the folder has the key and another one is configured', () => {
    put('audit.key.old', other);

    const finding = trailKeyFinding(other.id, keys(own.secret));

    expect(finding).toMatchObject({
      isProblem: true,
      advice: expect.stringMatching(
        /^The data folder has the needed key\. .*rotate-audit-key, or set LATCHKEY_AUDIT_KEY/,
      ),
    });
  });
});

describe('checkTrailKey', () => {
  it.each([
    ['is empty', ''],
    ['has its key', own.id],
  ])('accepts a trail that %s', (_, keyId) => {
    expect(() => checkTrailKey(keyId, keys(own.secret))).not.toThrow();
  });

  it('accepts a trail whose key is in the data folder', () => {
    put('audit.key.old', other);

    expect(() => checkTrailKey(other.id, keys(own.secret))).not.toThrow();
  });

  it.each([
    ['the server has another key', own.secret, `key ${own.id}. Set LATCHKEY_AUDIT_KEY`],
    ['the server has no key', undefined, 'no audit key. Copy your backup of it to'],
  ])('throws with the required key when %s', (_, auditKey, given) => {
    const check = () => checkTrailKey(other.id, keys(auditKey));

    expect(check).toThrow(ConfigurationError);
    expect(check).toThrow(`The audit trail needs key ${other.id}, and this server has ${given}`);
  });
});
