import { IsArray, IsISO8601, ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';
import { DailyLoginsDto } from './daily-logins.dto.js';
import { TokenStatsDto } from './token-stats.dto.js';
import { UserSessionCountDto } from './user-session-count.dto.js';
import { UserStatsDto } from './user-stats.dto.js';

/** Statistics on the home page of the console. */
export class StatsDto {
  /** Time of the statistics, RFC 3339. */
  @IsISO8601()
  time: string;

  @ValidateNested()
  @Nested(() => UserStatsDto)
  users: UserStatsDto;

  @ValidateNested()
  @Nested(() => TokenStatsDto)
  tokens: TokenStatsDto;

  /** Users with more than 1,000 live sessions, sorted by number in descending order; at most 20. */
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => UserSessionCountDto)
  usersWithManySessions: UserSessionCountDto[];

  /** Logins of the last 30 days including today, oldest first. */
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => DailyLoginsDto)
  logins: DailyLoginsDto[];
}
