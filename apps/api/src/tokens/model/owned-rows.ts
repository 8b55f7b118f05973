import { type EntityManager } from 'typeorm';
import { Token } from './token.entity.js';
import { type TokenOwner } from './token.mapper.js';

const OWNER_COLUMNS = ['name', 'enabled', 'tokensRevokedBefore'] as const;

/** Some columns of a token, with the columns of its user that it depends on. */
export type OwnedColumns<Column extends keyof Token> = Pick<Token, Column> & { user: TokenOwner };

export type OwnedRow<Column extends keyof Token> = Pick<Token, Column> & {
  [OwnerColumn in keyof TokenOwner as `owner_${OwnerColumn}`]: TokenOwner[OwnerColumn];
};

/**
 * Reads columns of many tokens and their users as plain rows, because entities cost several times as much.
 * The text does not depend on the number of ids, so that SQLite prepares it once.
 */
export async function findOwnedRows<Column extends Exclude<keyof Token, 'user'>>(
  ids: readonly string[],
  columns: readonly (Column | 'id' | 'enabled')[],
  manager: EntityManager,
): Promise<Map<string, OwnedColumns<Column | 'id' | 'enabled'>>> {
  if (ids.length === 0) {
    return new Map();
  }
  const isPostgres = manager.dataSource.options.type === 'postgres';
  const among = isPostgres ? '= ANY($1)' : 'IN (SELECT "value" FROM json_each(?))';
  const rows = await manager.query<OwnedRow<Column | 'id' | 'enabled'>[]>(
    `SELECT ${ownedColumns(columns)} FROM "tokens" token JOIN "users" owner ON owner."id" = token."userId" WHERE token."id" ${among}`,
    [isPostgres ? ids : JSON.stringify(ids)],
  );
  return new Map(rows.map((row) => [row.id, toOwned(row)]));
}

/** Returns the columns of a statement on `token` and `owner` whose rows {@link toOwned} converts. */
export function ownedColumns(columns: readonly string[]): string {
  return [
    ...columns.map((column) => `token."${column}"`),
    ...OWNER_COLUMNS.map((column) => `owner."${column}" AS "owner_${column}"`),
  ].join(', ');
}

/** Converts a row of the driver in place, because a copy costs as much as the query. */
export function toOwned<Column extends keyof Token>(
  row: OwnedRow<Column | 'enabled'>,
): OwnedColumns<Column | 'enabled'> {
  const { owner_name: name, owner_tokensRevokedBefore: tokensRevokedBefore } = row;
  // SQLite has no boolean and returns 0 and 1.
  const user = { name, enabled: Boolean(row.owner_enabled), tokensRevokedBefore };
  return Object.assign(row, { enabled: Boolean(row.enabled), user });
}
