/** What a log-in needs to know of a user. */
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
 * SQL that gives a user's roles with their permissions as one text; `user` is the alias of the row in `users`.
 * A role's name and permissions hold neither commas nor single quotes, so nothing needs quoting.
 */
export function grantsSql(user: string): string {
  return (
    `(SELECT string_agg(r."name" || ' ' || r."permissions", ',') FROM "user_roles" g ` +
    `JOIN "roles" r ON r."name" = g."roleName" WHERE g."userId" = ${user}."id")`
  );
}
