import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Config } from '../platform/config/config.js';
import { type Logger } from '../platform/logging/logger.js';
import { FactorSeal } from './factor-seal.service.js';

const SECRET = Buffer.from('12345678901234567890');
/** Changes the last two characters. */
const damage = (sealed: string) => sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA');
const KEY = Buffer.alloc(32, 1).toString('base64');

let folder: string;
let error: jest.Mock;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-seal-'));
  error = jest.fn();
});

afterEach(() => rmSync(folder, { recursive: true }));

function sealWith(sealKey?: string, kind = 'sqlite'): FactorSeal {
  const sealKeys = sealKey === undefined ? [] : sealKey.split(',');
  const config = { dataDirectory: folder, sealKeys, database: { kind } } as unknown as Config;
  return new FactorSeal(config, { info: jest.fn(), error } as unknown as Logger);
}

describe('FactorSeal', () => {
  it('opens a secret with the key in the data folder, which it creates with mode 0600', () => {
    const sealed = sealWith().seal(SECRET, 'anne');

    expect(sealWith().open(sealed, 'anne')).toEqual(SECRET);
    expect(statSync(join(folder, 'seal.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'seal.key'), 'utf8')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
    expect(error).not.toHaveBeenCalled();
  });

  it('seals the same secret differently each time', () => {
    const seal = sealWith(KEY);

    expect(seal.seal(SECRET, 'anne')).not.toBe(seal.seal(SECRET, 'anne'));
  });

  it.each([
    ['another user', (sealed: string) => sealWith(KEY).open(sealed, 'bert')],
    [
      'another key',
      (sealed: string) => sealWith(Buffer.alloc(32, 2).toString('base64')).open(sealed, 'anne'),
    ],
    ['no key', (sealed: string) => sealWith().open(sealed, 'anne')],
    ['a changed text', (sealed: string) => sealWith(KEY).open(damage(sealed), 'anne')],
    ['a cut text', (sealed: string) => sealWith(KEY).open(sealed.slice(0, 30), 'anne')],
    ['an empty text', () => sealWith(KEY).open('', 'anne')],
  ])('returns undefined for %s, and logs the way out', (_, open) => {
    expect(open(sealWith(KEY).seal(SECRET, 'anne'))).toBeUndefined();
    expect(error).toHaveBeenCalledWith(
      expect.objectContaining({ userId: expect.any(String) }),
      expect.stringMatching(/LATCHKEY_SEAL_KEY.*reset-second-factors NAME/),
    );
  });

  it('creates no key with PostgreSQL, where each replica would have its own', () => {
    expect(() => sealWith(undefined, 'postgres').seal(SECRET, 'anne')).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
  });
});
