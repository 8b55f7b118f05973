import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';
import { PASSWORD_ABSOLUTE_MIN_LENGTH, PASSWORD_MAX_BYTES, PASSWORD_MAX_LENGTH } from '../limits.js';

/** Unassigned, private and control characters, and halves of surrogate pairs. */
const NOT_PRINTING = /[\p{Cc}\p{Cs}\p{Cn}\p{Co}]/u;

/** The form of a password that is hashed: NFC (RFC 8265, section 4.2.2); spaces of all kinds stay as they were typed. */
export function normalizePassword(password: string): string {
  return password.normalize('NFC');
}

/** Length of a password as people count it: code points of its NFC form. */
export function passwordLength(password: string): number {
  return [...normalizePassword(password)].length;
}

/**
 * Whether a password, in the form that is hashed, has no more bytes than are hashed; one with more is nobody's. Measured
 * before it is normalised, because that takes seconds for 100 KB of combining marks. The decomposed form of the longest
 * password has four code units a character, so it passes.
 */
export function isHashablePassword(password: string): boolean {
  return (
    password.length <= 4 * PASSWORD_MAX_LENGTH &&
    new TextEncoder().encode(normalizePassword(password)).length <= PASSWORD_MAX_BYTES
  );
}

/** Whether a text can be a new password on any server; one configured to want more says so itself. */
export function isPassword(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= PASSWORD_MAX_BYTES &&
    !NOT_PRINTING.test(value) &&
    new TextEncoder().encode(value).length <= PASSWORD_MAX_BYTES &&
    passwordLength(value) >= PASSWORD_ABSOLUTE_MIN_LENGTH &&
    passwordLength(value) <= PASSWORD_MAX_LENGTH
  );
}

/** What is said of a text that can be no password on a server that asks for so many characters. */
export function passwordMessage(member: string, minLength: number): string {
  return `${member} must have ${minLength} to ${PASSWORD_MAX_LENGTH} printing characters`;
}

/** Checks a new password: {@link isPassword}. There is no composition rule (NIST SP 800-63B-4, section 3.1.1.2). */
export function IsPassword(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isPassword',
      validator: {
        validate: isPassword,
        defaultMessage: buildMessage(
          () => `${passwordMessage('$property', PASSWORD_ABSOLUTE_MIN_LENGTH)}; servers may ask for more`,
        ),
      },
    },
    options,
  );
}

/** Checks that a password that somebody has is one that can be hashed: {@link isHashablePassword}. */
export function IsHashablePassword(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isHashable',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isHashablePassword(value),
        defaultMessage: buildMessage(() => `$property must have at most ${PASSWORD_MAX_BYTES} bytes`),
      },
    },
    options,
  );
}
