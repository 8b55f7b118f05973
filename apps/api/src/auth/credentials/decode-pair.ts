import { isUtf8 } from 'node:buffer';

/** One alphabet or the other (RFC 4648, sections 4 and 5), not both at once. */
const BASE64 = /^([A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/;

/** RFC 7617, section 2, forbids them; some hashes would take a NUL for the end of the password. */
const CONTROL = /[\u0000-\u001F\u007F-\u009F]/;

/** Two texts that a credential joins with a colon. */
export interface Pair {
  name: string;
  secret: string;
}

/**
 * Decodes `base64(name:secret)`: standard or URL-safe alphabet, padded or not, UTF-8, split at the first colon.
 *
 * @returns `null` for anything that is not exactly that; nothing is ever replaced or repaired.
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

function decodeBase64(text: string): Buffer | null {
  if (!BASE64.test(text) || (text.endsWith('=') && text.length % 4 !== 0)) {
    return null;
  }
  const bytes = Buffer.from(text, 'base64');
  // Bits left over in the last digit are ignored by the decoder; then two texts would be the same credential.
  const canonical = bytes.toString('base64url');
  const given = text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
  return canonical === given ? bytes : null;
}
