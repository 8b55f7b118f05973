import { IsBoolean, IsIn } from 'class-validator';
import { USER_KINDS, type UserKind } from '../../lists/enums.js';
import { IsDateTime } from '../../validation/date-time.js';
import { IsDayCount, IsPermission, IsRoleFilter, IsSearchText } from '../../validation/members.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Filters for users in a list or a bulk request. A user must match all of them. */
export class UserFilterDto {
  /** Part of the name, display name or e-mail address. Case-insensitive. */
  @IsOptionalNonNull()
  @IsSearchText()
  q?: string;

  /** Only users of this kind. */
  @IsOptionalNonNull()
  @IsIn(USER_KINDS)
  kind?: UserKind;

  /** `true`: only enabled users. `false`: only disabled users. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  enabled?: boolean;

  /** Only users with at least one of these roles, separated by commas. */
  @IsOptionalNonNull()
  @IsRoleFilter()
  role?: string;

  /**
   * Only users with a role that grants this permission. A disabled user keeps their roles. Requires
   * `roles:read`.
   */
  @IsOptionalNonNull()
  @IsPermission()
  permission?: string;

  /** `true`: only users who have never logged in. `false`: only users who have logged in. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  neverLoggedIn?: boolean;

  /** `true`: only users with a second factor. `false`: only users without one. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  secondFactor?: boolean;

  /** `true`: only users with a passkey that someone may have copied. `false`: only users without one. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  copiedPasskey?: boolean;

  /** Only users who have not logged in for this number of days, counted from creation if they never did. */
  @IsOptionalNonNull()
  @IsDayCount()
  inactiveDays?: number;

  /** Only users created at or after this time, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  createdFrom?: string;

  /** Only users created before this time, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  createdTo?: string;

  /** Only users who last logged in at or after this time, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  lastLoginFrom?: string;

  /** Only users who last logged in before this time, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  lastLoginTo?: string;
}
