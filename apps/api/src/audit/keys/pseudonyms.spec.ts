import { describe, expect, it } from '@jest/globals';
import { type AuditKeys } from './audit-keys.js';
import { Pseudonyms } from './pseudonyms.js';
import { SealingKey } from './sealing-key.js';

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
