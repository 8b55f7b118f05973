import { IsArray, IsISO8601, ValidateNested } from 'class-validator';
import { Nested } from '../validation/nested.decorator.js';
import { LoginDayDto } from './login-day.dto.js';
import { SessionCountDto } from './session-count.dto.js';
import { TokenFiguresDto } from './token-figures.dto.js';
import { UserFiguresDto } from './user-figures.dto.js';

/** The figures of the home screen. */
export class StatsDto {
  /** When they were counted, RFC 3339. */
  @IsISO8601()
  time: string;

  @ValidateNested()
  @Nested(() => UserFiguresDto)
  users: UserFiguresDto;

  @ValidateNested()
  @Nested(() => TokenFiguresDto)
  tokens: TokenFiguresDto;

  /** Users with more than 1,000 live sessions, the most first; at most 20. */
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => SessionCountDto)
  usersWithManySessions: SessionCountDto[];

  /** Log-ins of the last 30 days, today among them, oldest first. */
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => LoginDayDto)
  logins: LoginDayDto[];
}
