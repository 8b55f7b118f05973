import { describe, it } from '@jest/globals';
import { canonicalUserName } from '@latchkey/auth-models';
import fc from 'fast-check';
import { anyText, expectEqual, runs } from '../../../../../test/support/unit/property-testing.js';
import {
  base64Variants,
  isReferenceSecret,
  referencePair,
  referenceSecret,
} from '../../../../../test/support/unit/reference-credentials.js';
import { ApplicationError } from '../../common/application-error.js';
import {
  parseTokenCredentials,
  parseTokenText,
  presentedText,
  type TokenCredentials,
} from './token-credentials.js';

const [ONE, OTHER] = [referenceSecret('Zz9'), referenceSecret('1aA')];
/** Reserved names, which may or may not be accepted. */
const RESERVED = ['me', 'bulk'];

/** Reference implementation of the contract for `X-Auth-Token`. */
function strictXAuthToken(text: string): TokenCredentials | null {
  const pair = referencePair(text);
  if (!pair || !isReferenceSecret(pair.secret)) {
    return null;
  }
  const name = RESERVED.includes(pair.name) ? pair.name : canonicalUserName(pair.name);
  return name === null ? null : { name, secret: pair.secret };
}

const secret = fc.constantFrom(
  ONE,
  ONE,
  OTHER,
  ONE.slice(1),
  `${ONE}0`,
  ONE.toUpperCase(),
  ONE.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
  `${ONE.slice(0, -1)}!`,
  '',
);
const user = fc.constantFrom(
  'anne',
  'ANNE',
  'ａｎｎｅ',
  'me',
  'a b',
  'änne',
  'a\u0308nne',
  '',
  'аnne',
  'no:body',
);
const xAuthToken = fc
  .tuple(user, secret, fc.nat(3))
  .map(([name, value, way]) => base64Variants(Buffer.from(`${name}:${value}`))[way] ?? '');
const given = fc.oneof({ weight: 4, arbitrary: xAuthToken }, secret, anyText);
const scheme = fc.constantFrom(
  'Bearer ',
  'bearer   ',
  'BEARER ',
  'Bearer',
  'BearerX ',
  'Basic ',
  '\nBearer ',
  '',
);
const authorization = fc
  .tuple(scheme, fc.oneof({ weight: 4, arbitrary: secret }, given))
  .map(([word, value]) => word + value);
const maybe = (field: fc.Arbitrary<string>) => fc.option(field, { nil: undefined });
const headers = fc.record({ 'x-auth-token': maybe(given), authorization: maybe(authorization) });

/** Result of reading the headers: a token, nothing, or a contradiction. */
function readingOf(sent: Parameters<typeof parseTokenCredentials>[0]): unknown {
  try {
    return parseTokenCredentials(sent);
  } catch (error) {
    if (error instanceof ApplicationError) {
      return error.code;
    }
    throw error;
  }
}

describe('parseTokenCredentials', () => {
  it('agrees with a strict reference on X-Auth-Token', () => {
    fc.assert(
      fc.property(given, (text) => {
        expectEqual(parseTokenCredentials({ 'x-auth-token': text }), strictXAuthToken(text));
      }),
      runs(2_000),
    );
  });

  it('reads the exact token from Bearer', () => {
    fc.assert(
      fc.property(fc.mixedCase(fc.constant('bearer')), secret, (word, value) => {
        const read = parseTokenCredentials({ authorization: `${word} ${value}` });

        expectEqual(read, isReferenceSecret(value) ? { secret: value } : null);
      }),
      runs(300),
    );
  });

  it('throws if and only if two different tokens are sent', () => {
    fc.assert(
      fc.property(headers, (sent) => {
        const reading = readingOf(sent);

        const both = [sent['x-auth-token'], sent.authorization].map(
          (field) => field !== undefined && [ONE, OTHER].filter((value) => field.includes(value)),
        );
        const bearer = both[1] && /^bearer /i.test(sent.authorization ?? '') ? both[1][0] : undefined;
        const pair = strictXAuthToken(sent['x-auth-token'] ?? '');
        if (bearer !== undefined && pair && pair.secret !== bearer) {
          expectEqual(reading, 'ambiguous_credentials');
        }
        if (sent.authorization === undefined || sent['x-auth-token'] === undefined) {
          expectEqual(reading === 'ambiguous_credentials', false);
        }
      }),
      runs(2_000),
    );
  });

  it('accepts every canonical name', () => {
    const name = fc
      .stringMatching(/^[a-z0-9][a-z0-9._@+-]{0,63}$/)
      .filter((text) => !RESERVED.includes(text));

    fc.assert(
      fc.property(name, (text) => {
        const sent = { 'x-auth-token': Buffer.from(`${text}:${ONE}`).toString('base64') };

        expectEqual(parseTokenCredentials(sent), { name: text, secret: ONE });
      }),
      runs(200),
    );
  });
});

describe('presentedText', () => {
  it('returns the same text for two requests only if they present the same token', () => {
    fc.assert(
      fc.property(fc.array(headers, { minLength: 2, maxLength: 20 }), (requests) => {
        const readings = new Map<string, unknown>();
        for (const sent of requests) {
          const text = presentedText(sent);
          const reading = readingOf(sent);
          if (text !== undefined) {
            expectEqual(readings.has(text) ? readings.get(text) : reading, reading);
            readings.set(text, reading);
          }
        }
      }),
      runs(1_000),
    );
  });
});

describe('parseTokenText', () => {
  it('agrees with a strict reference on tokens and values of X-Auth-Token', () => {
    fc.assert(
      fc.property(given, (text) => {
        expectEqual(
          parseTokenText(text),
          isReferenceSecret(text) ? { secret: text } : strictXAuthToken(text),
        );
      }),
      runs(1_000),
    );
  });
});
