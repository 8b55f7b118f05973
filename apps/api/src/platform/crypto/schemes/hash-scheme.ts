/** Password hashing scheme, identified by the form of its hashes. */
export interface HashScheme {
  /** Common name of the scheme. */
  readonly name: string;

  /** Whether a text has the prefix of this scheme. */
  claims(hash: string): boolean;

  /**
   * Returns why a hash of another system cannot be used: its form is invalid, or verifying it would take too
   * long or too much memory. Returns `undefined` if it can.
   */
  flaw(hash: string): string | undefined;

  /** Whether a password matches a hash without a flaw. The password is not normalized. */
  verify(hash: string, password: string): Promise<boolean>;
}

/** Minimum length of a derived key. */
export const KEY_MIN_BYTES = 16;
const FIELD_MAX_BYTES = 64;

/**
 * Decodes a field of a PHC string: Base64 without padding, where passlib has `.` for `+`. Returns `undefined`
 * if it is invalid, or has less than `min` or more than 64 bytes.
 */
export function phcBytes(text: string | undefined, min = 0): Buffer | undefined {
  if (text === undefined || !/^[A-Za-z0-9+/.]+$/.test(text) || text.length % 4 === 1) {
    return undefined;
  }
  const bytes = Buffer.from(text.replaceAll('.', '+'), 'base64');
  return bytes.length >= min && bytes.length <= FIELD_MAX_BYTES ? bytes : undefined;
}
