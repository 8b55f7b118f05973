import { describe, expect, it } from '@jest/globals';
import { createTotpSecret, findStep, parseTotp, stepAt, toBase32, totpAt, totpUri } from './totp.js';

/** Secret of the test vectors in RFC 6238, appendix B. */
const SECRET = Buffer.from('12345678901234567890');

describe('totpAt', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('returns the last six digits of the vector in RFC 6238 at %i s', (seconds, code) => {
    expect(totpAt(SECRET, stepAt(seconds * 1_000))).toBe(code);
  });
});

describe('toBase32', () => {
  it('encodes a secret as in RFC 4648', () => {
    expect(toBase32(SECRET)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    expect(toBase32(createTotpSecret())).toMatch(/^[A-Z2-7]{32}$/);
  });
});

describe('totpUri', () => {
  it('escapes the name', () => {
    expect(totpUri('änne+1', SECRET)).toBe(
      'otpauth://totp/Latchkey:%C3%A4nne%2B1?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Latchkey',
    );
  });
});

describe('parseTotp', () => {
  it.each([
    ['123456', '123456'],
    [' 123 456 ', '123456'],
    ['12345', undefined],
    ['1234567', undefined],
    ['12345a', undefined],
    ['\u0661\u0662\u0663\u0664\u0665\u0666', undefined],
    ['\uFF11\uFF12\uFF13\uFF14\uFF15\uFF16', undefined],
    ['123\u00a0456', undefined],
    ['123456\n', undefined],
    ['-12345', undefined],
    ['', undefined],
  ])('parses "%s" as %s', (text, code) => {
    expect(parseTotp(text)).toBe(code);
  });
});

describe('findStep', () => {
  const now = 1_111_111_111_000;
  const step = stepAt(now);

  it.each([
    [-90, false],
    [-60, false],
    [-30, true],
    [0, true],
    [30, true],
    [60, false],
    [90, false],
  ])('decides on a code of a clock that differs by %i s', (seconds, isAccepted) => {
    const codeStep = stepAt(now + seconds * 1_000);

    expect(findStep(SECRET, totpAt(SECRET, codeStep), now, 0)).toBe(isAccepted ? codeStep : undefined);
  });

  it('rejects the code of an accepted step, and of the step before', () => {
    expect(findStep(SECRET, totpAt(SECRET, step), now, step)).toBeUndefined();
    expect(findStep(SECRET, totpAt(SECRET, step - 1), now, step)).toBeUndefined();
    expect(findStep(SECRET, totpAt(SECRET, step + 1), now, step)).toBe(step + 1);
  });
});
