import { type IncomingMessage } from 'node:http';
import { ApplicationError } from '../../common/application-error.js';

const CREDENTIAL_FIELDS = ['authorization', 'x-auth-token'];

/**
 * Refuses a credential header that was sent twice.
 *
 * @throws ApplicationError `ambiguous_credentials`.
 */
export function refuseRepeatedCredentials({
  headers,
  rawHeaders,
}: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): void {
  // Node joins repeated fields with a comma (the server is started with `joinDuplicateHeaders`, else it would silently
  // keep the first), so that nearly every request is done here.
  const isSuspect = CREDENTIAL_FIELDS.some((name) => headers[name]?.includes(','));
  if (isSuspect && CREDENTIAL_FIELDS.some((name) => count(name, rawHeaders) > 1)) {
    throw new ApplicationError('ambiguous_credentials', {
      detail: 'A credential header was sent twice; send it once.',
    });
  }
}

/** How often a field was sent; `rawHeaders` has names and values in turn. */
function count(name: string, rawHeaders: readonly string[]): number {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;
}
