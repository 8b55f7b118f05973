import { IsInt, IsISO8601 } from 'class-validator';

/** Logins on one day. */
export class DailyLoginsDto {
  /** Day in UTC, such as `2030-01-31`. */
  @IsISO8601()
  date: string;

  /** Successful logins. */
  @IsInt()
  successes: number;

  /** Failed logins with the name of an existing user. */
  @IsInt()
  failures: number;

  /** Failed logins with an unknown name. */
  @IsInt()
  unknownNameFailures: number;
}
