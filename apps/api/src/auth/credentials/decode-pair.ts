import { isUtf8 } from 'node:buffer';
import { canonicalUserName, isHashablePassword } from '@latchkey/auth-models';

/** Either alphabet (RFC 4648, sections 4 and 5), but not a mix of both. */
const BASE64 = /^([A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/;

/** Forbidden by RFC 7617, section 2. Some hash functions end passwords at a NUL. */
const CONTROL = /[\u0000-\u001F\u007F-\u009F]/;

/** A name and a secret, separated by a colon. */
interface Pair {
  name: string;
  secret: string;
}

/**
 * Decodes `base64(name:secret)`: standard or URL-safe alphabet, padded or not, UTF-8, split at the first
 * colon.
 *
 * @returns `null` for all other input. Nothing is replaced or repaired.
 */
export function decodePair(text: string): Pair | null {
  const bytes = decodeBase64(text);
  if (!bytes || !isUtf8(bytes)) {
    return null;
  }
  const pair = bytes.toString('utf8');
  const colon = pair.indexOf(':');
  if (colon < 1 || CONTROL.test(pair)) {
    return null;
  }
  return { name: pair.slice(0, colon), secret: pair.slice(colon + 1) };
}

/** Encodes a name and a secret as `base64(name:secret)`. */
export function encodePair(name: string, secret: string): string {
  return Buffer.from(`${name}:${secret}`).toString('base64');
}

function decodeBase64(text: string): Buffer | null {
  if (!BASE64.test(text) || (text.endsWith('=') && text.length % 4 !== 0)) {
    return null;
  }
  const bytes = Buffer.from(text, 'base64');
  // The decoder ignores spare bits of the last digit, so two texts would be the same credential.
  const canonical = bytes.toString('base64url');
  const given = text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
  return canonical === given ? bytes : null;
}

const BASIC = /^basic +(\S+)$/i;

/** A name and a password (RFC 7617). */
export interface BasicCredentials {
  /** Canonical form of the name; `null` if it is invalid. */
  name: string | null;
  /** The name as sent, for the throttle. */
  givenName: string;
  password: string;
}

/** Decodes `Authorization: Basic`; `null` if it is absent, another scheme, or malformed. */
export function decodeBasic(header: string | undefined): Pair | null {
  const [, encoded] = BASIC.exec(header ?? '') ?? [];
  return encoded === undefined ? null : decodePair(encoded);
}

/**
 * Parses `Authorization: Basic`; `null` if it is absent, another scheme, malformed, or has an invalid
 * password.
 */
export function parseBasic(header: string | undefined): BasicCredentials | null {
  const pair = decodeBasic(header);
  if (!pair || !isHashablePassword(pair.secret)) {
    return null;
  }
  return { name: canonicalUserName(pair.name), givenName: pair.name, password: pair.secret };
}
