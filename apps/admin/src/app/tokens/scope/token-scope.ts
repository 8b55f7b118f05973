import type { CreateTokenDto, UserTokenDto } from '@latchkey/auth-models';

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

/** Adds permissions and roles to the lists of a scope. A list that is `null` stays `null`. */
export function widened({ permissions, roles }: TokenScope, names: readonly string[]): TokenScope {
  const added = (own: readonly string[] | null, others: readonly string[]) =>
    own && [...new Set([...own, ...others])];
  return {
    permissions: added(
      permissions,
      names.filter((name) => name.includes(':')),
    ),
    roles: added(
      roles,
      names.filter((name) => !name.includes(':')),
    ),
  };
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
