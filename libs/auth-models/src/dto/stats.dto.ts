import { Type } from 'class-transformer';
import { IsArray, IsISO8601, ValidateNested } from 'class-validator';
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
  @Type(() => UserFiguresDto)
  users: UserFiguresDto;

  @ValidateNested()
  @Type(() => TokenFiguresDto)
  tokens: TokenFiguresDto;

  /** Users with more than 1,000 live sessions, the most first; at most 20. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SessionCountDto)
  usersWithManySessions: SessionCountDto[];

  /** Log-ins of the last 30 days, today among them, oldest first. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LoginDayDto)
  logins: LoginDayDto[];
}
