import { IsInt } from 'class-validator';

/** Numbers of users. */
export class UserStatsDto {
  @IsInt()
  total: number;

  @IsInt()
  enabled: number;

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
