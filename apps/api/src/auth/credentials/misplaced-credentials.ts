import { type IncomingMessage } from 'node:http';
import { ApplicationError } from '../../common/application-error.js';

const CREDENTIAL_HEADERS = ['authorization', 'x-auth-token'];
const CREDENTIAL_PARAMETERS = new Set(['token', 'access_token', 'auth_token', 'x-auth-token']);
const SECRET_PREFIX = 'lk_';

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
    if (CREDENTIAL_PARAMETERS.has(name.toLowerCase()) || value.startsWith(SECRET_PREFIX)) {
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
  // Node joins repeated headers with a comma (the server sets `joinDuplicateHeaders`; by default Node keeps the first), so
  // nearly all requests are done after this check.
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
