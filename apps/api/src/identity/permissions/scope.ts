/**
 * Stored scope of a credential: permissions, separated by spaces. A credential whose secret another user knows is also limited to
 * the roles of that user, each with a leading `@`, after a single `@` that stands for no roles. `null` = no limit.
 */
type Scope = string | null;

const ROLE = '@';

/** Returns the permissions of a user that a scope allows. */
export function intersectPermissions(permissions: ReadonlySet<string>, scope: Scope): ReadonlySet<string> {
  return scope === null
    ? permissions
    : new Set(scope.split(' ').filter((permission) => permissions.has(permission)));
}

/** Returns the roles of a user that a scope allows. */
export function intersectRoles(roles: readonly string[], scope: Scope): readonly string[] {
  const conveyed = roleScope(scope);
  return conveyed === null ? roles : roles.filter((role) => conveyed.includes(ROLE + role));
}

/** Returns the scope that two scopes both allow. */
export function intersectScopes(scope: Scope, by: Scope): Scope {
  if (scope === null || by === null) {
    return scope ?? by;
  }
  const [one, other] = [roleScope(scope), roleScope(by)];
  const roles = one && other ? one.filter((role) => other.includes(role)) : (one ?? other ?? []);
  return [...roles, ...intersectPermissions(new Set(permissionsIn(scope)), by)].sort().join(' ');
}

/** Returns the scope of some permissions and roles; `null` does not limit the roles. */
export function toScope(permissions: Iterable<string>, roles: readonly string[] | null): string {
  const marked = roles === null ? [] : [ROLE, ...roles.map((role) => ROLE + role)];
  return [...permissions, ...marked].sort().join(' ');
}

/** Returns the permissions in a scope. */
export function permissionsIn(scope: string): string[] {
  return scope.split(' ').filter((name) => name !== '' && !name.startsWith(ROLE));
}

/** Returns the stored roles in a scope, or `null` if it does not limit roles. */
function roleScope(scope: Scope): string[] | null {
  const roles = scope?.split(' ').filter((name) => name.startsWith(ROLE)) ?? [];
  return roles.length === 0 ? null : roles;
}
