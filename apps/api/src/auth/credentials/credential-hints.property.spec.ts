import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText, runs } from '../../../../../test/support/unit/property-testing.js';
import {
  BASE64_DIGITS,
  base64Variants,
  referenceBase64,
  referencePair,
  referenceSecret,
} from '../../../../../test/support/unit/reference-credentials.js';
import { basicHint, tokenHint } from './credential-hints.js';

const SECRET = referenceSecret('Zz9');

/** All hints. None repeats what was sent. */
const HINTS = [
  undefined,
  expect.stringMatching(/^No credentials were sent\. Log in with POST \/auth\/login, and send the token in/),
  expect.stringMatching(
    /^X-Auth-Token takes base64\(user:token\)\. Authorization: Bearer takes the token\.$/,
  ),
  expect.stringMatching(
    /^Authorization: Basic is for POST \/auth\/login only\. Log in there, and send the token in/,
  ),
  expect.stringMatching(/^Authorization takes Bearer and the token\. Other schemes are not accepted\./),
  expect.stringMatching(
    /^This route accepts Authorization: Basic base64\(name:password\), and no other scheme\.$/,
  ),
  expect.stringMatching(/^No name and password were sent\. Send Authorization: Basic/),
  expect.stringMatching(/^Authorization: Basic takes base64\(name:password\) in UTF-8/),
  expect.stringMatching(/^The encoded text ends with a line break, which echo adds/),
];

const pair = fc
  .tuple(fc.string({ minLength: 1 }), fc.string())
  .map((parts) => parts.join(':'))
  .filter((text) => referencePair(Buffer.from(text).toString('base64')) !== null);
const encoded = fc.tuple(pair, fc.nat(3)).map(([text, way]) => base64Variants(Buffer.from(text))[way] ?? '');
const anything = fc.oneof(encoded, anyText, fc.base64String());
const headers = fc.record(
  {
    'x-auth-token': anything,
    authorization: fc
      .tuple(fc.constantFrom('Basic ', 'Bearer ', 'basic', ''), anything)
      .map((parts) => parts.join('')),
  },
  { requiredKeys: [] },
);

describe('tokenHint and basicHint', () => {
  it('return one of a few fixed texts or undefined', () => {
    fc.assert(
      fc.property(headers, (sent) => {
        for (const hint of [tokenHint(sent), basicHint(sent.authorization)]) {
          expect(HINTS).toContainEqual(hint);
        }
      }),
      runs(1_000),
    );
  });

  it('return undefined for every valid pair', () => {
    fc.assert(
      fc.property(encoded, (text) => {
        expect([tokenHint({ 'x-auth-token': text }), basicHint(`Basic ${text}`)]).toEqual([
          undefined,
          undefined,
        ]);
      }),
      runs(300),
    );
  });

  it('report a line break after any pair', () => {
    fc.assert(
      fc.property(pair, fc.constantFrom('\n', '\r\n'), fc.nat(3), (text, end, way) => {
        const written = base64Variants(Buffer.from(text + end))[way] ?? '';

        expect(tokenHint({ 'x-auth-token': written })).toBe(basicHint(`Basic ${written}`));
        expect(tokenHint({ 'x-auth-token': written })).toMatch(/ends with a line break/);
      }),
      runs(300),
    );
  });

  it('return undefined for a token with one changed character, like for other invalid tokens', () => {
    const digit = fc.constantFrom(...BASE64_DIGITS);
    fc.assert(
      fc.property(fc.nat(3), fc.nat(), digit, (way, place, other) => {
        const written = base64Variants(Buffer.from(`anne:${SECRET}`))[way] ?? '';
        const at = place % written.replace(/=+$/, '').length;
        const changed = written.slice(0, at) + other + written.slice(at + 1);
        fc.pre(!/[\r\n]$/.test(referenceBase64(changed)?.toString('latin1') ?? ''));

        expect(tokenHint({ 'x-auth-token': changed })).toBeUndefined();
      }),
      runs(500),
    );
  });
});
