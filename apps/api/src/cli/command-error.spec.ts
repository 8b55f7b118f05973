import { describe, expect, it } from '@jest/globals';
import { ApplicationError } from '../common/application-error.js';
import { CREATE_TOKEN_INSTEAD, REPEAT_WITH_FORCE } from '../common/request-advice.js';
import { toProblem } from '../http/problems/problem-catalog.js';
import { toFailure } from './command-error.js';

const errors = [
  { pointer: '/name', code: 'is_name', message: 'name must be letters' },
  { pointer: '/roles', code: 'unknown_role', message: 'there is no role cook' },
];

const failureOf = (error: ApplicationError) =>
  toFailure(toProblem(error, 'trace-1', { hasPublicUrl: false, publicUrl: '' }));

describe('toFailure', () => {
  it('includes the input errors in the message', () => {
    expect(failureOf(new ApplicationError('validation_failed', { errors }))).toEqual({
      code: 'validation_failed',
      message: 'Invalid input: name must be letters; there is no role cook.',
      errors,
    });
  });

  it('adds no full stop to a message that ends with a question', () => {
    const question = { pointer: '/permissions/0', code: 'unknown', message: 'did you mean users:read?' };

    expect(
      failureOf(new ApplicationError('validation_failed', { errors: [...errors, question] })).message,
    ).toBe('Invalid input: name must be letters; there is no role cook; did you mean users:read?');
  });

  it('keeps the detail of an error that has one', () => {
    const rejection = new ApplicationError('conflict', { detail: 'There is a user anna already.', errors });

    expect(failureOf(rejection).message).toBe('There is a user anna already.');
  });

  it.each([
    [`To remove it, ${REPEAT_WITH_FORCE}.`, 'To remove it, repeat the command with --force.'],
    [`No password. ${CREATE_TOKEN_INSTEAD}.`, 'No password. Create a token with create-token instead.'],
  ])('names the command instead of the request: %s', (detail, message) => {
    expect(failureOf(new ApplicationError('conflict', { detail })).message).toBe(message);
  });

  it('names the trace id of an internal error', () => {
    expect(failureOf(new ApplicationError('internal_error'))).toEqual({
      code: 'internal_error',
      message: expect.stringMatching(/^An internal error occurred\. Search the server's log for trace-1\. /),
    });
  });
});
