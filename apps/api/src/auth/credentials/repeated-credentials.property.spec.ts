import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../../../../test/support/unit/property-testing.js';
import { refuseRepeatedCredentials } from './repeated-credentials.js';

const name = fc
  .constantFrom('Authorization', 'X-Auth-Token', 'Accept', 'X-Auth-Tokens', 'Cookie')
  .chain((field) => fc.mixedCase(fc.constant(field)));
const value = fc.oneof(fc.constantFrom('Basic YTpi', 'authorization', '', 'a, b'), fc.string());
const sent = fc.array(fc.tuple(name, value), { maxLength: 6 });

/** Fields as Node shows them with `joinDuplicateHeaders`. */
function shown(fields: [string, string][]) {
  const headers: Record<string, string> = {};
  for (const [field, text] of fields) {
    const key = field.toLowerCase();
    headers[key] = headers[key] === undefined ? text : `${headers[key]}, ${text}`;
  }
  return { headers, rawHeaders: fields.flat() };
}

describe('refuseRepeatedCredentials, for anything', () => {
  it('refuses a request if and only if one of the two fields is there more than once', () => {
    fc.assert(
      fc.property(sent, (fields) => {
        const times = (wanted: string) => fields.filter(([field]) => field.toLowerCase() === wanted).length;
        const isRepeated = times('authorization') > 1 || times('x-auth-token') > 1;

        const judge = () => refuseRepeatedCredentials(shown(fields));

        if (isRepeated) {
          expect(judge).toThrow(expect.objectContaining({ code: 'ambiguous_credentials' }));
        } else {
          expect(judge).not.toThrow();
        }
      }),
      runs(1_000),
    );
  });
});
