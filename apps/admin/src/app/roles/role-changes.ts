import type { MeDto, RoleDto, UpdateRoleDto } from '@latchkey/auth-models';
import type { Texts } from '../core/texts/texts';
import { mayGrant } from '../shared/roles/roles';

/** Form with the members of a role, except its permissions. */
export interface RoleForm {
  readonly description: string;
  readonly requiresSecondFactor: boolean;
}

/** Returns the members that differ from the role. An empty description becomes `null`, which removes it. */
export function changedFields(
  role: RoleDto,
  { description, requiresSecondFactor }: RoleForm,
  permissions: readonly string[],
): UpdateRoleDto {
  const selected = [...permissions].sort();
  return {
    ...(description !== (role.description ?? '') && { description: description === '' ? null : description }),
    ...(requiresSecondFactor !== role.requiresSecondFactor && { requiresSecondFactor }),
    ...(selected.join() !== [...role.permissions].sort().join() && { permissions: selected }),
  };
}

/** Returns why the user cannot change the role; `null` if they can. */
export function readOnlyReason(role: RoleDto, me: MeDto | null, { roles }: Texts): string | null {
  if (role.isBuiltIn) {
    return roles.readOnly.builtIn;
  }
  if (!me?.permissions.includes('roles:write')) {
    return roles.readOnly.noWrite;
  }
  const notHeld = role.permissions.filter((permission) => !mayGrant(me, permission));
  return notHeld.length > 0 ? roles.readOnly.above(notHeld.join(', ')) : null;
}
