import { DEFAULT_ROLE, type BuiltInRole } from '@latchkey/auth-models';
import { type Principal } from '../../common/request/principal.js';
import { type Grants } from './grants.js';

/** Role that holds every permission. */
export const ADMINISTRATOR_ROLE: BuiltInRole = 'admin';

type Actor = Pick<Principal, 'roles' | 'permissions' | 'token'>;

/**
 * Returns the roles that an actor holds when privileges are compared. A token that is limited to permissions holds none:
 * the services that read roles cannot see the limit.
 */
export function rolesHeldBy({ roles, token }: Actor): readonly string[] {
  return (token?.limit ?? null) === null ? roles : [];
}

/** Whether the actor is an administrator, by a credential without a limit. */
export function isAdministrator(actor: Actor): boolean {
  return rolesHeldBy(actor).includes(ADMINISTRATOR_ROLE);
}

/**
 * Returns the parts of some grants that the actor does not hold, for an error message. The actor may neither grant them nor act
 * on a user who holds them.
 *
 * - A permission is above actors who do not hold it.
 * - A role, even without permissions, is above actors who neither hold it nor have `roles:write`, because services behind a
 *   gateway grant rights by role. The default role is above no actor.
 * - A permission that this build does not know is above all actors except administrators. Another build may know it.
 */
export function grantsAbove(actor: Actor, { roles, permissions, unknownPermissions }: Grants): string[] {
  const missing = permissionsAbove(actor, permissions);
  if (isAdministrator(actor)) {
    return missing;
  }
  const held = rolesHeldBy(actor);
  const rolesAbove = actor.permissions.has('roles:write')
    ? []
    : roles.filter((role) => role !== DEFAULT_ROLE && !held.includes(role));
  return [...missing, ...unknownPermissions, ...rolesAbove.map((role) => `the role ${role}`)];
}

/** Returns the permissions that the actor does not hold. */
export function permissionsAbove(
  { permissions: held }: Pick<Principal, 'permissions'>,
  permissions: Iterable<string>,
): string[] {
  return [...permissions].filter((permission) => !held.has(permission));
}
