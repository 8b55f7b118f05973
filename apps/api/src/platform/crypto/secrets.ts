import { hash, randomBytes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { TOKEN_PATTERN, TOKEN_PREFIX_DEFAULT } from '@latchkey/auth-models';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/**
 * Base62 digits with 160 random bits. The preview shows four digits of the checksum, which reveal 24 bits;
 * 136 remain.
 */
const RANDOM_LENGTH = 27;
const SET_UP_BYTES = 16;
/** Base62 digits of a CRC-32. */
const CHECKSUM_LENGTH = 6;
/** Number of digits after the prefix. */
const DIGITS = RANDOM_LENGTH + CHECKSUM_LENGTH;
/** Form of a secret with any prefix, because secrets with an earlier prefix stay valid. */
const FORM = new RegExp(`^${TOKEN_PATTERN.source}$`);
const BEGINNING = '[0-9A-Za-z]{12}';
/** Matches a text that begins with a complete token, or with the beginning of one with the default prefix. */
export const STARTS_LIKE_TOKEN = new RegExp(
  `^(?:${TOKEN_PREFIX_DEFAULT}${BEGINNING}|${TOKEN_PATTERN.source})`,
);

/**
 * Creates the secret of a token: a prefix, random digits in base 62, and a checksum that detects typos
 * without a query.
 */
export function createTokenSecret(prefix: string = TOKEN_PREFIX_DEFAULT): string {
  const random = Array.from({ length: RANDOM_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${prefix}${random}${checksum(prefix + random)}`;
}

/**
 * Returns a pattern for texts with a complete token, or with the beginning of one with the default prefix or
 * a configured one.
 */
export function containedTokenPattern(prefix: string): RegExp {
  return new RegExp(`(?:${TOKEN_PREFIX_DEFAULT}|${prefix})${BEGINNING}|${TOKEN_PATTERN.source}`);
}

/** Whether a text has the form and a valid checksum of a token's secret. */
export function isTokenSecret(text: string): boolean {
  return FORM.test(text) && text.endsWith(checksum(text.slice(0, -CHECKSUM_LENGTH)));
}

/** Returns the preview of a secret: its prefix and last four characters. */
export function previewOf(secret: string): string {
  return `${secret.slice(0, -DIGITS)}…${secret.slice(-4)}`;
}

const PREVIEW = /^([A-Za-z][A-Za-z0-9_]*_)(?:…|\.\.\.)([0-9A-Za-z]{4})$/;

/** Returns a typed preview as it is stored, or `undefined` for another text. People also type three dots. */
export function storedPreview(text: string): string | undefined {
  const [, prefix, last] = PREVIEW.exec(text) ?? [];
  return prefix === undefined ? undefined : `${prefix}…${last}`;
}

/** Creates the secret of a set-up link: 128 random bits, URL-safe. */
export function createSetUpSecret(): string {
  return randomBytes(SET_UP_BYTES).toString('base64url');
}

/**
 * Returns the SHA-256 of a secret, which is stored. The secret is random, so it needs no salt and no slow
 * hash.
 */
export function digestOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/**
 * Returns the stored digest of a canary whose secret has this digest. No query for a presented token finds
 * it, so a canary is rejected like an unknown token, with the same work.
 */
export function canaryDigestOf(digest: string): string {
  return digestOf(`canary ${digest}`);
}

/** Returns the CRC-32 of a text in Base62. */
function checksum(text: string): string {
  let digits = '';
  for (let rest = crc32(text); digits.length < CHECKSUM_LENGTH; rest = Math.floor(rest / ALPHABET.length)) {
    digits = ALPHABET.charAt(rest % ALPHABET.length) + digits;
  }
  return digits;
}
