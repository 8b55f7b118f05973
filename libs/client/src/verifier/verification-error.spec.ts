import { describe, expect, it } from '@jest/globals';
import { ERROR_CODES } from '@latchkey/auth-models';
import { problemTitle } from '../../../../apps/api/src/http/problems/problem-catalog.js';
import {
  DETAILS,
  insufficientScope,
  missingCredentials,
  unavailable,
  VerificationError,
  type VerificationErrorCode,
} from './verification-error.js';

describe('VerificationError', () => {
  it.each(Object.keys(DETAILS) as VerificationErrorCode[])('describes %s like the server', (code) => {
    const { title, detail } = new VerificationError(code, { status: 401 });

    expect({ title, detail }).toEqual({ title: problemTitle(code), detail: ERROR_CODES[code] });
  });

  it.each<[string, VerificationError, Record<string, string>]>([
    ['a challenge', missingCredentials(), { 'www-authenticate': 'XAuthToken realm="latchkey"' }],
    ['a time to wait', unavailable(), { 'retry-after': '2' }],
    [
      'what is missing',
      insufficientScope(['a:b', 'a:c'], ['a:c'], ['x', 'y']),
      {
        'www-authenticate': 'XAuthToken realm="latchkey", error="insufficient_scope", scope="a:b a:c"',
        'x-auth-error': 'insufficient_scope',
        'x-auth-missing-permissions': 'a:c',
        'x-auth-missing-roles': 'x,y',
      },
    ],
  ])('returns a response with %s', (_, error, headers) => {
    const { status, code, title, detail } = error;

    expect(error.toResponse()).toEqual({
      status,
      headers: {
        'content-type': 'application/problem+json; charset=utf-8',
        'cache-control': 'no-store',
        ...headers,
      },
      body: { type: `urn:latchkey:problem:${code}`, title, status, detail, code },
    });
  });

  it('does not reveal its cause to the client', () => {
    expect(JSON.stringify(unavailable(new Error('https://internal.test')).toResponse())).not.toContain(
      'internal',
    );
  });
});
