import { IsBoolean, IsObject, IsOptional, ValidateNested } from 'class-validator';
import { IsDateTime } from '../../validation/date-time.js';
import {
  IsAllowedAddresses,
  IsExpirationTime,
  IsExpiresIn,
  IsMaxUses,
  IsNote,
  IsPermissions,
  IsRoleNames,
  IsVersion,
} from '../../validation/members.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsMetadata } from '../../validation/metadata.js';
import { Nested } from '../../validation/nested.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { RateLimitDto } from './rate-limit.dto.js';

/** Merge patch (RFC 7396) of a token. Absent members do not change. */
export class UpdateTokenDto {
  /** Purpose of the token; `null` removes it. */
  @IsOptional()
  @IsNote()
  note?: string | null;

  /** Whether the token is enabled. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  enabled?: boolean;

  /**
   * Expiry, RFC 3339 with a time zone. Later times are reduced to the server's maximum. `null` means no
   * expiry, if the server allows it.
   */
  @IsExpirationTime()
  expirationTime?: string | null;

  /** Seconds until the expiry, instead of `expirationTime`. */
  @IsExpiresIn()
  expiresIn?: number;

  /**
   * Permissions that the token is limited to, which replace the current ones; `null` removes the limit. Every
   * caller who may change the token may narrow it. To widen it, the caller must present another token, and
   * must be able to create such a token.
   */
  @IsOptional()
  @IsPermissions()
  permissions?: string[] | null;

  /** Roles that the token is limited to, which replace the current ones; `null` removes the limit. */
  @IsOptional()
  @IsRoleNames()
  roles?: string[] | null;

  /**
   * IPv4 and IPv6 addresses and networks (CIDR) that the token can be used from. `null` removes the limit.
   */
  @IsOptional()
  @IsAllowedAddresses()
  allowedAddresses?: string[] | null;

  /** Time before which the token is rejected, RFC 3339 with a time zone. `null` removes the limit. */
  @IsOptional()
  @IsDateTime()
  notBefore?: string | null;

  /**
   * Maximum number of uses of the token. It includes the uses since the first limit was set. `null` removes
   * the limit.
   */
  @IsOptional()
  @IsMaxUses()
  maxUses?: number | null;

  /** Maximum number of uses in each time window. `null` removes the limit. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Nested(() => RateLimitDto)
  rateLimit?: RateLimitDto | null;

  /** JSON object for the services that verify the token. `null` removes it. */
  @IsOptional()
  @IsMetadata()
  metadata?: Record<string, unknown> | null;

  /** Expected version of the token. Required unless `If-Match` has it. */
  @IsOptionalNonNull()
  @IsVersion()
  version?: number;
}
