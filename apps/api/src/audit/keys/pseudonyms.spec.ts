import { describe, expect, it } from '@jest/globals';
import { type AuditKeys } from './audit-keys.js';
import { Pseudonyms } from './pseudonyms.js';
import { SealingKey } from './sealing-key.js';

const withKey = (key: SealingKey) => new Pseudonyms({ first: () => key } as AuditKeys);

describe('a pseudonym', () => {
  it('is the same for the same text, and another for another', () => {
    const pseudonyms = withKey(SealingKey.create());

    expect(pseudonyms.of('anne')).toBe(pseudonyms.of('anne'));
    expect(pseudonyms.of('anne')).not.toBe(pseudonyms.of('bert'));
    expect(pseudonyms.of('anne')).toHaveLength(43);
  });

  it('is another with another key', () => {
    expect(withKey(SealingKey.create()).of('anne')).not.toBe(withKey(SealingKey.create()).of('anne'));
  });

  it('is no seal of the text itself', () => {
    const key = SealingKey.create();

    expect(withKey(key).of('anne')).not.toBe(key.seal('anne'));
  });
});
