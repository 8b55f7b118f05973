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

/** Every hint there is: a text that says where something goes, and nothing of what was sent. */
const HINTS = [
  undefined,
  expect.stringMatching(/^No credentials were sent: log in with POST \/auth\/login and send its token in/),
  expect.stringMatching(
    /^X-Auth-Token takes base64\(user:token\); Authorization: Bearer takes the token alone\.$/,
  ),
  expect.stringMatching(
    /^Authorization: Basic is for POST \/auth\/login alone: log in there, and send its token in/,
  ),
  expect.stringMatching(/^No name and password were sent: this takes them as Authorization: Basic/),
  expect.stringMatching(/^Authorization: Basic takes base64\(name:password\), in UTF-8/),
  expect.stringMatching(/^What was encoded in base64 ends with a line end, which echo adds/),
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

describe('tokenHint and basicHint, for anything', () => {
  it('say one of a few texts or nothing, whatever was sent', () => {
    fc.assert(
      fc.property(headers, (sent) => {
        for (const hint of [tokenHint(sent), basicHint(sent.authorization)]) {
          expect(HINTS).toContainEqual(hint);
        }
      }),
      runs(1_000),
    );
  });

  it('say nothing of what is a pair, whoever and whatever it names', () => {
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

  it('tell a line end behind any pair', () => {
    fc.assert(
      fc.property(pair, fc.constantFrom('\n', '\r\n'), fc.nat(3), (text, end, way) => {
        const written = base64Variants(Buffer.from(text + end))[way] ?? '';

        expect(tokenHint({ 'x-auth-token': written })).toBe(basicHint(`Basic ${written}`));
        expect(tokenHint({ 'x-auth-token': written })).toMatch(/ends with a line end/);
      }),
      runs(300),
    );
  });

  it('say nothing of a token of which one character was changed, so that it is answered like any that is good for nothing', () => {
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
