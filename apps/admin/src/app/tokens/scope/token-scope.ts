import type { CreateTokenDto, UserTokenDto } from '@latchkey/auth-models';
import type { RoleChoice } from '../../shared/roles/roles';

/**
 * Roles and permissions that a token is limited to; `null` = no limit. With neither, the token has all roles
 * and permissions of its owner. With roles alone, it has these roles and their permissions.
 */
export interface TokenScope {
  readonly permissions: readonly string[] | null;
  readonly roles: readonly string[] | null;
}

/** Scope of a token that is not limited. */
export const EVERYTHING: TokenScope = { permissions: null, roles: null };

/** Scope of a token that only identifies its owner. */
export const NOTHING: TokenScope = { permissions: [], roles: [] };

/** Returns the scope of a token. With permissions alone, it has no roles. */
export function scopeOf({ permissions, roles }: Pick<UserTokenDto, 'permissions' | 'roles'>): TokenScope {
  return { permissions: permissions ?? null, roles: roles ?? (permissions ? [] : null) };
}

/**
 * Adds permissions and roles to the lists of a scope. A list that is `null` stays `null`. If the scope has
 * roles whose permissions count, adds the role that grants a permission and the fewest others.
 *
 * @param held roles of the owner, as far as the user may see them.
 */
export function widened(
  { permissions, roles }: TokenScope,
  names: readonly string[],
  held: readonly RoleChoice[] = [],
): TokenScope {
  const added = (own: readonly string[] | null, others: readonly string[]) =>
    own && [...new Set([...own, ...others])];
  const missing = names.filter((name) => name.includes(':'));
  const named = added(
    roles,
    names.filter((name) => !name.includes(':')),
  );
  const hasSources = permissions === null || (roles ?? []).length > 0;
  return {
    permissions: added(permissions, missing),
    roles:
      hasSources && named !== null
        ? missing.reduce((sources, name) => [...sources, ...sourceOf(name, sources, held)], named)
        : named,
  };
}

/** Returns the role to add for a permission; nothing if one of the roles grants it, or none can. */
function sourceOf(permission: string, roles: readonly string[], held: readonly RoleChoice[]): string[] {
  const granting = held.filter(({ permissions }) => permissions?.includes(permission));
  const [smallest] = granting
    .filter(({ missing }) => missing.length === 0)
    .sort((one, other) => (one.permissions?.length ?? 0) - (other.permissions?.length ?? 0));
  return smallest === undefined || granting.some(({ name }) => roles.includes(name)) ? [] : [smallest.name];
}

/** Returns the members of a new token with a scope. */
export function scopeMembers({
  permissions,
  roles,
}: TokenScope): Pick<CreateTokenDto, 'permissions' | 'roles'> {
  return {
    ...(permissions !== null && { permissions: [...permissions].sort() }),
    ...(roles !== null && (roles.length > 0 || permissions === null) && { roles: [...roles].sort() }),
  };
}

/** Whether two scopes are the same for a token. */
export function isSameScope(one: TokenScope, other: TokenScope): boolean {
  return JSON.stringify(scopeMembers(one)) === JSON.stringify(scopeMembers(other));
}

/** Returns the key of the text that describes a scope. */
export function scopeKind({ permissions, roles }: TokenScope) {
  const hasRoles = roles === null || roles.length > 0;
  if (permissions === null) {
    return roles === null ? 'everything' : hasRoles ? 'roles' : 'nothing';
  }
  if (permissions.length === 0) {
    return hasRoles ? 'labels' : 'nothing';
  }
  return hasRoles ? 'both' : 'permissions';
}
