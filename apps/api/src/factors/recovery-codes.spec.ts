import { describe, expect, it } from '@jest/globals';
import { createRecoveryCode, recoveryDigest } from './recovery-codes.js';
import { parseTotp } from './totp.js';

describe('createRecoveryCode', () => {
  it('returns a new code in four groups, which is no TOTP', () => {
    const code = createRecoveryCode();

    expect(code).toMatch(/^([b-df-hj-kmnp-tv-z]{5}-){3}[b-df-hj-kmnp-tv-z]{5}$/);
    expect(createRecoveryCode()).not.toBe(code);
    expect(parseTotp(code)).toBeUndefined();
  });
});

describe('recoveryDigest', () => {
  const code = createRecoveryCode();

  it.each([
    ['capital letters', code.toUpperCase()],
    ['no hyphens', code.replaceAll('-', '')],
    ['spaces', ` ${code.replaceAll('-', ' ')} `],
  ])('returns the digest of a code with %s', (_, text) => {
    expect(recoveryDigest(text)).toBe(recoveryDigest(code));
  });

  it.each([code.slice(1), `${code}b`, code.replace(/^./, 'a'), code.replace(/^./, '1'), '123456', ''])(
    'returns undefined for "%s"',
    (text) => {
      expect(recoveryDigest(text)).toBeUndefined();
    },
  );
});
