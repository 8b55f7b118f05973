import { ApplicationError } from '../../common/application-error.js';

const CREDENTIAL_NAMES = new Set(['token', 'access_token', 'auth_token', 'x-auth-token']);
const SECRET_PREFIX = 'lk_';

/**
 * Refuses credentials in the query, where logs and browser histories keep them.
 *
 * @throws ApplicationError `credentials_in_url`.
 */
export function refuseCredentialsInUrl(url: string): void {
  const query = url.indexOf('?');
  if (query === -1) {
    return;
  }
  for (const [name, value] of new URLSearchParams(url.slice(query + 1))) {
    if (CREDENTIAL_NAMES.has(name.toLowerCase()) || value.startsWith(SECRET_PREFIX)) {
      throw new ApplicationError('credentials_in_url', {
        detail:
          'Send the token in the X-Auth-Token header, never in the URL. Revoke this one: it may be in a log.',
      });
    }
  }
}
