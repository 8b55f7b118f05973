import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type UserSessionCountDto, type TokenStatsDto } from '@latchkey/auth-models';
import { In, SelectQueryBuilder, type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../../../common/clock.js';
import { type Counts, numbersOf } from '../../../platform/database/queries/list-queries.js';
import { type User } from '../../users/model/user.entity.js';
import { stateParameters, TOKEN_STATE_SQL } from '../model/token-state.js';
import { Token } from '../model/token.entity.js';
import { onlyLive } from '../model/tokens.repository.js';

/** Queries that count live tokens. */
@Injectable()
export class TokenFiguresRepository {
  constructor(@InjectRepository(Token) private readonly tokens: Repository<Token>) {}

  async count(now: EpochMilliseconds): Promise<TokenStatsDto> {
    const when = (condition: string) => `COUNT(CASE WHEN ${condition} THEN 1 END)`;
    const row = await this.live(now)
      .select('COUNT(*)', 'live')
      .addSelect(when(`token.kind = 'session'`), 'sessions')
      .addSelect(when(`token.kind = 'api'`), 'api')
      .addSelect(when(`${TOKEN_STATE_SQL} = 'expiring'`), 'expiring')
      .addSelect(when(`${TOKEN_STATE_SQL} = 'disabled'`), 'disabled')
      .addSelect(when('token.lastUsageTime IS NULL'), 'neverUsed')
      .addSelect(when('token.previousEndTime > :now'), 'inGrace')
      .setParameters(stateParameters(now))
      .getRawOne<Record<keyof TokenStatsDto, unknown>>();
    return numbersOf(row);
  }

  async countOf(
    users: readonly string[] | SelectQueryBuilder<User>,
    onlyOfEnabled: boolean,
    now: EpochMilliseconds,
  ): Promise<number> {
    const query = this.live(now);
    if (users instanceof SelectQueryBuilder) {
      query.andWhere(`token.userId IN (${users.getQuery()})`).setParameters(users.getParameters());
    } else {
      query.andWhere({ userId: In([...users]) });
    }
    if (onlyOfEnabled) {
      query.andWhere('owner.enabled');
    }
    return query.getCount();
  }

  async countByUser(userIds: readonly string[], now: EpochMilliseconds): Promise<Map<string, number>> {
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

  liveCounts(now: EpochMilliseconds): Counts {
    return (query) =>
      onlyLive(query.from(Token, 'token'), now)
        .select('token.userId', 'key')
        .addSelect('COUNT(*)', 'count')
        .groupBy('token.userId');
  }

  async findWithManySessions(
    sessions: number,
    limit: number,
    now: EpochMilliseconds,
  ): Promise<UserSessionCountDto[]> {
    // The index alone counts tokens of any kind and state, which leaves few users to read.
    const candidates =
      'SELECT every."userId" FROM "tokens" every GROUP BY every."userId" HAVING COUNT(*) > :sessions';
    const rows = await this.live(now)
      .andWhere(`token.userId IN (${candidates})`)
      .andWhere(`token.kind = 'session'`)
      .select('MIN(owner.name)', 'name')
      .addSelect('COUNT(*)', 'sessions')
      .groupBy('token.userId')
      .having('COUNT(*) > :sessions', { sessions })
      .orderBy('COUNT(*)', 'DESC')
      .addOrderBy('MIN(owner.name)')
      .limit(limit)
      .getRawMany<{ name: string; sessions: unknown }>();
    return rows.map((row) => ({ name: row.name, sessions: Number(row.sessions) }));
  }

  private live(now: EpochMilliseconds): SelectQueryBuilder<Token> {
    return onlyLive(this.tokens.createQueryBuilder('token'), now);
  }
}
