import { randomInt } from 'node:crypto';
import { digestOf } from '../platform/crypto/secrets.js';

/** Number of codes of a user. */
export const RECOVERY_CODES = 10;

/** Consonants only: no digit, so that no code can be a TOTP, and no words. */
const LETTERS = 'bcdfghjkmnpqrstvwxyz';
const LENGTH = 20;
const FORM = new RegExp(`^[${LETTERS}]{${LENGTH}}$`);

/** Creates a code with 86 random bits, in four groups. */
export function createRecoveryCode(): string {
  const letters = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return (letters.match(/.{5}/g) ?? []).join('-');
}

/** Returns the stored digest of a code as typed; `undefined` if the text is not a recovery code. */
export function recoveryDigest(text: string): string | undefined {
  const code = text.replace(/[ -]/g, '').toLowerCase();
  return FORM.test(code) ? digestOf(code) : undefined;
}
