import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { GRACE_PERIOD_MAX_SECONDS } from '../../limits.js';
import { IsExpirationTime, IsExpiresIn, IsReason, IsVersion } from '../../validation/members.js';
import { TRUE_OR_FALSE, WHOLE_NUMBER } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/**
 * Options of a rotation. The body and each member are optional, but `If-Match` or `version` must have the
 * version.
 */
export class RotateTokenDto {
  /**
   * Expiry, RFC 3339 with a time zone. Later times are reduced to the server's maximum. By default the
   * token's previous lifetime starts again. `null` means no expiry, if the server allows it.
   */
  @IsExpirationTime()
  expirationTime?: string | null;

  /** Seconds until the expiry, instead of `expirationTime`. */
  @IsExpiresIn()
  expiresIn?: number;

  /** Grace period of the old secret in seconds, cut off at the expiry of the token. 0 by default. */
  @IsOptionalNonNull()
  @IsInt(WHOLE_NUMBER)
  @Min(0)
  @Max(GRACE_PERIOD_MAX_SECONDS)
  gracePeriodSeconds?: number;

  /** Whether to revoke the tokens that were created with this one, and those created with them. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  revokeDescendants?: boolean;

  /** Reason for the audit trail. */
  @IsReason()
  reason?: string;

  /** Expected version of the token. Required unless `If-Match` has it. If both are sent, both must match. */
  @IsOptionalNonNull()
  @IsVersion()
  version?: number;
}
