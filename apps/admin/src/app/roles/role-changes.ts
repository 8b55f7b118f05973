import type { MeDto, RoleDto, UpdateRoleDto } from '@latchkey/auth-models';
import type { Texts } from '../core/texts/texts';

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
  const held = new Set(me?.permissions ?? []);
  if (role.isBuiltIn) {
    return roles.readOnly.builtIn;
  }
  if (!held.has('roles:write')) {
    return roles.readOnly.noWrite;
  }
  const notHeld = role.permissions.filter((permission) => !held.has(permission));
  return notHeld.length > 0 ? roles.readOnly.above(notHeld.join(', ')) : null;
}
