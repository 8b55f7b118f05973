import { userInfo } from 'node:os';
import { COMMAND_LINE_ACTOR_ID } from '@latchkey/auth-models';
import { type Principal } from '../common/request/principal.js';
import { ADMINISTRATOR_ROLE } from '../identity/permissions/grants-above.js';

const USER_MAX_LENGTH = 64;
const NOT_PRINTING = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Returns the operating system account that runs this process. */
export function operatingSystemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the account may have an id but no name.
    return `uid ${process.getuid?.()}`;
  }
}

/**
 * Returns the principal of a command. It is an administrator, because its account can open the database anyway. It has
 * no address, and its name in the audit trail cannot be a user's.
 *
 * @param user name of the operating system account.
 */
export function commandLinePrincipal(
  user: string,
  traceId: string,
  permissions: Iterable<string>,
): Principal {
  return {
    id: COMMAND_LINE_ACTOR_ID,
    name: `command line (${user.replace(NOT_PRINTING, '').slice(0, USER_MAX_LENGTH)})`,
    scheme: 'command-line',
    roles: [ADMINISTRATOR_ROLE],
    permissions: new Set(permissions),
    origin: { address: '', agent: undefined, traceId },
  };
}
