import { IsInt, IsISO8601 } from 'class-validator';

/** Log-ins on one day. */
export class DailyLoginsDto {
  /** Day in UTC, such as `2030-01-31`. */
  @IsISO8601()
  date: string;

  /** Successful log-ins. */
  @IsInt()
  successes: number;

  /** Failed log-ins with the name of an existing user. */
  @IsInt()
  failures: number;

  /** Failed log-ins with an unknown name. */
  @IsInt()
  unknownNameFailures: number;
}
