import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';
import { PASSWORD_ABSOLUTE_MIN_LENGTH, PASSWORD_MAX_BYTES, PASSWORD_MAX_LENGTH } from '../limits.js';

/** Unassigned, private-use and control characters, and unpaired surrogates. */
const NOT_PRINTABLE = /[\p{Cc}\p{Cs}\p{Cn}\p{Co}]/u;

/** Returns the form of a password that the server hashes: NFC (RFC 8265, section 4.2.2), with all spaces unchanged. */
export function normalizePassword(password: string): string {
  return password.normalize('NFC');
}

/** Returns the length of a password in code points of its NFC form. */
export function passwordLength(password: string): number {
  return [...normalizePassword(password)].length;
}

/**
 * Whether a password in its NFC form is short enough to be hashed. No user has a longer one. The length is checked before
 * normalization, which takes seconds for 100 KB of combining marks. The longest password has at most four code units a
 * character when it is decomposed, so it passes.
 */
export function isHashablePassword(password: string): boolean {
  return (
    password.length <= 4 * PASSWORD_MAX_LENGTH &&
    new TextEncoder().encode(normalizePassword(password)).length <= PASSWORD_MAX_BYTES
  );
}

/** Whether a value is valid as a new password. A server can be configured to require a longer one. */
export function isPassword(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= PASSWORD_MAX_BYTES &&
    !NOT_PRINTABLE.test(value) &&
    new TextEncoder().encode(value).length <= PASSWORD_MAX_BYTES &&
    passwordLength(value) >= PASSWORD_ABSOLUTE_MIN_LENGTH &&
    passwordLength(value) <= PASSWORD_MAX_LENGTH
  );
}

/** Returns the message about an invalid password on a server that requires at least `minLength` characters. */
export function passwordMessage(member: string, minLength: number): string {
  return `${member} must have ${minLength} to ${PASSWORD_MAX_LENGTH} printable characters`;
}

/** Accepts a valid new password: {@link isPassword}. There are no composition rules (NIST SP 800-63B-4, section 3.1.1.2). */
export function IsPassword(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isPassword',
      validator: {
        validate: isPassword,
        defaultMessage: buildMessage(
          () => `${passwordMessage('$property', PASSWORD_ABSOLUTE_MIN_LENGTH)}; a server may require more`,
        ),
      },
    },
    options,
  );
}

/** Accepts an existing password that is short enough to be hashed: {@link isHashablePassword}. */
export function IsHashablePassword(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isHashable',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isHashablePassword(value),
        defaultMessage: buildMessage(() => `$property must not be longer than ${PASSWORD_MAX_BYTES} bytes`),
      },
    },
    options,
  );
}
