import { userInfo } from 'node:os';
import { COMMAND_LINE_ACTOR_ID } from '@latchkey/auth-models';
import { type Principal } from '../common/request/principal.js';
import { ADMINISTRATOR_ROLE } from '../identity/permissions/grants-above.js';

const USER_MAX_LENGTH = 64;
const NOT_PRINTING = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Who typed a command, as the operating system calls them. */
export function operatingSystemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container an account may have a number and no name.
    return `uid ${process.getuid?.()}`;
  }
}

/**
 * Who acts on the command line: whoever can open the database is an administrator. It comes from no address, and the
 * audit trail names it apart from all users.
 *
 * @param user the operating system's.
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
