import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { anyCharacter, expectEqual, runs } from '../../../../../test/support/unit/property-testing.js';
import {
  BASE62_DIGITS,
  isReferenceSecret,
  referenceSecret,
} from '../../../../../test/support/unit/reference-credentials.js';
import { createTokenSecret, digestOf, isTokenSecret, previewOf } from './secrets.js';

const digit = fc.constantFrom(...BASE62_DIGITS);
const digits = (length: number) => fc.string({ unit: digit, minLength: length, maxLength: length });
const secret = digits(27).map(referenceSecret);
const replaced = (text: string, place: number, by: string) =>
  text.slice(0, place) + by + text.slice(place + by.length);

describe('isTokenSecret with any input', () => {
  it('agrees with a strict reference on created secrets', () => {
    fc.assert(
      fc.property(secret, (made) => {
        expectEqual([isTokenSecret(made), isReferenceSecret(createTokenSecret())], [true, true]);
      }),
      runs(300),
    );
  });

  it('rejects every change of one character', () => {
    const other = fc.oneof(digit, anyCharacter);
    fc.assert(
      fc.property(secret, fc.nat(41), other, (made, place, character) => {
        const changed = made.slice(0, place) + character + made.slice(place + 1);

        expectEqual(isTokenSecret(changed), changed === made);
      }),
      runs(2_000),
    );
  });

  it('rejects every change of up to four adjacent digits, and every swap of two', () => {
    fc.assert(
      fc.property(secret, fc.integer({ min: 9, max: 32 }), digits(4), (made, place, others) => {
        const changed = replaced(made, place, others);
        const swapped = replaced(made, place, `${made[place + 1]}${made[place]}`);

        // A 32-bit CRC detects every burst of up to 32 bits.
        expectEqual(isTokenSecret(changed), changed === made);
        expectEqual(isTokenSecret(swapped), swapped === made);
      }),
      runs(1_000),
    );
  });

  it('rejects guessed checksums', () => {
    fc.assert(
      fc.property(digits(27), digits(6), (random, guess) => {
        const text = `latchkey_${random}${guess}`;

        expectEqual(isTokenSecret(text), text === referenceSecret(random));
      }),
      runs(1_000),
    );
  });

  it('agrees with a strict reference on nearly valid texts', () => {
    const text = fc.tuple(
      fc.constantFrom('latchkey_', 'LATCHKEY_', 'lk', '', ' latchkey_'),
      secret,
      fc.constantFrom('', '\n', '0'),
    );
    fc.assert(
      fc.property(text, fc.nat(4), ([prefix, made, end], cut) => {
        const given = prefix + made.slice(cut) + end;

        expectEqual(isTokenSecret(given), isReferenceSecret(given));
      }),
      runs(500),
    );
  });
});

describe('digestOf and previewOf', () => {
  it('differ by digest, and reveal four characters only', () => {
    fc.assert(
      fc.property(secret, secret, (one, other) => {
        expectEqual(digestOf(one) === digestOf(other), one === other);
        expectEqual(previewOf(one), `latchkey_…${one.slice(-4)}`);
      }),
      runs(300),
    );
  });
});
