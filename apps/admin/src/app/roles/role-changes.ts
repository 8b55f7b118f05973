import type { MeDto, RoleDto, UpdateRoleDto } from '@latchkey/auth-models';
import type { Texts } from '../core/texts/texts';

/** What differs from a role as it was, and nothing else. An emptied description is taken away. */
export function changesOf(role: RoleDto, description: string, permissions: readonly string[]): UpdateRoleDto {
  const given = [...permissions].sort();
  return {
    ...(description !== (role.description ?? '') && { description: description === '' ? null : description }),
    ...(given.join() !== [...role.permissions].sort().join() && { permissions: given }),
  };
}

/** Why the person cannot change a role; `null` if they can. */
export function whyReadOnly(role: RoleDto, me: MeDto | null, { roles }: Texts): string | null {
  const held = new Set(me?.permissions ?? []);
  if (role.isBuiltIn) {
    return roles.readOnly.builtIn;
  }
  if (!held.has('roles:write')) {
    return roles.readOnly.noWrite;
  }
  const above = role.permissions.filter((permission) => !held.has(permission));
  return above.length > 0 ? roles.readOnly.above(above.join(', ')) : null;
}
