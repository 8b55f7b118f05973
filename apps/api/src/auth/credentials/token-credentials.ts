import { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { canonicalUserName } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { FIELDS } from '../../common/request/header-fields.js';
import { isTokenSecret, STARTS_LIKE_TOKEN } from '../../platform/crypto/secrets.js';
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
  const given = headers[FIELDS.xAuthToken] as string | undefined;
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
 * Returns the header that {@link parseTokenCredentials} reads, as a key of the cache; `undefined` if it reads
 * both. A line feed marks `Authorization`, as no header value can contain one.
 */
export function presentedText(headers: IncomingHttpHeaders): string | undefined {
  const given = headers[FIELDS.xAuthToken] as string | undefined;
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

const CREDENTIAL_HEADERS = [FIELDS.authorization, FIELDS.xAuthToken];
const CREDENTIAL_PARAMETERS = new Set([
  'token',
  'access_token',
  'auth_token',
  'x-auth-token',
  'client_secret',
]);

/**
 * Rejects credentials in the query, where logs and browser histories keep them.
 *
 * @throws ApplicationError `credentials_in_url`.
 */
export function rejectCredentialsInUrl(url: string): void {
  const query = url.indexOf('?');
  if (query === -1) {
    return;
  }
  for (const [name, value] of new URLSearchParams(url.slice(query + 1))) {
    if (CREDENTIAL_PARAMETERS.has(name.toLowerCase()) || STARTS_LIKE_TOKEN.test(value)) {
      throw new ApplicationError('credentials_in_url', {
        detail:
          'Send the token in the X-Auth-Token header, never in the URL. Revoke it, as it may be in a log.',
      });
    }
  }
}

/**
 * Rejects a credential header that was sent twice.
 *
 * @throws ApplicationError `ambiguous_credentials`.
 */
export function rejectRepeatedCredentials({
  headers,
  rawHeaders,
}: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): void {
  // Node joins repeated headers with a comma (the server sets `joinDuplicateHeaders`; by default Node keeps
  // the first), so nearly all requests are done after this check.
  const isSuspect = CREDENTIAL_HEADERS.some((name) => headers[name]?.includes(','));
  if (isSuspect && CREDENTIAL_HEADERS.some((name) => countOf(name, rawHeaders) > 1)) {
    throw new ApplicationError('ambiguous_credentials', {
      detail: 'A credential header was sent twice. Send it once.',
    });
  }
}

/** Counts a header in `rawHeaders`, which alternates names and values. */
function countOf(name: string, rawHeaders: readonly string[]): number {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;
}
