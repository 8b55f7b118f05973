/**
 * What limits a credential, as it is stored: permissions with spaces between. A credential whose secret somebody else has
 * seen is limited to that person's roles as well, each with `@` before it, and `@` alone so that none can be stored, too.
 * `null` = no limit.
 */
type Limit = string | null;

const ROLE = '@';

/** A user's permissions, limited to those that a credential was given. */
export function intersectPermissions(permissions: ReadonlySet<string>, limit: Limit): ReadonlySet<string> {
  return limit === null
    ? permissions
    : new Set(limit.split(' ').filter((permission) => permissions.has(permission)));
}

/** A user's roles, limited to those that a credential conveys. */
export function intersectRoles(roles: readonly string[], limit: Limit): readonly string[] {
  const conveyed = roleLimit(limit);
  return conveyed === null ? roles : roles.filter((role) => conveyed.includes(ROLE + role));
}

/** Whatever two limits both allow. */
export function intersectScopes(limit: Limit, by: Limit): Limit {
  if (limit === null || by === null) {
    return limit ?? by;
  }
  const [one, other] = [roleLimit(limit), roleLimit(by)];
  const roles = one && other ? one.filter((role) => other.includes(role)) : (one ?? other ?? []);
  return [...roles, ...intersectPermissions(new Set(permissionsIn(limit)), by)].sort().join(' ');
}

/** Returns a limit to some permissions and roles. */
export function toScope(permissions: Iterable<string>, roles: readonly string[] | null): string {
  const marked = roles === null ? [] : [ROLE, ...roles.map((role) => ROLE + role)];
  return [...permissions, ...marked].sort().join(' ');
}

/** The permissions that a limit names. */
export function permissionsIn(limit: string): string[] {
  return limit.split(' ').filter((name) => name !== '' && !name.startsWith(ROLE));
}

/** The roles that a limit names, as they are stored, or `null` if it does not limit roles. */
function roleLimit(limit: Limit): string[] | null {
  const roles = limit?.split(' ').filter((name) => name.startsWith(ROLE)) ?? [];
  return roles.length === 0 ? null : roles;
}
