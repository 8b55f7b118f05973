/** A user's permissions, limited to those a token was given: texts with spaces between, or `null` = no limit. */
export function narrow(permissions: ReadonlySet<string>, limit: string | null): ReadonlySet<string> {
  return limit === null
    ? permissions
    : new Set(limit.split(' ').filter((permission) => permissions.has(permission)));
}

/** What is left of a limit by another: what both allow. */
export function narrowLimit(limit: string | null, by: string | null): string | null {
  return limit === null || by === null
    ? (limit ?? by)
    : [...narrow(new Set(limit.split(' ')), by)].sort().join(' ');
}
