import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseTokenCredentials } from '../../../../apps/api/src/auth/credentials/token-credentials.js';
import { createTokenSecret } from '../../../../apps/api/src/platform/crypto/secrets.js';
import { expectEqual, runs } from '../../../../test/support/unit/property-testing.js';
import { base64Variants, referencePair } from '../../../../test/support/unit/reference-credentials.js';
import { introspectable, presentedIn } from './credentials.js';

const SECRETS = [createTokenSecret(), createTokenSecret('staging_')];
const [SECRET = ''] = SECRETS;

const secret = fc.constantFrom(
  ...SECRETS,
  SECRET.slice(0, -1),
  `${SECRET}0`,
  SECRET.replace(/.$/, (digit) => (digit === 'x' ? 'y' : 'x')),
  'password',
);
const pair = fc
  .tuple(fc.constantFrom('anna:', 'ANNA:', 'anna', '', ':', 'a\0:', 'jürgen:'), secret, fc.nat(3))
  .map(([name, text, variant]) => base64Variants(Buffer.from(name + text))[variant] ?? '');
const headers = fc.record(
  {
    'x-auth-token': fc.oneof(pair, secret, fc.constantFrom('', 'YQ==')),
    authorization: fc
      .tuple(fc.constantFrom('Bearer ', 'bearer  ', 'Bearer', 'Basic ', ''), fc.oneof(secret, pair))
      .map((parts) => parts.join('')),
  },
  { requiredKeys: [] },
);

/** Returns whether the server would look up the token, or the status of its rejection. */
function outcomeOf(read: () => unknown): unknown {
  try {
    return read() ? 'accepted' : 401;
  } catch (error) {
    const { status, code } = error as { status?: number; code: string };
    return status ?? (code === 'ambiguous_credentials' ? 400 : code);
  }
}

describe('credentials', () => {
  it('are rejected without a request to the server only if the server would reject them too', () => {
    fc.assert(
      fc.property(headers, (sent) => {
        expectEqual(
          outcomeOf(() => introspectable(presentedIn(sent, false))),
          outcomeOf(() => parseTokenCredentials(sent)),
        );
      }),
      runs(2_000),
    );
  });

  it('are accepted as Basic, if enabled, only if the server would accept them in X-Auth-Token', () => {
    const basic = fc.tuple(fc.constantFrom('Basic ', 'basic  ', 'Basic', 'Basic-'), fc.oneof(secret, pair));
    fc.assert(
      fc.property(basic, ([scheme, encoded]) => {
        const authorization = `${scheme}${encoded}`;
        const sent = /^basic +/i.test(authorization) ? { 'x-auth-token': encoded } : { authorization };
        const read = (acceptBasic: boolean) => introspectable(presentedIn({ authorization }, acceptBasic));

        expectEqual(
          outcomeOf(() => read(true)),
          outcomeOf(() => parseTokenCredentials(sent)),
        );
        expectEqual(
          outcomeOf(() => read(false)),
          401,
        );
      }),
      runs(1_000),
    );
  });

  it('are ambiguous if X-Auth-Token and an accepted Basic have different users or tokens', () => {
    fc.assert(
      fc.property(fc.tuple(pair, pair), ([one, other]) => {
        const [pairOfOne, pairOfOther] = [one, other].map((text) => JSON.stringify(referencePair(text)));
        const sent = { 'x-auth-token': one, authorization: `Basic ${other}` };
        const accepted = outcomeOf(() => parseTokenCredentials({ 'x-auth-token': one }));

        expectEqual(
          outcomeOf(() => introspectable(presentedIn(sent, true))),
          pairOfOne === pairOfOther ? accepted : 400,
        );
        expectEqual(
          outcomeOf(() => introspectable(presentedIn(sent, false))),
          accepted,
        );
      }),
      runs(1_000),
    );
  });

  it('have different digests in different header fields', () => {
    const [one, other] = [{ authorization: SECRET }, { 'x-auth-token': SECRET }].map((sent) =>
      presentedIn(sent, false),
    );

    expect(one?.digest).not.toBe(other?.digest);
  });
});
