import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  LOGIN_STATS_DAYS,
  MANY_SESSIONS_THRESHOLD,
  MANY_SESSIONS_USERS_MAX,
  type StatsDto,
} from '@latchkey/auth-models';
import { LoginFigures } from '../audit/counts/login-figures.service.js';
import { Clock, toRfc3339 } from '../common/clock.service.js';
import { TokenFigures } from '../tokens/list/token-figures.service.js';
import { UserListService } from '../users/list/user-list.service.js';

/** Gathers the statistics for the home page. */
@Injectable()
export class StatsService {
  constructor(
    private readonly users: UserListService,
    private readonly tokens: TokenFigures,
    private readonly logins: LoginFigures,
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
    const logins = await this.logins.findLast(LOGIN_STATS_DAYS, now);
    return { time: toRfc3339(now), users, tokens, usersWithManySessions, logins };
  }
}
