import type { MeDto, RoleDto, UpdateRoleDto } from '@latchkey/auth-models';
import type { Texts } from '../core/texts/texts';
import { mayGrant } from '../shared/roles/roles';

/** Returns the members that differ from the role. An empty description becomes `null`, which removes it. */
export function changedFields(
  role: RoleDto,
  description: string,
  permissions: readonly string[],
): UpdateRoleDto {
  const selected = [...permissions].sort();
  return {
    ...(description !== (role.description ?? '') && { description: description === '' ? null : description }),
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
