import { ADMINISTRATOR_ROLE } from '../roles/grants-above.js';
import { type UserWithRoles } from './user-with-roles.js';

/**
 * Whether an administrator is one no longer after a change. An administrator is an enabled human who holds the role.
 *
 * @param after the user after it; `undefined` = gone.
 */
export function leavesAdministrators(before: UserWithRoles, after: UserWithRoles | undefined): boolean {
  return isAdministrator(before) && !(after && isAdministrator(after));
}

function isAdministrator({ user, roles }: UserWithRoles): boolean {
  return user.kind === 'human' && user.enabled && roles.includes(ADMINISTRATOR_ROLE);
}
