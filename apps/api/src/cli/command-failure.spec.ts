import { describe, expect, it } from '@jest/globals';
import { ApplicationError } from '../common/application-error.js';
import { toFailure } from './command-failure.js';

const errors = [
  { pointer: '/name', code: 'is_name', message: 'name must be letters' },
  { pointer: '/roles', code: 'unknown_role', message: 'there is no role cook' },
];

describe('toFailure', () => {
  it('includes the input errors in the message', () => {
    expect(toFailure(new ApplicationError('validation_failed', { errors }))).toEqual({
      code: 'validation_failed',
      message: 'Invalid input: name must be letters; there is no role cook.',
      errors,
    });
  });

  it('keeps the detail of an error that has one', () => {
    const rejection = new ApplicationError('conflict', { detail: 'There is a user anna already.', errors });

    expect(toFailure(rejection).message).toBe('There is a user anna already.');
  });
});
