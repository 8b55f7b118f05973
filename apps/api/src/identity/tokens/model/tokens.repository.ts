import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import {
  In,
  IsNull,
  type ObjectLiteral,
  type QueryDeepPartialEntity,
  type Repository,
  type SelectQueryBuilder,
} from 'typeorm';
import { type EpochMilliseconds } from '../../../common/clock.js';
import { type Counts } from '../../../platform/database/queries/counts.js';
import { insertRow } from '../../../platform/database/queries/fixed-statements.js';
import { lockRows } from '../../../platform/database/queries/lock-rows.js';
import { type WriteTransaction } from '../../../platform/database/writes.js';
import { type User } from '../../users/model/user.entity.js';
import { Token, type EndReason } from './token.entity.js';
import { IS_LIVE_SQL } from './token-state.js';

/** Everything that can end a token. */
export type TokenEnds = Pick<
  Token,
  'id' | 'stampTime' | 'expirationTime' | 'idleExpirationTime' | 'revocationTime'
> &
  Pick<User, 'tokensEndedBefore'>;

/** A token with what tells how long its row is kept once it has ended. */
export type KeptToken = TokenEnds & Pick<Token, 'kind'> & { hasMadeOthers: boolean };

const MADE_WITH_TOKEN = 'SELECT 1 FROM "tokens" made WHERE made."parentTokenId" = "token"."id"';

/** A token together with its user. */
export type OwnedToken = Token & { user: User };

/** Every query on tokens but the look-up of a presented one. */
@Injectable()
export class TokensRepository {
  constructor(@InjectRepository(Token) private readonly tokens: Repository<Token>) {}

  async insert(token: Token, tx: WriteTransaction): Promise<void> {
    await insertRow(Token, token, tx);
  }

  /** A token by its id; as of a transaction, if there is one. */
  findById(id: string, tx?: WriteTransaction): Promise<OwnedToken | null> {
    const tokens = tx ? tx.getRepository(Token) : this.tokens;
    return tokens.findOne({ where: { id }, relations: { user: true } }) as Promise<OwnedToken | null>;
  }

  /** Returns a token that no other transaction changes until this one ends. */
  async lock(id: string, tx: WriteTransaction): Promise<OwnedToken | null> {
    await lockRows(Token, [id], tx);
    return this.findById(id, tx);
  }

  /** Makes the next version of a token; `false` if somebody else just did, or ended it. */
  async update(
    { id, version }: Token,
    change: QueryDeepPartialEntity<Token>,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(
      Token,
      { id, version, endReason: IsNull() },
      { ...change, version: version + 1 },
    );
    return affected === 1;
  }

  /** Revokes a token; `false` if it is gone or was revoked before. */
  async revoke(
    id: string,
    endReason: Exclude<EndReason, 'expired'>,
    revocationTime: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(Token, { id, endReason: IsNull() }, { endReason, revocationTime });
    return affected === 1;
  }

  /** Records that a token expired, unless its expiry was changed or it was revoked meanwhile. */
  async expire(id: string, expiry: EpochMilliseconds, tx: WriteTransaction): Promise<void> {
    await tx.update(
      Token,
      [
        { id, endReason: IsNull(), expirationTime: expiry },
        { id, endReason: IsNull(), idleExpirationTime: expiry },
      ],
      { endReason: 'expired' },
    );
  }

  /** Stamps a token anew, so that it outlives what ended all of its user's; its superseded secret does not. */
  async keep(
    { id, previousEndTime }: Token,
    stampTime: EpochMilliseconds,
    now: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<void> {
    const isInGrace = previousEndTime !== null && previousEndTime > now;
    await tx.update(Token, { id }, { stampTime, ...(isInGrace && { previousEndTime: now }) });
  }

  /** Moves a session's idle end; `false` if the token is gone or revoked. */
  async prolong(
    id: string,
    idleExpirationTime: EpochMilliseconds | null,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(Token, { id, endReason: IsNull() }, { idleExpirationTime });
    return affected === 1;
  }

  /** The next so many tokens in the order of their ids, with what can end them and what keeps them. */
  async findEnds(afterId: string, limit: number): Promise<KeptToken[]> {
    const rows = await this.tokens
      .createQueryBuilder('token')
      .innerJoin('token.user', 'owner')
      .select('token.id', 'id')
      .addSelect('token.kind', 'kind')
      .addSelect('token.stampTime', 'stampTime')
      .addSelect('token.expirationTime', 'expirationTime')
      .addSelect('token.idleExpirationTime', 'idleExpirationTime')
      .addSelect('token.revocationTime', 'revocationTime')
      .addSelect('owner.tokensEndedBefore', 'tokensEndedBefore')
      .addSelect(`EXISTS (${MADE_WITH_TOKEN})`, 'hasMadeOthers')
      .where('token.id > :afterId', { afterId })
      .orderBy('token.id')
      .limit(limit)
      .getRawMany<KeptToken>();
    // SQLite has no boolean: it says 0 and 1.
    return rows.map((row) => ({ ...row, hasMadeOthers: Boolean(row.hasMadeOthers) }));
  }

  async delete(ids: readonly string[], tx: WriteTransaction): Promise<void> {
    await lockRows(Token, ids, tx);
    await tx.delete(Token, { id: In([...ids]) });
  }

  /** How many live API tokens a user has, as of a transaction. */
  countLiveApiOf(userId: string, now: EpochMilliseconds, tx: WriteTransaction): Promise<number> {
    return this.live(now, tx.getRepository(Token))
      .andWhere('token.userId = :userId', { userId })
      .andWhere('token.kind = :kind', { kind: 'api' })
      .getCount();
  }

  /** How many live tokens each of some users has. */
  async countLiveOf(userIds: readonly string[], now: EpochMilliseconds): Promise<Map<string, number>> {
    if (userIds.length === 0) {
      return new Map();
    }
    const rows = await this.live(now)
      .andWhere('token.userId IN (:...userIds)', { userIds })
      .select('token.userId', 'userId')
      .addSelect('COUNT(*)', 'count')
      .groupBy('token.userId')
      .getRawMany<{ userId: string; count: number | string }>();
    return new Map(rows.map(({ userId, count }) => [userId, Number(count)]));
  }

  /** How many live tokens each user has who has any, for lists of users. */
  liveCounts(now: EpochMilliseconds): Counts {
    return (query) =>
      onlyLive(query.from(Token, 'token'), now)
        .select('token.userId', 'key')
        .addSelect('COUNT(*)', 'count')
        .groupBy('token.userId');
  }

  private live(now: EpochMilliseconds, tokens: Repository<Token> = this.tokens): SelectQueryBuilder<Token> {
    return onlyLive(tokens.createQueryBuilder('token'), now);
  }
}

/** Selects live tokens, the disabled ones too. */
export function onlyLive<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  now: EpochMilliseconds,
): SelectQueryBuilder<T> {
  return query.innerJoin('token.user', 'owner').where(IS_LIVE_SQL, { now });
}

/** Returns the owners of tokens, each once: the users affected by a transaction that changed these tokens. */
export function ownerIdsOf(tokens: { userId: string } | readonly { userId: string }[]): string[] {
  return [...new Set([tokens].flat().map(({ userId }) => userId))];
}
