import { IsArray, IsISO8601, ValidateNested } from 'class-validator';
import { Nested } from '../validation/nested.decorator.js';
import { DailyLoginsDto } from './daily-logins.dto.js';
import { UserSessionCountDto } from './user-session-count.dto.js';
import { TokenStatsDto } from './token-stats.dto.js';
import { UserStatsDto } from './user-stats.dto.js';

/** The figures of the home screen. */
export class StatsDto {
  /** When they were counted, RFC 3339. */
  @IsISO8601()
  time: string;

  @ValidateNested()
  @Nested(() => UserStatsDto)
  users: UserStatsDto;

  @ValidateNested()
  @Nested(() => TokenStatsDto)
  tokens: TokenStatsDto;

  /** Users with more than 1,000 live sessions, the most first; at most 20. */
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => UserSessionCountDto)
  usersWithManySessions: UserSessionCountDto[];

  /** Log-ins of the last 30 days, today among them, oldest first. */
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => DailyLoginsDto)
  logins: DailyLoginsDto[];
}
