import { type UserKind } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';

const DETAIL =
  'A service has no password, nor a link to set one; make a token for it with POST /users/{name}/tokens instead.';

/**
 * Refuses to give a service a password: it has tokens.
 *
 * @param pointer the member of the body that would; empty if the request itself does.
 * @throws ApplicationError `validation_failed`.
 */
export function refuseService({ kind }: { kind?: UserKind }, pointer: '/password' | ''): void {
  if (kind === 'service') {
    const message = 'a service has no password; give it a token';
    throw new ApplicationError('validation_failed', {
      detail: DETAIL,
      errors: [{ pointer, code: 'service_password', message }],
    });
  }
}
