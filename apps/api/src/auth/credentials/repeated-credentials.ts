import { type IncomingHttpHeaders } from 'node:http';
import { ApplicationError } from '../../common/application-error.js';

/**
 * Refuses a credential header that was sent twice. Node joins repeated fields with a comma (the server is started with
 * `joinDuplicateHeaders`, else it would silently keep the first), and no credential of ours has a comma.
 *
 * @throws ApplicationError `ambiguous_credentials`.
 */
export function refuseRepeatedCredentials(headers: IncomingHttpHeaders): void {
  const xAuthToken = headers['x-auth-token'] as string | undefined;
  if (headers.authorization?.includes(',') || xAuthToken?.includes(',')) {
    throw new ApplicationError('ambiguous_credentials', {
      detail: 'A credential header was sent twice; send it once.',
    });
  }
}
