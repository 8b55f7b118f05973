import { type EntityManager } from 'typeorm';
import { Token } from './token.entity.js';
import { type TokenOwner } from './token.mapper.js';

const OWNER_COLUMNS = ['name', 'enabled', 'tokensEndedBefore'] as const;

/** Some columns of a token, with the columns of its user that it depends on. */
export type OwnedColumns<Column extends keyof Token> = Pick<Token, Column> & { user: TokenOwner };

type Row<Column extends keyof Token> = Pick<Token, Column> & {
  [OwnerColumn in keyof TokenOwner as `owner_${OwnerColumn}`]: TokenOwner[OwnerColumn];
};

/** Reads columns of many tokens and their users as plain rows, because entities cost several times as much. */
export async function findOwnedRows<Column extends Exclude<keyof Token, 'user'>>(
  ids: readonly string[],
  columns: readonly (Column | 'id' | 'enabled')[],
  manager: EntityManager,
): Promise<Map<string, OwnedColumns<Column | 'id' | 'enabled'>>> {
  if (ids.length === 0) {
    return new Map();
  }
  const query = manager.createQueryBuilder(Token, 'token').innerJoin('token.user', 'owner').select([]);
  columns.forEach((column) => query.addSelect(`token.${column}`, column));
  OWNER_COLUMNS.forEach((column) => query.addSelect(`owner.${column}`, `owner_${column}`));
  const rows = await query
    .where('token.id IN (:...ids)', { ids })
    .getRawMany<Row<Column | 'id' | 'enabled'>>();
  return new Map(rows.map((row) => [row.id, toOwned(row)]));
}

function toOwned<Column extends keyof Token>({
  owner_name,
  owner_enabled,
  owner_tokensEndedBefore,
  ...token
}: Row<Column | 'enabled'>): OwnedColumns<Column | 'enabled'> {
  return {
    ...token,
    // SQLite has no boolean and returns 0 and 1.
    enabled: Boolean(token.enabled),
    user: {
      name: owner_name,
      enabled: Boolean(owner_enabled),
      tokensEndedBefore: owner_tokensEndedBefore,
    },
  } as unknown as OwnedColumns<Column | 'enabled'>;
}
