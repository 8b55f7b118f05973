import { describe, it } from '@jest/globals';
import { canonicalUserName } from '@latchkey/auth-models';
import fc from 'fast-check';
import { anyText, expectEqual, runs } from '../../../../../test/support/unit/property-testing.js';
import { base64Variants, referencePair } from '../../../../../test/support/unit/reference-credentials.js';
import { parseBasic, type BasicCredentials } from './decode-pair.js';

/** RFC 7617 without regular expressions: the scheme in any case, spaces, and one token to the end. */
function strictBasic(header: string): BasicCredentials | null {
  const scheme = [...header.slice(0, 5)].map((letter) => String.fromCharCode(letter.charCodeAt(0) | 0x20));
  const encoded = [...header.slice(5)].join('').replace(/^ +/, '');
  const pair = referencePair(encoded);
  if (scheme.join('') !== 'basic' || header[5] !== ' ' || !pair) {
    return null;
  }
  return { name: canonicalUserName(pair.name), givenName: pair.name, password: pair.secret };
}

const scheme = fc.mixedCase(fc.constant('basic'));
const spaces = fc.string({ unit: fc.constant(' '), minLength: 1, maxLength: 3 });
const pair = fc.string({ unit: fc.constantFrom(...'aZü:ı 0\u00a0\n', '😀') });

describe('parseBasic', () => {
  it('agrees with a strict reference in all variants of base64', () => {
    fc.assert(
      fc.property(scheme, spaces, pair, (word, gap, written) => {
        const headers = base64Variants(Buffer.from(written)).map((way) => `${word}${gap}${way}`);

        expectEqual(headers.map(parseBasic), headers.map(strictBasic));
      }),
      runs(500),
    );
  });

  it('agrees with a strict reference on nearly valid headers', () => {
    const parts = fc.constantFrom(
      'Basic',
      'baſic',
      'Bas',
      'ic',
      'Bearer',
      ' ',
      '  ',
      '\t',
      'YTpi',
      'YTo=',
      ',',
      '',
    );
    const header = fc.array(parts, { maxLength: 5 }).map((all) => all.join(''));

    fc.assert(
      fc.property(header, (given) => expectEqual(parseBasic(given), strictBasic(given))),
      runs(2_000),
    );
  });

  it('returns canonical names only', () => {
    fc.assert(
      fc.property(pair, (written) => {
        const name = parseBasic(`Basic ${Buffer.from(`ＡZ${written}`).toString('base64')}`)?.name ?? null;

        expectEqual(name === null ? null : canonicalUserName(name), name);
      }),
      runs(300),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(anyText, (text) => void [parseBasic(text), parseBasic(`Basic ${text}`)]),
      runs(300),
    );
  });
});
