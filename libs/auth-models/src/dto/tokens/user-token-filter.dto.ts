import { IsBoolean, IsIn, IsString } from 'class-validator';
import { TOKEN_ID_MAX_LENGTH } from '../../limits.js';
import { TOKEN_KINDS, type TokenKind } from '../../lists/enums.js';
import { IsTokenStates } from '../../validation/comma-separated.js';
import { IsDateTime } from '../../validation/date-time.js';
import { IsDayCount, IsNonEmptyLine, IsPermission, IsSearchText } from '../../validation/members.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Filters for the tokens of one user. A token must match all of them. */
export class UserTokenFilterDto {
  /**
   * Part of the note, the preview or the user's name. Case-insensitive. With `users:read`, and for own
   * tokens, it also searches the user's display name and e-mail address.
   */
  @IsOptionalNonNull()
  @IsSearchText()
  q?: string;

  /** Only tokens of this kind. */
  @IsOptionalNonNull()
  @IsIn(TOKEN_KINDS)
  kind?: TokenKind;

  /** `true`: only tokens that are enabled themselves. `false`: only tokens that are disabled themselves. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  enabled?: boolean;

  /** Only tokens in these states, separated by commas. By default all states but `expired` and `revoked`. */
  @IsOptionalNonNull()
  @IsString()
  @IsTokenStates()
  state?: string;

  /**
   * Only tokens that have not been used for this number of days, counted from creation if they were never
   * used.
   */
  @IsOptionalNonNull()
  @IsDayCount()
  unusedSinceDays?: number;

  /** `true`: only tokens that have never been used. `false`: only tokens that have been used. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  neverUsed?: boolean;

  /** `true`: only tokens without `expirationTime`. `false`: only tokens with it. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  noExpiry?: boolean;

  /** `true`: only tokens of disabled users. `false`: only tokens of enabled users. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  ownerDisabled?: boolean;

  /** `true`: only tokens whose previous secret still works after a rotation. `false`: all others. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  inGrace?: boolean;

  /** `true`: only tokens that were reported as leaked. `false`: all others. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  leaked?: boolean;

  /**
   * `true`: only tokens that an administrator has acknowledged, without a new event since. New events are a
   * leak report, a use of a canary, and the last 14 days before the expiry. `false`: all others.
   */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  acknowledged?: boolean;

  /**
   * `true`: only tokens with unused permissions. They are limited to permissions, are at least 30 days old
   * and have been used, but no request has required one or more of their permissions. `false`: only all
   * others.
   */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  unusedPermissions?: boolean;

  /**
   * `true`: only tokens with which verifiers have reported within the last day. The list then has their names
   * as `verifiesFor`. `false`: only all others.
   */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  verifying?: boolean;

  /** Only tokens that were created with the token of this id, directly or through others. */
  @IsOptionalNonNull()
  @IsNonEmptyLine(TOKEN_ID_MAX_LENGTH)
  descendantOf?: string;

  /**
   * Only tokens with this permission: the roles of the user grant it, and the token is not limited to others.
   * Canaries have none. Requires `roles:read`.
   */
  @IsOptionalNonNull()
  @IsPermission()
  permission?: string;

  /** Only tokens created at or after this time, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  createdFrom?: string;

  /** Only tokens created before this time, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  createdTo?: string;

  /** Only tokens last used at or after this time, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  lastUsedFrom?: string;

  /** Only tokens last used before this time, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  lastUsedTo?: string;

  /** Only tokens whose `expirationTime` is at or after this time, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  expiresFrom?: string;

  /** Only tokens whose `expirationTime` is before this time, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  expiresTo?: string;
}
