import { IsISO8601 } from 'class-validator';
import { DailyLoginsDto } from './daily-logins.dto.js';
import { TokenStatsDto } from './token-stats.dto.js';
import { UserSessionCountDto } from './user-session-count.dto.js';
import { UserStatsDto } from './user-stats.dto.js';

/** Statistics on the home page of the console. */
export class StatsDto {
  /** Time of the statistics, RFC 3339. */
  @IsISO8601()
  time: string;

  users: UserStatsDto;

  tokens: TokenStatsDto;

  /** Users with more than 1,000 live sessions, sorted by number in descending order; at most 20. */
  usersWithManySessions: UserSessionCountDto[];

  /** Logins of the last 30 days including today, oldest first. */
  logins: DailyLoginsDto[];
}
