import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type UserSessionCountDto, type TokenStatsDto } from '@latchkey/auth-models';
import { In, SelectQueryBuilder, type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../../../common/clock.js';
import { numbersOf } from '../../../platform/database/queries/numbers-of.js';
import { type User } from '../../users/model/user.entity.js';
import { IS_LIVE_SQL, stateParameters, TOKEN_STATE_SQL } from '../model/token-state.js';
import { Token } from '../model/token.entity.js';

/** Every query that only counts tokens. */
@Injectable()
export class TokenFiguresRepository {
  constructor(@InjectRepository(Token) private readonly tokens: Repository<Token>) {}

  /** How many live tokens there are, of which sort. */
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
      .getRawOne<Record<keyof TokenStatsDto, unknown>>();
    return numbersOf(row);
  }

  /** How many live tokens there are, and how many users have any. */
  async countOwned(now: EpochMilliseconds): Promise<{ tokens: number; users: number }> {
    const row = await this.live(now)
      .select('COUNT(*)', 'tokens')
      .addSelect('COUNT(DISTINCT token.userId)', 'users')
      .getRawOne<{ tokens: unknown; users: unknown }>();
    return numbersOf(row);
  }

  /**
   * How many live tokens some users have together.
   *
   * @param users their ids, or the query that selects these.
   * @param onlyOfEnabled whether those are left out whose user is disabled, as they do not work anyway.
   */
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

  /** Users with more live sessions than so many, the most first. */
  async findWithManySessions(
    sessions: number,
    limit: number,
    now: EpochMilliseconds,
  ): Promise<UserSessionCountDto[]> {
    // Tokens of any kind and state are counted by an index alone, and leave next to nobody to look at.
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
    return this.tokens
      .createQueryBuilder('token')
      .innerJoin('token.user', 'owner')
      .where(IS_LIVE_SQL)
      .setParameters(stateParameters(now));
  }
}
