import { IsObject, ValidateNested } from 'class-validator';
import { IsDateTime } from '../../validation/date-time.js';
import {
  IsAllowedAddresses,
  IsExpirationTime,
  IsExpiresIn,
  IsMaxUses,
  IsNote,
  IsPermissions,
  IsRoleNames,
} from '../../validation/members.js';
import { IsMetadata } from '../../validation/metadata.js';
import { Nested } from '../../validation/nested.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { RateLimitDto } from './rate-limit.dto.js';

/** Purpose and scope of a new token. Each member is optional. */
export abstract class RequestedScopeDto {
  /** Purpose of the token. */
  @IsOptionalNonNull()
  @IsNote()
  note?: string;

  /**
   * Permissions, of any API, that the token is limited to. The token's user and the presented token must have
   * each of them. Without `roles`, such a token has no roles.
   */
  @IsOptionalNonNull()
  @IsPermissions()
  permissions?: string[];

  /**
   * Roles that the token is limited to. The token's user must hold each of them. Without `permissions`, the
   * token has the permissions of these roles. With neither member, it has all current and future roles and
   * permissions of its user that the presented token has. A token for another user is also limited to those
   * that its creator may grant.
   */
  @IsOptionalNonNull()
  @IsRoleNames()
  roles?: string[];
}

/** Members of a new API token. Each is optional. */
export abstract class RequestedTokenDto extends RequestedScopeDto {
  /**
   * Expiry, RFC 3339 with a time zone. Later times are reduced to the server's maximum. By default the
   * server's default lifetime applies. `null` means no expiry, if the server allows it.
   */
  @IsExpirationTime()
  expirationTime?: string | null;

  /** Seconds until the expiry, instead of `expirationTime`. */
  @IsExpiresIn()
  expiresIn?: number;

  /**
   * IPv4 and IPv6 addresses and networks (CIDR) that the token can be used from. By default those of the
   * presented token, or all if it has no limit.
   */
  @IsOptionalNonNull()
  @IsAllowedAddresses()
  allowedAddresses?: string[];

  /** Time before which the token is rejected, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  notBefore?: string;

  /** Maximum number of uses of the token. */
  @IsOptionalNonNull()
  @IsMaxUses()
  maxUses?: number;

  /** Maximum number of uses in each time window. */
  @IsOptionalNonNull()
  @IsObject()
  @ValidateNested()
  @Nested(() => RateLimitDto)
  rateLimit?: RateLimitDto;

  /** JSON object for the services that verify the token. By default that of the presented token. */
  @IsOptionalNonNull()
  @IsMetadata()
  metadata?: Record<string, unknown>;
}
