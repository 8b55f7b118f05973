import { describe, expect, it } from '@jest/globals';
import { canonicalUserName } from '@latchkey/auth-models';
import { skeletonOf } from './skeleton.js';

describe('skeletonOf', () => {
  it.each([
    ['letters that together look like one', 'admin', 'adrnin'],
    ['a digit and a letter', 'paul', 'pau1'],
    ['an i with a second dot', 'admin', 'admi\u0307n'],
    ['an i with a second dot below a mark', 'ad\u0323mị̇n'.normalize('NFC'), 'ad\u0323mịn'.normalize('NFC')],
    ['a dotless i with a dot', 'min', 'mı\u0307n'],
    ['Latin and Cyrillic', 'scope', 'ѕсоре'],
    ['Latin and Greek', 'νο', 'vo'],
    ['digits of two scripts', 'نور١', 'نورا'],
    ['a composed letter and a look-alike with a combining mark', 'có', 'со\u0301'],
  ])('is the same for %s: %s and %s', (_, one, other) => {
    expect([canonicalUserName(one), canonicalUserName(other)]).toEqual(
      [one, other].map((name) => name.normalize('NFC')),
    );
    expect(skeletonOf(one)).toBe(skeletonOf(other));
  });

  it.each([
    ['anne', 'anna'],
    ['anne', 'ännchen'],
    ['user-1', 'user-2'],
    ['o', '0'],
    ['straße', 'strasse'],
    ['аня', 'ана'],
  ])('differs for %s and %s', (one, other) => {
    expect(skeletonOf(one)).not.toBe(skeletonOf(other));
  });

  it('fits in its column', () => {
    const skeletons = Array.from({ length: 0x2ffff }, (_, code) => code)
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCodePoint(code))
      .filter((character) => canonicalUserName(character) === character)
      .map(skeletonOf);

    expect(Math.max(...skeletons.map((skeleton) => [...skeleton].length)) * 64).toBeLessThanOrEqual(1_024);
  });
});
