import { IsBoolean, IsIn, IsString } from 'class-validator';
import { USER_KINDS, type UserKind } from '../../lists/enums.js';
import { IsDisplayName, IsEmailAddress, IsRoleNames, IsUserOrAddress } from '../../validation/members.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsPassword } from '../../validation/is-password.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { HasAllowedCharacters, IsUserName } from '../../validation/is-user-name.js';

/** New user without a password. */
export class NewUserDto {
  /**
   * Name in any spelling. The response has its canonical form. Characters that are not allowed in identifiers
   * (UTS #39), such as small capitals, are rejected, because they look like other letters.
   */
  @IsString()
  @IsUserName()
  @HasAllowedCharacters()
  name: string;

  /** Display name. */
  @IsOptionalNonNull()
  @IsDisplayName()
  displayName?: string;

  /** E-mail address. */
  @IsOptionalNonNull()
  @IsEmailAddress()
  email?: string;

  /** Kind of the user. `human` by default. A `service` has no password. */
  @IsOptionalNonNull()
  @IsIn(USER_KINDS)
  kind?: UserKind;

  /**
   * Names of the user's roles. `user` by default. For each other role, the caller must have all of its
   * permissions, and either the role itself or `roles:write`.
   */
  @IsOptionalNonNull()
  @IsRoleNames()
  roles?: string[];

  /**
   * Person who gets the e-mail about a service: the name of a user, or an e-mail address. A name that is
   * also an address counts as an address.
   */
  @IsOptionalNonNull()
  @IsUserOrAddress()
  responsible?: string;

  /** Whether the user is enabled. `true` by default. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  enabled?: boolean;
}

/** New user. */
export class CreateUserDto extends NewUserDto {
  /** Initial password. Without one the user cannot log in yet. */
  @IsOptionalNonNull()
  @IsString()
  @IsPassword()
  password?: string;
}
