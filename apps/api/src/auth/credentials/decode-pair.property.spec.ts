import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText, expectEqual, runs } from '../../../../../test/support/unit/property-testing.js';
import {
  BASE64_DIGITS,
  base64Variants,
  referencePair,
} from '../../../../../test/support/unit/reference-credentials.js';
import { decodePair } from './decode-pair.js';

const text = anyText.filter((value) => !/\p{Cc}|\p{Cs}/u.test(value));
const name = text.filter((value) => value !== '' && !value.includes(':'));
const digit = fc.constantFrom(...BASE64_DIGITS);
/** Bytes that often start like a pair, so that some contain a colon. */
const bytes = fc
  .tuple(fc.constantFrom('', 'a:', 'ü:'), fc.uint8Array({ maxLength: 24 }))
  .map(([start, rest]) => Buffer.concat([Buffer.from(start), rest]));

describe('decodePair', () => {
  it('returns every name and secret without control characters, in all variants of base64', () => {
    fc.assert(
      fc.property(name, text, (user, secret) => {
        const read = base64Variants(Buffer.from(`${user}:${secret}`)).map(decodePair);

        expectEqual(read, Array(4).fill({ name: user, secret }));
      }),
      runs(200),
    );
  });

  it('agrees with a strict reference on any bytes in all variants of base64', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const ways = base64Variants(given);

        expectEqual(ways.map(decodePair), ways.map(referencePair));
      }),
      runs(1_000),
    );
  });

  it('agrees with a strict reference on nearly valid texts', () => {
    const unit = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0z', '+', '/', '-', '_', '=');
    const nearly = fc
      .tuple(fc.constantFrom('', 'YTpi', 'YTo='), fc.string({ unit, maxLength: 8 }))
      .map((parts) => parts.join(''));

    fc.assert(
      fc.property(nearly, (given) => expectEqual(decodePair(given), referencePair(given))),
      runs(3_000),
    );
  });

  it('agrees with a strict reference on pairs with one changed character', () => {
    const other = fc.oneof(digit, fc.constantFrom(...'=%: \t\n\0', 'é', '\ud83d'));

    fc.assert(
      fc.property(name, text, fc.nat(3), fc.nat(), other, (user, secret, way, place, character) => {
        const written = base64Variants(Buffer.from(`${user}:${secret}`))[way] ?? '';
        const at = place % written.length;
        const changed = written.slice(0, at) + character + written.slice(at + 1);

        expectEqual(decodePair(changed), referencePair(changed));
      }),
      runs(1_000),
    );
  });

  it('never returns a replacement character', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const pair = decodePair(given.toString('base64'));

        if (pair && `${pair.name}${pair.secret}`.includes('\ufffd')) {
          expectEqual(given.includes('\ufffd'), true);
        }
      }),
      runs(1_000),
    );
  });

  it('never throws', () => {
    const anything = fc.oneof(anyText, fc.string());

    fc.assert(
      fc.property(anything, (given) => void decodePair(given)),
      runs(300),
    );
  });

  it('accepts only one form of each credential per alphabet', () => {
    fc.assert(
      fc.property(fc.string({ unit: digit, minLength: 1, maxLength: 16 }), (rest) => {
        const written = `YTpi${rest}`;
        const pair = decodePair(written);

        if (pair) {
          expect(base64Variants(Buffer.from(`${pair.name}:${pair.secret}`))).toContain(written);
        }
      }),
      runs(500),
    );
  });
});
