import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  LOGIN_STATS_DAYS,
  MANY_SESSIONS_THRESHOLD,
  MANY_SESSIONS_USERS_MAX,
  type DailyLoginsDto,
  type StatsDto,
} from '@latchkey/auth-models';
import { type LoginDay } from '../../audit/counts/login-day.entity.js';
import { LoginFiguresRepository } from '../../audit/counts/login-figures.repository.js';
import { Clock, dateOf, toRfc3339 } from '../../common/clock.js';
import { TokenFigures } from '../tokens/list/token-figures.js';
import { UserListRepository } from '../users/list/user-list.repository.js';

/** Gathers the statistics for the home page. */
@Injectable()
export class StatsService {
  constructor(
    private readonly users: UserListRepository,
    private readonly tokens: TokenFigures,
    private readonly logins: LoginFiguresRepository,
    private readonly clock: Clock,
  ) {}

  async gather(): Promise<StatsDto> {
    const now = this.clock.now();
    const users = await this.users.count();
    // SQLite counts synchronously, so let other requests run in between.
    await otherWork();
    const tokens = await this.tokens.count();
    await otherWork();
    const usersWithManySessions = await this.tokens.findWithManySessions(
      MANY_SESSIONS_THRESHOLD,
      MANY_SESSIONS_USERS_MAX,
    );
    const days = await this.logins.findLast(LOGIN_STATS_DAYS, now);
    return { time: toRfc3339(now), users, tokens, usersWithManySessions, logins: days.map(toLoginDayDto) };
  }
}

function toLoginDayDto(day: LoginDay): DailyLoginsDto {
  const { successes, failures, unknownNameFailures } = day;
  return { date: dateOf(day.day), successes, failures, unknownNameFailures };
}
