import { hash, randomBytes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PREFIX = 'lk_';
/**
 * Base62 digits with 160 random bits. The preview shows four digits of the checksum, which tell 24 of them; 136 stay.
 */
const RANDOM_LENGTH = 27;
const SET_UP_BYTES = 16;
/** Base62 digits that hold a CRC-32. */
const CHECKSUM_LENGTH = 6;
const FORM = new RegExp(`^${PREFIX}[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`);

/** Makes a token's secret: `lk_`, at least 128 random bits in base62, a checksum by which junk is told without a look-up. */
export function createTokenSecret(): string {
  const random = Array.from({ length: RANDOM_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${PREFIX}${random}${checksum(random)}`;
}

/** Whether a text can be a token's secret: its form and checksum are right. */
export function isTokenSecret(text: string): boolean {
  return FORM.test(text) && text.endsWith(checksum(text.slice(PREFIX.length, PREFIX.length + RANDOM_LENGTH)));
}

/** What people see of a secret: prefix and last four characters. */
export function previewOf(secret: string): string {
  return `${PREFIX}…${secret.slice(-4)}`;
}

/** Makes a set-up link's secret: 128 random bits, safe in a URL. */
export function createSetUpSecret(): string {
  return randomBytes(SET_UP_BYTES).toString('base64url');
}

/** What is stored of a secret: its SHA-256. The secret is random, so it needs no salt and no slow hash. */
export function digestOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** The CRC-32 of a text in base62. */
function checksum(text: string): string {
  let digits = '';
  for (let rest = crc32(text); digits.length < CHECKSUM_LENGTH; rest = Math.floor(rest / ALPHABET.length)) {
    digits = ALPHABET.charAt(rest % ALPHABET.length) + digits;
  }
  return digits;
}
