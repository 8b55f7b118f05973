import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type TokenStatsDto, type UserSessionCountDto } from '@latchkey/auth-models';
import { In, SelectQueryBuilder, type Repository } from 'typeorm';
import { Clock, DAY_MILLISECONDS, type EpochMilliseconds } from '../../common/clock.service.js';
import { numbersOf, type Counts } from '../../platform/database/queries/list-queries.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { type ResourceApiTokenCounts } from '../../permissions/apis/resource-api-token-counts.js';
import { type Scope } from '../../permissions/scope.js';
import { selectHolders } from '../../permissions/user-grants.repository.js';
import { type UserSet, type UserTokenCounts } from '../../users/user-tokens.js';
import { TokenLineageRepository } from '../model/token-lineage.repository.js';
import {
  EXPIRING_MILLISECONDS,
  IS_LIVE_SQL,
  stateParameters,
  TOKEN_STATE_SQL,
} from '../model/token-state.js';
import { TokenApi } from '../model/token-api.entity.js';
import { Token } from '../model/token.entity.js';
import { onlyLive } from '../model/tokens.repository.js';

/** Number of days before its expiry when a token in use becomes urgent: a weekend, and a day to act. */
const URGENT_DAYS = 3;
/** A token counts as in use for this number of days after its last use. */
const IN_USE_DAYS = 30;
/**
 * Maximum number of tokens that {@link TokenFigures.countExpiring} reads, those that expire first. The limit
 * is high, because unused tokens count too. SQLite reads them in less than 50 ms, during which other requests
 * wait.
 */
const EXPIRING_MAX = 10_000;

/** Numbers of tokens in use that expire within days, by the values of a label. */
export interface ExpiringTokens {
  '3d': number;
  '14d': number;
}

/** The inner query states the conditions of the index in its words, because SQLite compares these. */
const EXPIRING_SQL = `SELECT COUNT(CASE WHEN token."expirationTime" <= :soon THEN 1 END) AS "3d", COUNT(*) AS "14d"
  FROM (
    SELECT * FROM "tokens"
    WHERE "kind" = 'api' AND "revocationReason" IS NULL AND "expirationTime" - "lifeStartTime" > ${EXPIRING_MILLISECONDS}
      AND "expirationTime" > :now AND "expirationTime" <= :expiringUntil
    ORDER BY "expirationTime" LIMIT ${EXPIRING_MAX}
  ) token
  JOIN "users" owner ON owner."id" = token."userId"
  WHERE ${TOKEN_STATE_SQL} = 'expiring' AND token."lastUsageTime" > :usedSince`;

/**
 * Canaries work nowhere. A number that includes them would also reveal to limited tokens how many there are.
 */
const IS_NO_CANARY = "token.kind <> 'canary'";

/** Ids of the tokens whose scope names permissions of some APIs. */
const IN_APIS = 'SELECT used."tokenId" FROM "token_apis" used WHERE used."api" IN (:...apis)';

/** Counts live tokens, without canaries. */
@Injectable()
export class TokenFigures implements ResourceApiTokenCounts, UserTokenCounts {
  constructor(
    @InjectRepository(Token) private readonly tokens: Repository<Token>,
    private readonly lineage: TokenLineageRepository,
    private readonly clock: Clock,
  ) {}

  /** Counts the live tokens of each kind and state. */
  async count(): Promise<TokenStatsDto> {
    const now = this.clock.now();
    const when = (condition: string) => `COUNT(CASE WHEN ${condition} THEN 1 END)`;
    const row = await this.withoutCanaries(now)
      .select('COUNT(*)', 'live')
      .addSelect(when(`token.kind = 'session'`), 'sessions')
      .addSelect(when(`token.kind = 'api'`), 'api')
      .addSelect(when(`${TOKEN_STATE_SQL} = 'expiring'`), 'expiring')
      .addSelect(when(`${TOKEN_STATE_SQL} = 'disabled'`), 'disabled')
      .addSelect(when('token.lastUsageTime IS NULL'), 'neverUsed')
      .addSelect(when('token.previousExpirationTime > :now'), 'inGrace')
      .setParameters(stateParameters(now))
      .getRawOne<Record<keyof TokenStatsDto, unknown>>();
    return numbersOf(row);
  }

  /**
   * Counts the API tokens in use that expire within days. Tokens that live for less than two weeks are left
   * out: programs that create one for each task let it expire. Reads at most {@link EXPIRING_MAX} tokens,
   * from an index.
   */
  async countExpiring(): Promise<ExpiringTokens> {
    const now = this.clock.now();
    const parameters = {
      ...stateParameters(now),
      soon: now + URGENT_DAYS * DAY_MILLISECONDS,
      usedSince: now - IN_USE_DAYS * DAY_MILLISECONDS,
    };
    const { driver } = this.tokens.manager.dataSource;
    const [row] = await this.tokens.query<Record<keyof ExpiringTokens, unknown>[]>(
      ...driver.escapeQueryWithParameters(EXPIRING_SQL, parameters),
    );
    return numbersOf(row);
  }

  async countOf(users: UserSet, onlyOfEnabled: boolean): Promise<number> {
    const query = this.withoutCanaries();
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

  async countByUser(userIds: readonly string[]): Promise<Map<string, number>> {
    if (userIds.length === 0) {
      return new Map();
    }
    const rows = await this.withoutCanaries()
      .andWhere('token.userId IN (:...userIds)', { userIds })
      .select('token.userId', 'userId')
      .addSelect('COUNT(*)', 'count')
      .groupBy('token.userId')
      .getRawMany<{ userId: string; count: number | string }>();
    return new Map(rows.map(({ userId, count }) => [userId, Number(count)]));
  }

  countDescendantsOf(users: UserSet): Promise<number> {
    return this.lineage.countLiveOfOthers(users, this.clock.now());
  }

  liveCounts(now: EpochMilliseconds): Counts {
    return (query) =>
      onlyLive(query.from(Token, 'token'), now)
        .andWhere(IS_NO_CANARY)
        .select('token.userId', 'key')
        .addSelect('COUNT(*)', 'count')
        .groupBy('token.userId');
  }

  /** Returns the users with more than some number of live sessions, the most sessions first. */
  async findWithManySessions(sessions: number, limit: number): Promise<UserSessionCountDto[]> {
    // The index alone counts tokens of any kind and state, which leaves few users to read.
    const candidates =
      'SELECT every."userId" FROM "tokens" every GROUP BY every."userId" HAVING COUNT(*) > :sessions';
    const rows = await this.live()
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

  async countOfApis(apis: readonly string[], now: EpochMilliseconds): Promise<Map<string, number>> {
    if (apis.length === 0) {
      return new Map();
    }
    const rows = await this.tokens.manager
      .getRepository(TokenApi)
      .createQueryBuilder('use')
      .select('use.api', 'api')
      .addSelect('COUNT(*)', 'count')
      .innerJoin('use.token', 'token')
      .innerJoin('token.user', 'owner')
      .where(IS_LIVE_SQL, { now })
      .andWhere('use.api IN (:...apis)', { apis: [...apis] })
      .groupBy('use.api')
      .getRawMany<{ api: string; count: number | string }>();
    return new Map(rows.map(({ api, count }) => [api, Number(count)]));
  }

  async countScopes(
    apis: readonly string[],
    now: EpochMilliseconds,
    tx?: WriteTransaction,
  ): Promise<{ scope: string; count: number }[]> {
    if (apis.length === 0) {
      return [];
    }
    const query = onlyLive((tx ?? this.tokens.manager).createQueryBuilder(Token, 'token'), now)
      .select('token.scope', 'scope')
      .addSelect('COUNT(*)', 'count')
      .andWhere(`token.id IN (${IN_APIS})`, { apis })
      .groupBy('token.scope');
    const rows = await query.getRawMany<{ scope: string; count: number | string }>();
    return rows.map(({ scope, count }) => ({ scope, count: Number(count) }));
  }

  async countByRoles(
    roleNames: readonly string[],
    apis: readonly string[],
    now: EpochMilliseconds,
  ): Promise<{ roles: string; scope: Scope; count: number }[]> {
    if (roleNames.length === 0) {
      return [];
    }
    const rows = await this.live(now)
      .innerJoin((query) => selectHolders(query, roleNames), 'holder', 'holder."userId" = token.userId')
      .andWhere(`token.kind = 'api'`)
      .andWhere(
        `(token.scope IS NULL OR ' ' || token.scope || ' ' LIKE '% * %' OR token.id IN (${IN_APIS}))`,
        { apis },
      )
      .select('holder.roles', 'roles')
      .addSelect('token.scope', 'scope')
      .addSelect('COUNT(*)', 'count')
      .groupBy('holder.roles')
      .addGroupBy('token.scope')
      .getRawMany<{ roles: string; scope: Scope; count: number | string }>();
    return rows.map(({ count, ...row }) => ({ ...row, count: Number(count) }));
  }

  private live(now = this.clock.now()): SelectQueryBuilder<Token> {
    return onlyLive(this.tokens.createQueryBuilder('token'), now);
  }

  private withoutCanaries(now?: EpochMilliseconds): SelectQueryBuilder<Token> {
    return this.live(now).andWhere(IS_NO_CANARY);
  }
}
