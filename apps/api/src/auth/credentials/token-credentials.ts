import { type IncomingHttpHeaders } from 'node:http';
import { canonicalUserName } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { isTokenSecret } from '../../platform/crypto/secrets.js';
import { decodePair } from './decode-pair.js';

const BEARER = /^bearer +(\S+)$/i;
const OTHER_SCHEME = /^(?!bearer\b)/i;
/** Names in canonical form, as nearly all are. `me` and `bulk` are reserved, but no user has them. */
const PLAIN_NAME = /^[a-z0-9][a-z0-9._@+-]{0,63}$/;

/** A presented token. */
export interface TokenCredentials {
  /** Canonical name of the user; absent with Bearer, which has none. */
  name?: string;
  secret: string;
}

/**
 * Reads the token of a request from `X-Auth-Token` or `Authorization: Bearer`.
 *
 * @returns `null` if there is none, or it is malformed.
 * @throws ApplicationError `ambiguous_credentials` if two headers name different tokens.
 */
export function parseTokenCredentials(headers: IncomingHttpHeaders): TokenCredentials | null {
  const given = headers['x-auth-token'] as string | undefined;
  const bearer = bearerOf(headers.authorization);
  if (given === undefined) {
    return bearer === undefined ? null : parseBearer(bearer);
  }
  const credentials = parseXAuthToken(given);
  if (bearer !== undefined && bearer !== credentials?.secret) {
    throw new ApplicationError('ambiguous_credentials', {
      detail: 'X-Auth-Token and Authorization contain different tokens. Send one of them.',
    });
  }
  return credentials;
}

/**
 * Returns the header that {@link parseTokenCredentials} reads, as a key of the cache; `undefined` if it reads both. A line
 * feed marks `Authorization`, as no header value can contain one.
 */
export function presentedText(headers: IncomingHttpHeaders): string | undefined {
  const given = headers['x-auth-token'] as string | undefined;
  const { authorization } = headers;
  if (given === undefined) {
    return authorization === undefined ? undefined : `\n${authorization}`;
  }
  return authorization === undefined || OTHER_SCHEME.test(authorization) ? given : undefined;
}

/** Parses a token, or the value of `X-Auth-Token`; `null` if the text is neither. */
export function parseTokenText(text: string): TokenCredentials | null {
  return parseBearer(text) ?? parseXAuthToken(text);
}

function bearerOf(authorization: string | undefined): string | undefined {
  // Another scheme beside X-Auth-Token may belong to a gateway.
  if (authorization === undefined || OTHER_SCHEME.test(authorization)) {
    return undefined;
  }
  return BEARER.exec(authorization)?.[1] ?? '';
}

function parseBearer(secret: string): TokenCredentials | null {
  return isTokenSecret(secret) ? { secret } : null;
}

function parseXAuthToken(header: string): TokenCredentials | null {
  const pair = decodePair(header);
  if (!pair || !isTokenSecret(pair.secret)) {
    return null;
  }
  const name = PLAIN_NAME.test(pair.name) ? pair.name : canonicalUserName(pair.name);
  return name === null ? null : { name, secret: pair.secret };
}
