import { type UserKind } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';

const DETAIL =
  'A service cannot have a password or a set-up link. Create a token with POST /users/{name}/tokens instead.';

/**
 * Rejects a password or set-up link for a service, because services use tokens only.
 *
 * @param pointer the member of the body with the password; empty if the request itself is wrong.
 * @throws ApplicationError `validation_failed`.
 */
export function rejectServicePassword({ kind }: { kind?: UserKind }, pointer: '/password' | ''): void {
  if (kind === 'service') {
    const message = 'a service cannot have a password; create a token for it';
    throw new ApplicationError('validation_failed', {
      detail: DETAIL,
      errors: [{ pointer, code: 'service_password', message }],
    });
  }
}
