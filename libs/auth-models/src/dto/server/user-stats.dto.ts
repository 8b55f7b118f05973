import { IsInt } from 'class-validator';

/** Numbers of users. */
export class UserStatsDto {
  /** All users. */
  @IsInt()
  total: number;

  /** Enabled users. */
  @IsInt()
  enabled: number;

  /** Disabled users. */
  @IsInt()
  disabled: number;

  /** Users of kind `human`. */
  @IsInt()
  humans: number;

  /** Users of kind `service`. */
  @IsInt()
  services: number;

  /** Users who have never logged in, including services. */
  @IsInt()
  neverLoggedIn: number;
}
