import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsString,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import { DISPLAY_NAME_MAX_LENGTH, EMAIL_MAX_LENGTH, ROLES_PER_USER_MAX } from '../limits.js';
import { ROLE_NAME_MESSAGE, ROLE_NAME_PATTERN } from '../lists/built-in-roles.js';
import { USER_KINDS, type UserKind } from '../lists/user-kinds.js';
import { IsPassword } from '../validation/is-password.decorator.js';
import { IsSingleLine } from '../validation/is-single-line.decorator.js';
import { IsUserName } from '../validation/is-user-name.decorator.js';
import { E_MAIL_ADDRESS, LIST, NO_REPETITION, NOT_EMPTY, TRUE_OR_FALSE } from '../validation/messages.js';
import { IsOptionalNonNull } from '../validation/presence.js';

/** A user to be made. */
export class CreateUserDto {
  /** The name in any spelling; the answer shows its canonical form. */
  @IsString()
  @IsUserName()
  name: string;

  /** The name people know them by. */
  @IsOptionalNonNull()
  @IsString()
  @IsSingleLine()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(DISPLAY_NAME_MAX_LENGTH)
  displayName?: string;

  /** E-mail address. */
  @IsOptionalNonNull()
  @IsString()
  @IsEmail({}, E_MAIL_ADDRESS)
  @IsSingleLine()
  @MaxLength(EMAIL_MAX_LENGTH)
  email?: string;

  /** `human` if absent; a `service` has no password. */
  @IsOptionalNonNull()
  @IsIn(USER_KINDS)
  kind?: UserKind;

  /**
   * Names of roles; `user` if absent. The caller must hold every permission of each, and the role itself or `roles:write`;
   * `user` is free.
   */
  @IsOptionalNonNull()
  @IsArray(LIST)
  @ArrayMaxSize(ROLES_PER_USER_MAX)
  @ArrayUnique(NO_REPETITION)
  @Matches(ROLE_NAME_PATTERN, { each: true, message: ROLE_NAME_MESSAGE })
  roles?: string[];

  /** `true` if absent. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  enabled?: boolean;

  /** The first password; without one the user cannot log in yet. */
  @IsOptionalNonNull()
  @IsString()
  @IsPassword()
  password?: string;
}
