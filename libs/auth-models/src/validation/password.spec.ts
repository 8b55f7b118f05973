import { jest } from '@jest/globals';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { runs } from '../../../../test/support/unit/property-testing.js';
import {
  PASSWORD_ABSOLUTE_MIN_LENGTH,
  PASSWORD_DEFAULT_MIN_LENGTH,
  PASSWORD_MAX_BYTES,
  PASSWORD_MAX_LENGTH,
} from '../limits.js';
import { IsHashablePassword, IsPassword } from './is-password.js';
import { isHashablePassword, isPassword, normalizePassword, passwordLength } from './password.js';
import { withPolicy } from './policy.js';

const WEAKEST = { minLength: PASSWORD_ABSOLUTE_MIN_LENGTH };

describe('isPassword', () => {
  it('requires the default length of servers without a policy', () => {
    expect(isPassword('x'.repeat(PASSWORD_DEFAULT_MIN_LENGTH))).toBe(true);
    expect(isPassword('x'.repeat(PASSWORD_DEFAULT_MIN_LENGTH - 1))).toBe(false);
  });

  it.each([
    ['spaces only', ' '.repeat(PASSWORD_ABSOLUTE_MIN_LENGTH)],
    ['a colon and letters of any script', 'pä:ss 暗号 пароль'],
    ['emoji joined with zero-width joiners', '👩‍👩‍👧‍👦👩‍👩‍👧‍👦'],
    ['the shortest', 'a'.repeat(PASSWORD_ABSOLUTE_MIN_LENGTH)],
    ['the longest', 'a'.repeat(PASSWORD_MAX_LENGTH)],
    ['the longest with four bytes a character', '😀'.repeat(PASSWORD_MAX_LENGTH)],
  ])('accepts %s', (_what, password) => {
    expect(isPassword(password, WEAKEST)).toBe(true);
  });

  it.each([
    ['too short', 'a'.repeat(PASSWORD_ABSOLUTE_MIN_LENGTH - 1)],
    ['too short though it has more bytes', 'ä'.repeat(PASSWORD_ABSOLUTE_MIN_LENGTH - 1)],
    ['too short once it is composed', 'a\u0308'.repeat(PASSWORD_ABSOLUTE_MIN_LENGTH - 1)],
    ['too long', 'a'.repeat(PASSWORD_MAX_LENGTH + 1)],
    ['NUL', 'long enough\0'],
    ['a line feed', 'long enough\n'],
    ['a C1 control', 'long enough\u0085'],
    ['an unpaired surrogate', 'long enough\uD83D'],
    ['a private-use character', 'long enough\uE000'],
    ['an unassigned code point', 'long enough\u0378'],
  ])('rejects %s', (_what, password) => {
    expect(isPassword(password, WEAKEST)).toBe(false);
  });

  it.each([undefined, null, 12345678, true, {}, ['a'.repeat(20)], Object('a'.repeat(20))])(
    'rejects %p, which is not a string',
    (value) => {
      expect(isPassword(value, WEAKEST)).toBe(false);
    },
  );

  it('rejects more bytes than the maximum, even for few characters', () => {
    // Composed it is one character, but it is sent with eight bytes.
    const stacked = '\u1F80'.normalize('NFD').repeat(PASSWORD_MAX_LENGTH - 1);

    expect(passwordLength(stacked)).toBeLessThanOrEqual(PASSWORD_MAX_LENGTH);
    expect(new TextEncoder().encode(stacked).length).toBeGreaterThan(PASSWORD_MAX_BYTES);
    expect(isPassword(stacked, WEAKEST)).toBe(false);
  });

  it('returns the same for a text and its NFC form', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: PASSWORD_ABSOLUTE_MIN_LENGTH, maxLength: 40 }),
        (password) => isPassword(password, WEAKEST) === isPassword(normalizePassword(password), WEAKEST),
      ),
      runs(100),
    );
  });
});

describe('normalizePassword', () => {
  it('only composes characters', () => {
    expect(normalizePassword(' A\u0308b\u3000Ｃ ')).toBe(' Äb\u3000Ｃ ');
  });
});

describe('IsPassword', () => {
  class Form {
    @IsPassword()
    password: unknown;
  }

  const constraints = (form: Form) => validateSync(form)[0]?.constraints;

  it('reports the minimum length of the default policy', () => {
    const form = Object.assign(new Form(), { password: 'too short' });

    expect(constraints(form)).toEqual({ passwordTooShort: 'password must have at least 15 characters' });
  });

  it('reports the limits for other invalid values', () => {
    const form = Object.assign(new Form(), { password: 'with a\nline break' });

    expect(constraints(form)).toEqual({ isPassword: 'password must have 15 to 256 printable characters' });
  });

  it('validates by the policy of the object', () => {
    const policy = { password: { minLength: 20 }, apiTokens: { noExpiry: false } };
    const form = withPolicy(Object.assign(new Form(), { password: 'x'.repeat(19) }), policy);

    expect(constraints(form)).toEqual({ passwordTooShort: 'password must have at least 20 characters' });
    expect(constraints(Object.assign(form, { password: 'x'.repeat(20) }))).toBeUndefined();
  });
});

describe('isHashable', () => {
  it.each([
    [true, 'the maximum of bytes', 'ä'.repeat(PASSWORD_MAX_BYTES / 2)],
    [true, 'more bytes that are fewer when composed', '각'.normalize('NFD').repeat(PASSWORD_MAX_LENGTH)],
    [
      true,
      'four code units a character',
      '\u1F80'.normalize('NFD').repeat(PASSWORD_MAX_LENGTH / 2) + 'x'.repeat(10),
    ],
    [false, 'one byte more than the maximum', `${'ä'.repeat(PASSWORD_MAX_BYTES / 2)}x`],
  ])('is %s for %s', (expected, _what, password) => {
    expect(isHashablePassword(password)).toBe(expected);
  });

  it('rejects 100 KB of combining marks without normalizing them, which takes seconds', () => {
    const password = `a${'\u0316\u0301'.repeat(25_000)}`;
    const normalize = jest.spyOn(String.prototype, 'normalize');
    try {
      expect(isHashablePassword(password)).toBe(false);
      expect(isPassword(password)).toBe(false);
      expect(normalize).not.toHaveBeenCalled();
    } finally {
      normalize.mockRestore();
    }
  });
});

describe('IsHashablePassword', () => {
  class Form {
    @IsHashablePassword()
    password: unknown;
  }

  it.each([['x'.repeat(PASSWORD_MAX_BYTES + 1)], [7]])('reports the limit', (password) => {
    const [error] = validateSync(Object.assign(new Form(), { password }));

    expect(error?.constraints).toEqual({ isHashable: 'password must not be longer than 1024 bytes' });
  });
});
