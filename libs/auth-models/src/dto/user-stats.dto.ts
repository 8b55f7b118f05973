import { IsInt } from 'class-validator';

/** How many users there are. */
export class UserStatsDto {
  @IsInt()
  total: number;

  @IsInt()
  enabled: number;

  @IsInt()
  disabled: number;

  /** Of kind `human`. */
  @IsInt()
  humans: number;

  /** Of kind `service`. */
  @IsInt()
  services: number;

  /** Those who never logged in; services need not. */
  @IsInt()
  neverLoggedIn: number;
}
