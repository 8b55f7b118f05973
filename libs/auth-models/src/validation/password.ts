import { PASSWORD_MAX_BYTES, PASSWORD_MAX_LENGTH } from '../limits.js';
import { DEFAULT_POLICY, type ValidationPolicy } from './policy.js';

/** Unassigned, private-use and control characters, and unpaired surrogates. */
const NOT_PRINTABLE = /[\p{Cc}\p{Cs}\p{Cn}\p{Co}]/u;

/**
 * Returns the form of a password that the server hashes: NFC (RFC 8265, section 4.2.2), with all spaces
 * unchanged.
 */
export function normalizePassword(password: string): string {
  return password.normalize('NFC');
}

/** Returns the length of a password in code points of its NFC form. */
export function passwordLength(password: string): number {
  return [...normalizePassword(password)].length;
}

/**
 * Whether a password in its NFC form is short enough to be hashed. No user has a longer one. The length is
 * checked before normalization, which takes seconds for 100 KB of combining marks. The longest password has
 * at most four code units a character when it is decomposed, so it passes.
 */
export function isHashablePassword(password: string): boolean {
  return (
    password.length <= 4 * PASSWORD_MAX_LENGTH &&
    new TextEncoder().encode(normalizePassword(password)).length <= PASSWORD_MAX_BYTES
  );
}

/**
 * Whether a value is valid as a new password on a server, by default one with default settings. The server
 * also rejects common and predictable passwords.
 *
 * @param policy `password` of the server policy.
 */
export function isPassword(
  value: unknown,
  { minLength }: ValidationPolicy['password'] = DEFAULT_POLICY.password,
): value is string {
  return hasPasswordForm(value) && passwordLength(value) >= minLength;
}

/** Whether a value is valid as a new password, except that it may be too short. */
export function hasPasswordForm(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= PASSWORD_MAX_BYTES &&
    !NOT_PRINTABLE.test(value) &&
    new TextEncoder().encode(value).length <= PASSWORD_MAX_BYTES &&
    passwordLength(value) <= PASSWORD_MAX_LENGTH
  );
}
