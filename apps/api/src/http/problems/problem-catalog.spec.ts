import { describe, expect, it } from '@jest/globals';
import { ERROR_CODES, type ErrorCode } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { codeOfStatus, PROBLEM_STATUS, problemTitle, toProblem } from './problem-catalog.js';

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

describe('PROBLEM_STATUS and titles', () => {
  it('has a status for each code', () => {
    expect(Object.keys(PROBLEM_STATUS).sort()).toEqual([...CODES].sort());
  });

  it('has error statuses only', () => {
    expect(Object.values(PROBLEM_STATUS).filter((status) => status < 400 || status > 599)).toEqual([]);
  });

  it.each(CODES)('have a title for %s', (code) => {
    expect(problemTitle(code)).toMatch(/^[A-Z][A-Za-z -]*$/);
  });

  it.each<[ErrorCode, string]>([
    ['not_found', 'Not found'],
    ['credentials_in_url', 'Credentials in URL'],
    ['uri_too_long', 'URI too long'],
    ['set_up_refused', 'Set-up refused'],
  ])('have a special title for %s', (code, title) => {
    expect(problemTitle(code)).toBe(title);
  });
});

describe('codeOfStatus', () => {
  it.each([
    [400, 'malformed_request'],
    [404, 'not_found'],
    [415, 'unsupported_media_type'],
    [418, 'malformed_request'],
    [500, 'internal_error'],
    [502, 'internal_error'],
    [503, 'unavailable'],
    [200, 'internal_error'],
  ])('returns for %i: %s', (status, code) => {
    expect(codeOfStatus(status)).toBe(code);
  });

  it('returns a code with the same status for each status of a code', () => {
    const statuses = new Set(Object.values(PROBLEM_STATUS).filter((status) => status !== 409));

    expect([...statuses].filter((status) => PROBLEM_STATUS[codeOfStatus(status)] !== status)).toEqual([]);
  });
});

describe('toProblem', () => {
  const PRIVATE = { hasPublicUrl: false, publicUrl: 'http://host-4711:3000' };

  it('returns type, title, status, detail, code and trace id only', () => {
    expect(
      toProblem(new ApplicationError('not_found', { cause: new Error('SELECT secret') }), 'trace-1', PRIVATE),
    ).toEqual({
      type: '/problems/not_found',
      title: 'Not found',
      status: 404,
      detail: ERROR_CODES.not_found,
      code: 'not_found',
      traceId: 'trace-1',
    });
  });

  it('uses the detail of the error', () => {
    const errors = [{ pointer: '/note', code: 'is_text', message: 'no' }];

    expect(
      toProblem(new ApplicationError('validation_failed', { detail: 'This.', errors }), 'x', PRIVATE),
    ).toMatchObject({
      detail: 'This.',
      errors,
    });
  });

  it('has a type below the public URL', () => {
    const settings = { hasPublicUrl: true, publicUrl: 'https://auth.example.com' };

    expect(toProblem(new ApplicationError('not_found'), 'x', settings).type).toBe(
      'https://auth.example.com/problems/not_found',
    );
  });
});
