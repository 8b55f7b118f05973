import { IsInt, IsISO8601 } from 'class-validator';

/** Log-ins of a day. */
export class DailyLoginsDto {
  /** The day in UTC, such as `2030-01-31`. */
  @IsISO8601()
  date: string;

  /** Log-ins that were let in. */
  @IsInt()
  successes: number;

  /** Failed log-ins with the name of a user. */
  @IsInt()
  failures: number;

  /** Failed log-ins with a name that no user has. */
  @IsInt()
  unknownNameFailures: number;
}
