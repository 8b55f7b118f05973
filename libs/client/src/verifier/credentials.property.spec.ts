import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseTokenCredentials } from '../../../../apps/api/src/auth/credentials/token-credentials.js';
import { createTokenSecret } from '../../../../apps/api/src/platform/crypto/secrets.js';
import { runs } from '../../../../test/support/unit/property-testing.js';
import { base64Variants } from '../../../../test/support/unit/reference-credentials.js';
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
  it('are rejected without a look-up only if the server would reject them too', () => {
    fc.assert(
      fc.property(headers, (sent) => {
        expect(outcomeOf(() => introspectable(presentedIn(sent)))).toBe(
          outcomeOf(() => parseTokenCredentials(sent)),
        );
      }),
      runs(2_000),
    );
  });

  it('have different digests in different header fields', () => {
    const [one, other] = [{ authorization: SECRET }, { 'x-auth-token': SECRET }].map(presentedIn);

    expect(one?.digest).not.toBe(other?.digest);
  });
});
