import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type TokenListQueryDto, type TokenSortField } from '@latchkey/auth-models';
import { In, IsNull, type QueryDeepPartialEntity, type Repository, type SelectQueryBuilder } from 'typeorm';
import { type EpochMilliseconds } from '../common/clock.js';
import { type ListSlice } from '../common/list-slice.js';
import { containing } from '../database/containing.js';
import { orderBy } from '../database/ordering.js';
import { type WriteTransaction } from '../database/writes.js';
import { type User } from '../users/user.entity.js';
import { Token } from './token.entity.js';

/** Everything that can end a token. */
export type TokenEnds = Pick<
  Token,
  'id' | 'stampTime' | 'expirationTime' | 'idleExpirationTime' | 'revocationTime'
> &
  Pick<User, 'tokensEndedBefore'>;

/** A token together with its user. */
export type OwnedToken = Token & { user: User };

/** Every query on tokens but the look-up of a presented one. */
@Injectable()
export class TokensRepository {
  constructor(@InjectRepository(Token) private readonly tokens: Repository<Token>) {}

  async insert(token: Token, tx: WriteTransaction): Promise<void> {
    await tx.insert(Token, token);
  }

  findById(id: string): Promise<OwnedToken | null> {
    return this.tokens.findOne({ where: { id }, relations: { user: true } }) as Promise<OwnedToken | null>;
  }

  /** Revokes a token; `false` if it is gone or was revoked before. */
  async revoke(id: string, revocationTime: EpochMilliseconds, tx: WriteTransaction): Promise<boolean> {
    const { affected } = await tx.update(Token, { id, revocationTime: IsNull() }, { revocationTime });
    return affected === 1;
  }

  /** Moves a session's idle end; `false` if the token is gone or revoked. */
  async prolong(
    id: string,
    idleExpirationTime: EpochMilliseconds | null,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(Token, { id, revocationTime: IsNull() }, { idleExpirationTime });
    return affected === 1;
  }

  /** Writes when a token was last used; a revoked one keeps what it has. */
  async recordUse(id: string, use: QueryDeepPartialEntity<Token>, tx: WriteTransaction): Promise<void> {
    await tx.update(Token, { id, revocationTime: IsNull() }, use);
  }

  /** The next so many tokens in the order of their ids, with what can end them. */
  findEnds(afterId: string, limit: number): Promise<TokenEnds[]> {
    return this.tokens
      .createQueryBuilder('token')
      .innerJoin('token.user', 'owner')
      .select('token.id', 'id')
      .addSelect('token.stampTime', 'stampTime')
      .addSelect('token.expirationTime', 'expirationTime')
      .addSelect('token.idleExpirationTime', 'idleExpirationTime')
      .addSelect('token.revocationTime', 'revocationTime')
      .addSelect('owner.tokensEndedBefore', 'tokensEndedBefore')
      .where('token.id > :afterId', { afterId })
      .orderBy('token.id')
      .limit(limit)
      .getRawMany<TokenEnds>();
  }

  async delete(ids: readonly string[], tx: WriteTransaction): Promise<void> {
    await tx.delete(Token, { id: In([...ids]) });
  }

  /** One slice of a user's live tokens that match, and how many match in all. */
  findLiveOf(
    userId: string,
    { q }: TokenListQueryDto,
    { offset, size, sort }: ListSlice<TokenSortField>,
    now: EpochMilliseconds,
  ): Promise<[OwnedToken[], number]> {
    const query = this.live(now)
      .addSelect(['owner.id', 'owner.name', 'owner.enabled', 'owner.tokensEndedBefore'])
      .andWhere('token.userId = :userId', { userId })
      .offset(offset)
      .limit(size);
    if (q) {
      query.andWhere(`(LOWER(token.note) LIKE :q ESCAPE '\\' OR LOWER(token.preview) LIKE :q ESCAPE '\\')`, {
        q: containing(q),
      });
    }
    const columns = sort.map(({ field, isDescending }) => ({ column: `token.${field}`, isDescending }));
    return orderBy(query, [
      ...columns,
      { column: 'token.id', isDescending: true },
    ]).getManyAndCount() as Promise<[OwnedToken[], number]>;
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

  /** Tokens that are neither revoked nor past an end; disabled ones count, as they can come back. */
  private live(now: EpochMilliseconds): SelectQueryBuilder<Token> {
    return this.tokens
      .createQueryBuilder('token')
      .innerJoin('token.user', 'owner')
      .where('token.revocationTime IS NULL')
      .andWhere('token.stampTime > owner.tokensEndedBefore')
      .andWhere('(token.expirationTime IS NULL OR token.expirationTime > :now)', { now })
      .andWhere('(token.idleExpirationTime IS NULL OR token.idleExpirationTime > :now)');
  }
}
