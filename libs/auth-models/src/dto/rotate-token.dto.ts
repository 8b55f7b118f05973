import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { GRACE_PERIOD_MAX_SECONDS } from '../limits.js';
import { IsDateTime } from '../validation/is-instant.decorator.js';
import { WHOLE_NUMBER } from '../validation/messages.js';
import { IsOptionalNonNull } from '../validation/presence.js';

/** Options of a rotation. The body and each member are optional, but `If-Match` or `version` must have the version. */
export class RotateTokenDto {
  /**
   * When the token shall end, RFC 3339 with a zone; beyond the server's maximum it is clipped. Its former length of life
   * anew if left out; `null` = never, where the server allows it.
   */
  @IsOptional()
  @IsDateTime()
  expirationTime?: string | null;

  /** How many seconds the old secret goes on working, no longer than the token; 0 if left out. */
  @IsOptionalNonNull()
  @IsInt(WHOLE_NUMBER)
  @Min(0)
  @Max(GRACE_PERIOD_MAX_SECONDS)
  gracePeriodSeconds?: number;

  /** The expected version. Required unless `If-Match` has it. If both are sent, both must match. */
  @IsOptionalNonNull()
  @IsInt(WHOLE_NUMBER)
  @Min(0)
  version?: number;
}
