import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, SelectQueryBuilder } from 'typeorm';
import { run } from '../../platform/database/queries/fixed-statements.js';
import { lockRowsWhere } from '../../platform/database/queries/lock-rows.js';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { type User } from '../../users/model/user.entity.js';
import { Token } from './token.entity.js';
import { TokenAncestor } from './token-ancestor.entity.js';
import { IS_UNREVOKED_SQL } from './token-state.js';
import { onlyLive } from './tokens.repository.js';

/** Token that others were created with, and its owner. */
export type Ancestor = Pick<TokenAncestor, 'ancestorId' | 'ancestorUserId'>;

/** Token that was created with others, and its owner. */
export type Descendant = Pick<Token, 'id' | 'userId' | 'preview' | 'note'> & { user: Pick<User, 'name'> };

/** Token that was created with others, with its scopes. */
export type ScopedDescendant = Pick<Token, 'id' | 'scope' | 'maxScope'>;

/** Token that was created with others, with its use limits. */
type LimitedDescendant = Pick<Token, 'id' | 'useLimits'>;

const ROWS_PER_STATEMENT = 500;

/** Maximum number of descendants whose ids an audit entry has. */
export const REFERENCES_MAX = 1000;

const BELOW = '(SELECT link."tokenId" FROM "token_ancestors" link WHERE link."ancestorId" = :id)';

/** Queries on ancestors and descendants of tokens. Purged and deleted ancestors count as well. */
@Injectable()
export class TokenLineageRepository {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /** Returns the ancestors of a token that is created with this one. */
  async ancestorsOfChild(
    { id, userId }: Pick<Token, 'id' | 'userId'>,
    tx: WriteTransaction,
  ): Promise<Ancestor[]> {
    return [{ ancestorId: id, ancestorUserId: userId }, ...(await this.findAncestors({ id }, tx))];
  }

  /** Returns the rows of a token: its ancestors, and the users who rotated it. */
  findAncestors({ id }: Pick<Token, 'id'>, tx: WriteTransaction): Promise<Ancestor[]> {
    return tx.find(TokenAncestor, {
      select: { ancestorId: true, ancestorUserId: true },
      where: { tokenId: id },
    });
  }

  async insert(
    { id }: Pick<Token, 'id'>,
    ancestors: readonly Ancestor[],
    tx: WriteTransaction,
  ): Promise<void> {
    if (ancestors.length > 0) {
      await tx.insert(
        TokenAncestor,
        ancestors.map(({ ancestorId, ancestorUserId }) => ({ tokenId: id, ancestorId, ancestorUserId })),
      );
    }
  }

  /** Returns a token that others were created with, even if its own row was deleted. */
  async findAncestor(id: string, tx: WriteTransaction): Promise<Ancestor | null> {
    const ancestor = await tx.findOne(TokenAncestor, { where: { ancestorId: id } });
    // Rows of users who rotated tokens have the id of the user.
    return ancestor?.ancestorUserId === id ? null : ancestor;
  }

  /** Returns the tokens among some that were created with a token. */
  async findDescendantsAmong(
    id: string,
    among: readonly string[],
    tx?: WriteTransaction,
  ): Promise<ReadonlySet<string>> {
    if (among.length === 0) {
      return new Set();
    }
    const rows = await (tx ?? this.source.manager)
      .createQueryBuilder(TokenAncestor, 'link')
      .select('link.tokenId', 'tokenId')
      .where('link.ancestorId = :id AND link.tokenId IN (:...among)', { id, among })
      .getRawMany<Pick<TokenAncestor, 'tokenId'>>();
    return new Set(rows.map(({ tokenId }) => tokenId));
  }

  /** Returns the first limited ancestor of a token that belongs to the same user, or the token itself. */
  async findLimitedRoot({ id, userId }: Pick<Token, 'id' | 'userId'>): Promise<string> {
    const root = await this.source.manager
      .createQueryBuilder(Token, 'token')
      .select('token.id', 'id')
      .where(
        `token.id IN (SELECT link."ancestorId" FROM "token_ancestors" link WHERE link."tokenId" = :id)`,
        { id },
      )
      .andWhere('token.userId = :userId AND token.scope IS NOT NULL', { userId })
      .orderBy('token.creationTime')
      .addOrderBy('token.id')
      .limit(1)
      .getRawOne<Pick<Token, 'id'>>();
    return root?.id ?? id;
  }

  /**
   * Locks the tokens of some users, and the unrevoked ones that were created with tokens of some users, in
   * the order of their ids.
   *
   * @param ancestorUserIds ids of the users whose tokens others were created with.
   */
  lockOfUsers(
    userIds: readonly string[],
    ancestorUserIds: readonly string[],
    tx: WriteTransaction,
  ): Promise<void> {
    return lockRowsWhere(
      Token,
      `row.id IN (SELECT own.id FROM "tokens" own WHERE own."userId" = ANY(:userIds)
         UNION ALL SELECT link."tokenId" FROM "token_ancestors" link WHERE link."ancestorUserId" = ANY(:ancestorUserIds))
       AND (COALESCE(row.revocationReason, 'expired') = 'expired' OR row.userId = ANY(:userIds))`,
      { userIds, ancestorUserIds },
      tx,
    );
  }

  /**
   * Returns the scopes of the unrevoked tokens that were created with a token, whose rows must be locked.
   */
  findScopesOfDescendants(id: string, tx: WriteTransaction): Promise<ScopedDescendant[]> {
    return unrevokedDescendants(id, tx)
      .select(['token.id AS id', 'token.scope AS scope', 'token.maxScope AS "maxScope"'])
      .getRawMany();
  }

  /** Returns the users of the unrevoked tokens that were created with a token, each once. */
  findOwnersOfDescendants(id: string, tx: WriteTransaction): Promise<Pick<Token, 'userId'>[]> {
    return unrevokedDescendants(id, tx).select('token.userId', 'userId').distinct().getRawMany();
  }

  /** Returns the first unrevoked tokens that were created with a token, for an audit entry. */
  findSomeDescendants(id: string, tx: WriteTransaction): Promise<Descendant[]> {
    return descendants(unrevokedDescendants(id, tx).innerJoin('token.user', 'owner').limit(REFERENCES_MAX));
  }

  /** Sets the scopes of some tokens and increments their versions. */
  updateScopes(tokens: readonly ScopedDescendant[], tx: WriteTransaction): Promise<void> {
    return updateRows(['scope', 'maxScope'], tokens, tx);
  }

  /**
   * Updates the APIs of the tokens that were created with a token, after their scopes were narrowed to its
   * scope.
   *
   * @param apis APIs that the scope of the token names.
   */
  async updateApisOfDescendants(id: string, apis: readonly string[], tx: WriteTransaction): Promise<void> {
    const below = 'IN (SELECT link."tokenId" FROM "token_ancestors" link WHERE link."ancestorId" = ?)';
    const names = (api: string) => `' ' || t."scope" LIKE '% ' || ${api} || ':%'`;
    await run(
      `DELETE FROM "token_apis" WHERE "tokenId" ${below} AND NOT EXISTS ` +
        `(SELECT 1 FROM "tokens" t WHERE t."id" = "token_apis"."tokenId" AND ${names('"token_apis"."api"')})`,
      [id],
      tx,
    );
    for (const api of apis) {
      await run(
        'INSERT INTO "token_apis" ("tokenId", "api") SELECT t."id", CAST(? AS varchar) FROM "tokens" t ' +
          `WHERE t."id" ${below} AND ${names('CAST(? AS varchar)')} ON CONFLICT DO NOTHING`,
        [api, id, api],
        tx,
      );
    }
  }

  /**
   * Returns the use limits of the unrevoked tokens that were created with a token, whose rows must be
   * locked.
   */
  findUseLimitsOfDescendants(id: string, tx: WriteTransaction): Promise<LimitedDescendant[]> {
    return unrevokedDescendants(id, tx)
      .select(['token.id AS id', 'token.useLimits AS "useLimits"'])
      .getRawMany();
  }

  /** Sets the use limits of some tokens and increments their versions. */
  updateUseLimits(tokens: readonly LimitedDescendant[], tx: WriteTransaction): Promise<void> {
    return updateRows(['useLimits'], tokens, tx);
  }

  /** Returns the unrevoked tokens that were created with a token, in the order of their ids. */
  findUnrevokedDescendants(id: string, tx: WriteTransaction): Promise<Descendant[]> {
    return descendants(unrevokedDescendants(id, tx).innerJoin('token.user', 'owner'));
  }

  /**
   * Returns the unrevoked tokens of others that were created with tokens of some users, in the order of their
   * ids.
   */
  async findUnrevokedOfOthers(userIds: readonly string[], tx: WriteTransaction): Promise<Descendant[]> {
    return userIds.length === 0 ? [] : descendants(ofOthers(onlyUnrevoked(tx), userIds));
  }

  /**
   * Counts the live tokens of others, without canaries, that were created with tokens of some users.
   *
   * @param users their ids, or the query that selects their ids.
   */
  async countLiveOfOthers(
    users: readonly string[] | SelectQueryBuilder<User>,
    now: EpochMilliseconds,
  ): Promise<number> {
    const isEmpty = !(users instanceof SelectQueryBuilder) && users.length === 0;
    if (isEmpty) {
      return 0;
    }
    const live = onlyLive(this.source.manager.createQueryBuilder(Token, 'token'), now).andWhere(
      "token.kind <> 'canary'",
    );
    return ofOthers(live, users).getCount();
  }
}

/**
 * Sets columns of some tokens, 500 tokens at a time, because the number of parameters of a statement is
 * limited.
 */
async function updateRows<Column extends keyof Token>(
  columns: readonly Column[],
  tokens: readonly (Pick<Token, 'id'> & Record<Column, string | null>)[],
  tx: WriteTransaction,
): Promise<void> {
  const names = ['id', ...columns].map((column) => `"new_${column}"`);
  const set = columns.map((column) => `"${column}" = m."new_${column}"`);
  for (let start = 0; start < tokens.length; start += ROWS_PER_STATEMENT) {
    const part = tokens.slice(start, start + ROWS_PER_STATEMENT);
    const values = part.map(() => `(${names.map(() => 'CAST(? AS text)').join(', ')})`);
    await run(
      `WITH m(${names.join(', ')}) AS (VALUES ${values.join(', ')}) ` +
        `UPDATE "tokens" SET ${set.join(', ')}, "version" = "tokens"."version" + 1 FROM m WHERE "tokens"."id" = m."new_id"`,
      part.flatMap((token) => [token.id, ...columns.map((column) => token[column])]),
      tx,
    );
  }
}

function unrevokedDescendants(id: string, tx: WriteTransaction): SelectQueryBuilder<Token> {
  return tx
    .createQueryBuilder(Token, 'token')
    .where(`COALESCE(token.revocationReason, 'expired') = 'expired' AND token.id IN ${BELOW}`, { id });
}

function onlyUnrevoked(tx: WriteTransaction): SelectQueryBuilder<Token> {
  return tx.createQueryBuilder(Token, 'token').innerJoin('token.user', 'owner').where(IS_UNREVOKED_SQL);
}

/** Selects the tokens of others that were created with tokens of some users. */
function ofOthers(
  tokens: SelectQueryBuilder<Token>,
  users: readonly string[] | SelectQueryBuilder<User>,
): SelectQueryBuilder<Token> {
  const [ids, parameters] =
    users instanceof SelectQueryBuilder
      ? [users.getQuery(), users.getParameters()]
      : [':...ancestorUserIds', { ancestorUserIds: users }];
  return tokens
    .andWhere(
      `token.id IN (SELECT link."tokenId" FROM "token_ancestors" link WHERE link."ancestorUserId" IN (${ids}))`,
    )
    .andWhere(`token.userId NOT IN (${ids})`)
    .setParameters(parameters);
}

async function descendants(tokens: SelectQueryBuilder<Token>): Promise<Descendant[]> {
  const rows = await tokens
    .select('token.id', 'id')
    .addSelect('token.userId', 'userId')
    .addSelect('token.preview', 'preview')
    .addSelect('token.note', 'note')
    .addSelect('owner.name', 'name')
    .orderBy('token.id')
    .getRawMany<Descendant & Pick<User, 'name'>>();
  return rows.map(({ name, ...token }) => ({ ...token, user: { name } }));
}
