import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expectEqual, runs } from '../../../../../test/support/unit/property-testing.js';
import { ApplicationError } from '../../common/application-error.js';
import { rejectCredentialsInUrl, rejectRepeatedCredentials } from './token-credentials.js';

const NAMES = ['token', 'access_token', 'auth_token', 'x-auth-token'];

/** Decodes a text like a form, byte by byte: a plus is a space, and invalid escapes stay. */
function strictDecoded(text: string): string {
  const bytes: number[] = [];
  for (let place = 0; place < text.length; place += 1) {
    const escape = /^%([0-9a-f]{2})/i.exec(text.slice(place));
    if (escape) {
      bytes.push(parseInt(escape[1] ?? '', 16));
      place += 2;
    } else {
      bytes.push(...Buffer.from(text[place] === '+' ? ' ' : (text[place] ?? '')));
    }
  }
  return Buffer.from(bytes).toString('utf8');
}

/** Whether a query contains a credential, by the words of the specification. */
function strictlyHolds(query: string): boolean {
  return query.split('&').some((part) => {
    const [name = '', ...value] = part.split('=');
    return (
      NAMES.includes(strictDecoded(name).toLowerCase()) ||
      /^latchkey_[0-9A-Za-z]{12}/.test(strictDecoded(value.join('=')))
    );
  });
}

/** Returns the error with which a check rejects a request. */
function rejectionBy(check: () => void): ApplicationError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof ApplicationError) {
      return error;
    }
    throw error;
  }
}

const rejectionOf = (url: string) => rejectionBy(() => rejectCredentialsInUrl(url));

/** Text with some characters percent-encoded. */
const escaped = (text: string) =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((isEscaped) =>
      [...text]
        .map((character, index) =>
          isEscaped[index] ? `%${character.charCodeAt(0).toString(16)}` : character,
        )
        .join(''),
    );
const credentialName = fc.mixedCase(fc.constantFrom(...NAMES)).chain(escaped);
const harmless = fc.constantFrom('page=1', 'q=token', 'a', '', '%', 'x=%6', 'tokens=1', 'q=latchkey_robot');
const before = fc.array(harmless, { maxLength: 3 }).map((parts) => parts.map((part) => `${part}&`).join(''));

describe('rejectCredentialsInUrl', () => {
  it('rejects each name in any case, encoding and position', () => {
    fc.assert(
      fc.property(before, credentialName, fc.constantFrom('', '=', '=x', '=a=b'), (start, name, value) => {
        expectEqual(rejectionOf(`/me?${start}${name}${value}`)?.code, 'credentials_in_url');
      }),
      runs(500),
    );
  });

  it('rejects values that start like a token, in any encoding and under any name', () => {
    fc.assert(
      fc.property(
        before,
        escaped('latchkey_0123456789ab'),
        fc.constantFrom('a', '', 'q', 'ä'),
        (start, prefix, name) => {
          expectEqual(rejectionOf(`/me?${start}${name}=${prefix}x`)?.code, 'credentials_in_url');
        },
      ),
      runs(300),
    );
  });

  it('agrees with a strict reference, and never repeats the credential', () => {
    const part = fc.constantFrom(
      ...NAMES,
      'TOKEN',
      '%74oken',
      '+token',
      'latchkey_0123456789ab',
      '%6catchkey_0123456789ab',
      '=',
      '=',
      '&',
      '%',
      '?',
      'secret',
      'ä',
    );
    const query = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));

    fc.assert(
      fc.property(query, (text) => {
        // A second question mark is part of the query.
        const rejection = rejectionOf(`/me?${text}`);

        expectEqual(rejection !== undefined, strictlyHolds(text.replace(/^\?/, '')));
        expectEqual(`${rejection?.message}${JSON.stringify(rejection)}`.includes('secret'), false);
      }),
      runs(2_000),
    );
  });

  it('ignores the path', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), (name) =>
        expect(rejectionOf(`/${name}=latchkey_x/latchkey_`)).toBeUndefined(),
      ),
      runs(10),
    );
  });
});

const name = fc
  .constantFrom('Authorization', 'X-Auth-Token', 'Accept', 'X-Auth-Tokens', 'Cookie')
  .chain((field) => fc.mixedCase(fc.constant(field)));
const value = fc.oneof(fc.constantFrom('Basic YTpi', 'authorization', '', 'a, b'), fc.string());
const sent = fc.array(fc.tuple(name, value), { maxLength: 6 });

/** Returns the headers as Node does with `joinDuplicateHeaders`. */
function nodeHeaders(fields: [string, string][]) {
  const headers: Record<string, string> = {};
  for (const [field, text] of fields) {
    const key = field.toLowerCase();
    headers[key] = headers[key] === undefined ? text : `${headers[key]}, ${text}`;
  }
  return { headers, rawHeaders: fields.flat() };
}

describe('rejectRepeatedCredentials', () => {
  it('rejects a request if and only if one of the two headers occurs more than once', () => {
    fc.assert(
      fc.property(sent, (fields) => {
        const times = (wanted: string) => fields.filter(([field]) => field.toLowerCase() === wanted).length;
        const isRepeated = times('authorization') > 1 || times('x-auth-token') > 1;

        const rejection = rejectionBy(() => rejectRepeatedCredentials(nodeHeaders(fields)));

        expectEqual(rejection?.code, isRepeated ? 'ambiguous_credentials' : undefined);
      }),
      runs(1_000),
    );
  });
});
