import { apiOf } from '@latchkey/auth-models';

/**
 * Stored scope of a token: it limits the permissions and roles that the token has of its user. `null` = no
 * limit. Otherwise it has words, separated by spaces:
 *
 * - permissions, or `*` for all;
 * - roles with a leading `@`, or `@*` for all;
 * - roles with a leading `%`: only their permissions count. Without such a word, the permissions of all
 *   roles count.
 */
export type Scope = string | null;

/** Parts of a scope; `null` = no limit. */
interface ScopeParts {
  readonly permissions: Iterable<string> | null;
  readonly roles: Iterable<string> | null;
  /** Roles whose permissions count. */
  readonly sources?: Iterable<string> | null;
}

const ALL = '*';
const ROLE = '@';
const SOURCE = '%';

/** Returns the stored form of a scope. */
export function toScope({ permissions, roles, sources = null }: ScopeParts): Scope {
  if (permissions === null && roles === null && sources === null) {
    return null;
  }
  return [
    ...(permissions ?? [ALL]),
    ...[...(roles ?? [ALL])].map((role) => ROLE + role),
    ...[...(sources ?? [])].map((role) => SOURCE + role),
    // Without such a word, the permissions of all roles would count.
    ...(sources !== null && [...sources].length === 0 ? [SOURCE] : []),
  ]
    .sort()
    .join(' ');
}

/** Returns the parts of a scope. */
export function readScope(scope: Scope): Record<keyof ScopeParts, ReadonlySet<string> | null> {
  if (scope === null) {
    return { permissions: null, roles: null, sources: null };
  }
  const words = scope.split(' ').filter(Boolean);
  const after = (mark: string) =>
    words.filter((word) => word.startsWith(mark)).map((word) => word.slice(mark.length));
  const roles = after(ROLE);
  const sources = after(SOURCE);
  return {
    permissions: words.includes(ALL) ? null : new Set(permissionsIn(scope)),
    roles: roles.includes(ALL) ? null : new Set(roles.filter(Boolean)),
    sources: sources.length === 0 ? null : new Set(sources.filter(Boolean)),
  };
}

/** Returns the members of a token that describe its scope. With permissions alone, the token has no roles. */
export function scopeMembers(scope: Scope): { permissions?: string[]; roles?: string[] } {
  if (scope === null) {
    return {};
  }
  const { permissions, roles } = readScope(scope);
  const hasRoles = roles !== null && (roles.size > 0 || permissions === null);
  return { ...(permissions && { permissions: [...permissions] }), ...(hasRoles && { roles: [...roles] }) };
}

/** Whether a scope is equal to another one, or narrower. */
export function isWithin(scope: Scope, other: Scope): boolean {
  return intersectScopes(scope, other) === scope;
}

/** Returns the scope that two scopes both allow. */
export function intersectScopes(scope: Scope, by: Scope): Scope {
  const [one, other] = [readScope(scope), readScope(by)];
  return toScope({
    permissions: intersect(one.permissions, other.permissions),
    roles: intersect(one.roles, other.roles),
    sources: intersect(one.sources, other.sources),
  });
}

/** Returns a scope without some permissions. */
export function scopeWithout(scope: string, permissions: readonly string[]): string {
  return scope
    .split(' ')
    .filter((word) => !permissions.includes(word))
    .join(' ');
}

/** Returns the permissions that a scope names. */
export function permissionsIn(scope: string): string[] {
  return scope.split(' ').filter((word) => word.includes(':'));
}

/** Returns the APIs whose permissions a scope names, each once. */
export function apisIn(scope: Scope): string[] {
  return [...new Set(permissionsIn(scope ?? '').map(apiOf))];
}

/** Returns the values in both sets; `null` = all values. */
export function intersect(
  one: ReadonlySet<string> | null,
  other: ReadonlySet<string> | null,
): ReadonlySet<string> | null {
  return one && other ? new Set([...one].filter((value) => other.has(value))) : (one ?? other);
}
