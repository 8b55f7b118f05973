import { IsInt } from 'class-validator';

/**
 * Numbers of live tokens: those that are neither revoked nor expired. `GET /tokens` can list the tokens
 * behind each number.
 */
export class TokenStatsDto {
  /** All live tokens, including disabled ones. */
  @IsInt()
  live: number;

  /** Tokens of kind `session`. */
  @IsInt()
  sessions: number;

  /** Tokens of kind `api`. */
  @IsInt()
  api: number;

  /** Tokens in state `expiring`: enabled, and expire within 14 days. */
  @IsInt()
  expiring: number;

  /** Tokens in state `disabled`: the token or its user is disabled. */
  @IsInt()
  disabled: number;

  /** Tokens that have never been used. */
  @IsInt()
  neverUsed: number;

  /** Rotated tokens whose previous secret still works. */
  @IsInt()
  inGrace: number;
}
