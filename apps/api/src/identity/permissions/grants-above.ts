import { DEFAULT_ROLE, type BuiltInRole } from '@latchkey/auth-models';
import { type Principal } from '../../common/request/principal.js';
import { type Grants } from './grants.js';
import { permissionsAbove } from './permissions-above.js';

/** The role whose holders can do everything. */
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
 * The ceiling: returns the parts of some grants that are above the actor, for an error message. The actor may neither
 * grant them nor act on a user who holds them.
 *
 * - A permission is above everybody who does not hold it.
 * - A role, whatever it permits, is above everybody who neither holds it nor has `roles:write`: services behind a gateway
 *   give rights by role. The default role is above nobody.
 * - A permission that this build does not know is above everybody but administrators. Another build may act on it.
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
