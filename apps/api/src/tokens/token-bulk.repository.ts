import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { lockRows } from '../database/lock-rows.js';
import { type WriteTransaction } from '../database/writes.js';
import { Token } from './token.entity.js';
import { type TokenOwner } from './token-state.js';

const COLUMNS = [
  'id',
  'userId',
  'kind',
  'parentTokenId',
  'enabled',
  'creationTime',
  'stampTime',
  'lifeStartTime',
  'expirationTime',
  'idleExpirationTime',
  'revocationTime',
] as const;
const OWNER_COLUMNS = ['name', 'enabled', 'tokensEndedBefore'] as const;

/** What of a token decides about a change of many. */
export type BulkToken = Pick<Token, (typeof COLUMNS)[number]> & { user: TokenOwner };

/** What a bulk request changes of a token. */
export type TokenBulkEdit = Partial<
  Pick<Token, 'enabled' | 'expirationTime' | 'lifeStartTime' | 'revocationTime'>
>;

type BulkTokenRow = Omit<BulkToken, 'user'> & {
  [Column in keyof TokenOwner as `owner_${Column}`]: TokenOwner[Column];
};

/** Every query that changes many tokens. */
@Injectable()
export class TokenBulkRepository {
  /** Tokens by their ids, which nobody else changes until the transaction ends. */
  async lock(ids: readonly string[], tx: WriteTransaction): Promise<Map<string, BulkToken>> {
    await lockRows(Token, ids, tx);
    const query = tx.createQueryBuilder(Token, 'token').innerJoin('token.user', 'owner').select([]);
    COLUMNS.forEach((column) => query.addSelect(`token.${column}`, column));
    OWNER_COLUMNS.forEach((column) => query.addSelect(`owner.${column}`, `owner_${column}`));
    // Rows and no entities, which cost ten times as much.
    const rows = await query.where('token.id IN (:...ids)', { ids }).getRawMany<BulkTokenRow>();
    return new Map(rows.map((row) => [row.id, toBulkToken(row)]));
  }

  /** The tokens that some were made with. */
  async findParents(tokens: Iterable<BulkToken>, tx: WriteTransaction): Promise<Map<string, Token>> {
    const ids = [...tokens].flatMap(({ parentTokenId }) => parentTokenId ?? []);
    const parents = ids.length === 0 ? [] : await tx.findBy(Token, { id: In(ids) });
    return new Map(parents.map((parent) => [parent.id, parent]));
  }

  /** Changes tokens that are locked. It makes the next version of each, unless it ends them. */
  async edit(ids: readonly string[], edit: TokenBulkEdit, tx: WriteTransaction): Promise<void> {
    const version = edit.revocationTime === undefined && { version: () => '"version" + 1' };
    await tx.update(Token, { id: In([...ids]) }, { ...edit, ...version });
  }
}

function toBulkToken({
  owner_name,
  owner_enabled,
  owner_tokensEndedBefore,
  ...token
}: BulkTokenRow): BulkToken {
  return {
    ...token,
    // SQLite has no boolean: it says 0 and 1.
    enabled: Boolean(token.enabled),
    user: {
      name: owner_name,
      enabled: Boolean(owner_enabled),
      tokensEndedBefore: owner_tokensEndedBefore,
    },
  };
}
