/** Columns of a user that a login needs. */
export interface LoginRecord {
  id: string;
  /** Canonical name. */
  name: string;
  enabled: boolean;
  passwordHash: string | null;
  tokensEndedBefore: number;
  /** Roles with their permissions, as `GrantsReader` reads them. */
  grants: string | null;
}

/**
 * Returns SQL for a user's roles with their permissions as one text; `user` is the alias of the row in `users`.
 * Role names and permissions contain no commas or single quotes, so nothing needs quoting.
 */
export function grantsSql(user: string): string {
  return (
    `(SELECT string_agg(r."name" || ' ' || r."permissions", ',') FROM "user_roles" g ` +
    `JOIN "roles" r ON r."name" = g."roleName" WHERE g."userId" = ${user}."id")`
  );
}
