import { describe, expect, it } from '@jest/globals';
import { type Config } from '../config/config.js';
import { PasswordPolicy } from './password-policy.js';

const OWNER = { name: 'somebody' };

const policy = new PasswordPolicy({ passwordMinLength: 15 } as Config);

describe('PasswordPolicy', () => {
  it.each([
    ['fifteen letters', 'x'.repeat(15)],
    ['fifteen spaces', ' '.repeat(15)],
    ['fifteen letters outside the basic plane', '🐎'.repeat(15)],
  ])('takes %s', (_, password) => {
    expect(() => policy.check(password, OWNER)).not.toThrow();
  });

  it.each([
    ['fourteen letters', 'x'.repeat(14)],
    ['fourteen letters of two units each', '🐎'.repeat(14)],
    ['fourteen letters of two code points each, composed', 'u\u0308'.repeat(14)],
    ['nothing', ''],
  ])('refuses %s, with the length it wants', (_, password) => {
    expect(() => policy.check(password, OWNER)).toThrow(
      expect.objectContaining({
        code: 'validation_failed',
        options: {
          errors: [
            {
              pointer: '/password',
              code: 'password_too_short',
              message: 'password must have at least 15 characters',
            },
          ],
        },
      }),
    );
  });
});
