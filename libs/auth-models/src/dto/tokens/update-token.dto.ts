import { IsBoolean, IsOptional } from 'class-validator';
import { IsDateTime } from '../../validation/date-time.js';
import { IsNote, IsPermissions, IsRoleNames, IsVersion } from '../../validation/members.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

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
   * Expiry, RFC 3339 with a time zone. Later times are reduced to the server's maximum. `null` means no expiry, if the server
   * allows it.
   */
  @IsOptional()
  @IsDateTime()
  expirationTime?: string | null;

  /**
   * Permissions that the token is limited to, which replace the present ones; `null` removes the limit. Every caller who may change the
   * token may narrow it. To widen it, the caller needs another token, and must be able to create such a token.
   */
  @IsOptional()
  @IsPermissions()
  permissions?: string[] | null;

  /** Roles that the token is limited to, which replace the present ones; `null` removes the limit. */
  @IsOptional()
  @IsRoleNames()
  roles?: string[] | null;

  /** Expected version of the token. Required unless `If-Match` has it. */
  @IsOptionalNonNull()
  @IsVersion()
  version?: number;
}
