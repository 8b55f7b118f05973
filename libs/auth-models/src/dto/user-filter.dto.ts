import { IsBoolean, IsIn, IsInt, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { SEARCH_MAX_LENGTH } from '../limits.js';
import { ROLE_NAME_MESSAGE, ROLE_NAME_PATTERN } from '../lists/built-in-roles.js';
import { USER_KINDS, type UserKind } from '../lists/user-kinds.js';
import { IsSingleLine } from '../validation/is-single-line.decorator.js';
import { TRUE_OR_FALSE, WHOLE_NUMBER } from '../validation/messages.js';
import { IsOptionalNonNull } from '../validation/presence.js';

/** Which users a list shows, or a bulk request is about: those that everything here is true of. */
export class UserFilterDto {
  /** A case-insensitive part of name, display name or e-mail address. */
  @IsOptionalNonNull()
  @IsString()
  @IsSingleLine()
  @MaxLength(SEARCH_MAX_LENGTH)
  q?: string;

  /** Only this kind. */
  @IsOptionalNonNull()
  @IsIn(USER_KINDS)
  kind?: UserKind;

  /** Only enabled, or only disabled, users. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  enabled?: boolean;

  /** Only holders of this role. */
  @IsOptionalNonNull()
  @IsString()
  @Matches(ROLE_NAME_PATTERN, { message: ROLE_NAME_MESSAGE })
  role?: string;

  /** Only users who never, or who at some time, logged in. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  neverLoggedIn?: boolean;

  /** Only users who have not logged in for at least this many days; who never did, since they were made. */
  @IsOptionalNonNull()
  @IsInt(WHOLE_NUMBER)
  @Min(1)
  @Max(36_500)
  inactiveDays?: number;
}
