/** A user's permissions, limited to those a token was given: texts with spaces between, or `null` = no limit. */
export function narrow(permissions: ReadonlySet<string>, limit: string | null): ReadonlySet<string> {
  return limit === null
    ? permissions
    : new Set(limit.split(' ').filter((permission) => permissions.has(permission)));
}
