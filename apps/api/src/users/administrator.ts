import { type UserWithRoles } from './user-with-roles.js';

/** The role whose holders can do everything. */
export const ADMINISTRATOR_ROLE = 'admin';

/** Whether somebody counts as an administrator: an enabled human who holds the role. */
export function isAdministrator({ user, roles }: UserWithRoles): boolean {
  return user.kind === 'human' && user.enabled && roles.includes(ADMINISTRATOR_ROLE);
}
