import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { ambiguousCredentials, malformedCredentials, missingCredentials } from './verification-error.js';

/** Header fields of a request, with lower-case names as in Node.js. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Credentials as the client sent them. */
export interface Presented {
  /** Digest of the credentials, which does not reveal them. */
  readonly digest: string;
  /** Header field that contained them. */
  readonly header: 'x-auth-token' | 'authorization';
  /** Value of the header field. */
  readonly value: string;
  /** Whether the client sent the value of `X-Auth-Token` as `Authorization: Basic`. */
  readonly isBasic?: boolean;
}

const BEARER = /^bearer +(\S+)$/i;
const BASIC = /^basic +(\S+)$/i;
const OTHER_SCHEME = /^(?!bearer\b)/i;
const BASIC_SCHEME = /^basic\b/i;
/** Either alphabet of base64, but not a mix of both. */
const BASE64 = /^([A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/;
const CONTROL = /[\u0000-\u001F\u007F-\u009F]/;
/** Token: a prefix, 27 random digits and a checksum of six. */
const TOKEN = /^[A-Za-z][A-Za-z0-9_]{4,9}_[0-9A-Za-z]{33}$/;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM_LENGTH = 6;
const TOKEN_AS_PASSWORD =
  'Authorization: Basic takes the name of the user, and a token as the password. To get a token, log in to Latchkey or create one there.';

/**
 * Returns the credentials of a request without parsing them, as most are in memory.
 *
 * @param given header fields, or a token, or the value of `X-Auth-Token`.
 * @param acceptBasic whether `Authorization: Basic` may contain the value of `X-Auth-Token`.
 * @throws VerificationError if there are none, or two that differ.
 */
export function presentedIn(given: string | RequestHeaders, acceptBasic: boolean): Presented {
  if (typeof given === 'string') {
    return TOKEN.test(given)
      ? presented('authorization', `Bearer ${given}`)
      : presented('x-auth-token', given);
  }
  const token = given['x-auth-token'] as string | undefined;
  const authorization = given.authorization as string | undefined;
  if (typeof (token ?? '') !== 'string' || typeof (authorization ?? '') !== 'string') {
    throw ambiguousCredentials();
  }
  const basic = acceptBasic ? basicIn(authorization) : undefined;
  if (token === undefined) {
    if (authorization === undefined) {
      throw missingCredentials();
    }
    return basic ?? presented('authorization', authorization);
  }
  if (basic) {
    if (pairIn(token) !== pairIn(basic.value)) {
      throw ambiguousCredentials();
    }
    return basic;
  }
  // Another scheme beside X-Auth-Token may belong to a gateway.
  if (authorization !== undefined && !OTHER_SCHEME.test(authorization)) {
    if (tokenIn(presented('x-auth-token', token)) !== (BEARER.exec(authorization)?.[1] ?? '')) {
      throw ambiguousCredentials();
    }
  }
  return presented('x-auth-token', token);
}

/**
 * Returns the text for an introspection.
 *
 * @throws VerificationError if no server would accept the credentials.
 */
export function introspectable(credentials: Presented): string {
  const token = tokenIn(credentials);
  if (token === undefined) {
    throw malformedCredentials(credentials.isBasic ? TOKEN_AS_PASSWORD : undefined);
  }
  return credentials.header === 'authorization' ? token : credentials.value;
}

/**
 * Returns the SHA-256 of the token in credentials, which proves to the server that the verifier has received
 * the token.
 */
export function digestOfToken(credentials: Presented): string {
  return hash('sha256', tokenIn(credentials) ?? '', 'base64url');
}

/**
 * Rejects a credential header that was sent twice: Node.js keeps the first `Authorization`, and joins other
 * fields.
 */
export function rejectRepeated(rawHeaders: readonly string[]): void {
  let tokens = 0;
  let authorizations = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    // Comparing lengths first avoids a new string for each field.
    if (name.length === 12 && name.toLowerCase() === 'x-auth-token') {
      tokens += 1;
    } else if (name.length === 13 && name.toLowerCase() === 'authorization') {
      authorizations += 1;
    }
  }
  if (tokens > 1 || authorizations > 1) {
    throw ambiguousCredentials();
  }
}

function presented(header: Presented['header'], value: string): Presented {
  // A line feed marks `Authorization`, as no field can contain one.
  const text = header === 'authorization' ? `\n${value}` : value;
  return { header, value, digest: hash('sha256', text, 'base64url') };
}

/** Returns the credentials in `Authorization: Basic`, which have the form of `X-Auth-Token`. */
function basicIn(authorization = ''): Presented | undefined {
  return BASIC_SCHEME.test(authorization)
    ? { ...presented('x-auth-token', BASIC.exec(authorization)?.[1] ?? ''), isBasic: true }
    : undefined;
}

/** Returns the well-formed token in credentials. */
function tokenIn(credentials: Presented): string | undefined {
  const secret = secretOf(credentials);
  return secret !== undefined && isToken(secret) ? secret : undefined;
}

function secretOf({ header, value }: Presented): string | undefined {
  if (header === 'authorization') {
    return BEARER.exec(value)?.[1];
  }
  const pair = pairIn(value);
  return pair?.slice(pair.indexOf(':') + 1);
}

/** Decodes `base64(user:token)`. */
export function pairIn(value: string): string | undefined {
  if (!BASE64.test(value) || (value.endsWith('=') && value.length % 4 !== 0)) {
    return undefined;
  }
  const bytes = Buffer.from(value, 'base64');
  // The decoder ignores spare bits of the last digit, so two texts would be the same credential.
  const digits = value.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
  if (bytes.toString('base64url') !== digits || !isUtf8(bytes)) {
    return undefined;
  }
  const pair = bytes.toString('utf8');
  return pair.indexOf(':') < 1 || CONTROL.test(pair) ? undefined : pair;
}

function isToken(text: string): boolean {
  return TOKEN.test(text) && text.endsWith(checksum(text.slice(0, -CHECKSUM_LENGTH)));
}

/** Returns the CRC-32 of a text in Base62. */
function checksum(text: string): string {
  let digits = '';
  for (let rest = crc32(text); digits.length < CHECKSUM_LENGTH; rest = Math.floor(rest / DIGITS.length)) {
    digits = DIGITS.charAt(rest % DIGITS.length) + digits;
  }
  return digits;
}
