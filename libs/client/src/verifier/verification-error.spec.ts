import { describe, expect, it, jest } from '@jest/globals';
import { ERROR_CODES } from '@latchkey/auth-models';
import { problemTitle } from '../../../../apps/api/src/http/problems/problem-catalog.js';
import { LatchkeyError } from '../http/latchkey-error.js';
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
      body: { type: 'about:blank', title, status, detail, code },
    });
  });

  it.each(['https://auth.example.com', 'https://auth.example.com/'])(
    'links to Latchkey at %s',
    (publicUrl) => {
      expect(missingCredentials().toResponse(publicUrl).body.type).toBe(
        'https://auth.example.com/problems/unauthenticated',
      );
    },
  );

  it('is recognized by another copy of the package', async () => {
    jest.resetModules();
    const copy = await import('./verification-error.js');
    const { LatchkeyError: CopyOfLatchkeyError } = await import('../http/latchkey-error.js');
    class Special extends VerificationError {}
    const special = new Special('forbidden', { status: 403 });

    expect(copy.VerificationError).not.toBe(VerificationError);
    expect(copy.unavailable() instanceof VerificationError).toBe(true);
    expect(copy.unavailable() instanceof LatchkeyError).toBe(true);
    expect(special instanceof copy.VerificationError).toBe(true);
    expect([special, unavailable(), copy.unavailable()].map((error) => error instanceof Special)).toEqual([
      true,
      false,
      false,
    ]);
    const plain = new CopyOfLatchkeyError({ code: 'timeout', title: '', detail: '' });
    expect(
      [plain, new Error(), null, 'error'].map((error) => (error as unknown) instanceof VerificationError),
    ).toEqual([false, false, false, false]);
  });

  it('does not reveal its cause to the client', () => {
    expect(JSON.stringify(unavailable(new Error('https://internal.test')).toResponse())).not.toContain(
      'internal',
    );
  });
});
