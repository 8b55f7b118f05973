import { Injectable } from '@nestjs/common';
import { type TokenStatsDto, type UserSessionCountDto } from '@latchkey/auth-models';
import { type SelectQueryBuilder } from 'typeorm';
import { Clock, type EpochMilliseconds } from '../../../common/clock.js';
import { type Counts } from '../../../platform/database/queries/list-queries.js';
import { type User } from '../../users/model/user.entity.js';
import { TokenLineageRepository } from '../model/token-lineage.repository.js';
import { TokenFiguresRepository } from './token-figures.repository.js';

/** Users by their ids, or the query that selects their ids. */
type Users = readonly string[] | SelectQueryBuilder<User>;

/** Counts live tokens for other features. */
@Injectable()
export class TokenStatsService {
  constructor(
    private readonly figures: TokenFiguresRepository,
    private readonly lineage: TokenLineageRepository,
    private readonly clock: Clock,
  ) {}

  /** Counts the live tokens of each kind and state. */
  count(): Promise<TokenStatsDto> {
    return this.figures.count(this.clock.now());
  }

  /** Counts the live tokens of some users, optionally of enabled users only, because those of others do not work anyway. */
  countOf(users: Users, onlyOfEnabled: boolean): Promise<number> {
    return this.figures.countOf(users, onlyOfEnabled, this.clock.now());
  }

  /** Counts the live tokens of each user. */
  countByUser(userIds: readonly string[]): Promise<Map<string, number>> {
    return this.figures.countByUser(userIds, this.clock.now());
  }

  /** Counts the live tokens of others that were created with tokens of some users. */
  countDescendantsOf(users: Users): Promise<number> {
    return this.lineage.countLiveOfOthers(users, this.clock.now());
  }

  /** Returns the subquery of the live tokens of each user, for lists of users. */
  liveCounts(now: EpochMilliseconds): Counts {
    return this.figures.liveCounts(now);
  }

  /** Returns the users with more than some number of live sessions, the most sessions first. */
  findWithManySessions(sessions: number, limit: number): Promise<UserSessionCountDto[]> {
    return this.figures.findWithManySessions(sessions, limit, this.clock.now());
  }
}
