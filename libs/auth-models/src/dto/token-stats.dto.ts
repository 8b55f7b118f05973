import { IsInt } from 'class-validator';

/** How many live tokens there are: those that are neither revoked nor expired. `GET /tokens` lists each of these. */
export class TokenStatsDto {
  /** All of them; disabled ones count, as they can come back. */
  @IsInt()
  live: number;

  /** Of kind `session`. */
  @IsInt()
  sessions: number;

  /** Of kind `api`. */
  @IsInt()
  api: number;

  /** In the state `expiring`: enabled, with an end in at most 14 days. */
  @IsInt()
  expiring: number;

  /** In the state `disabled`, be it by themselves or by their user. */
  @IsInt()
  disabled: number;

  /** Never used since they were made. */
  @IsInt()
  neverUsed: number;

  /** Rotated, while the secret before still works. */
  @IsInt()
  inGrace: number;
}
