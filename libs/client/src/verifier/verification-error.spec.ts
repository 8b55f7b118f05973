import { describe, expect, it, jest } from '@jest/globals';
import { ERROR_CODES } from '@latchkey/auth-models';
import { problemTitle } from '../../../../apps/api/src/http/problems/problem-catalog.js';
import { LatchkeyError } from '../http/latchkey-error.js';
import { DETAILS, unavailable, VerificationError, type VerificationErrorCode } from './verification-error.js';

describe('VerificationError', () => {
  it.each(Object.keys(DETAILS) as VerificationErrorCode[])('describes %s like the server', (code) => {
    const { title, detail } = new VerificationError(code, { status: 401 });

    expect({ title, detail }).toEqual({ title: problemTitle(code), detail: ERROR_CODES[code] });
  });

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
