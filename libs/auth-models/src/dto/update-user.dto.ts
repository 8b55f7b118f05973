import { ArrayMaxSize, ArrayUnique, IsArray, IsBoolean, Matches } from 'class-validator';
import { ROLES_PER_USER_MAX } from '../limits.js';
import { ROLE_NAME_MESSAGE, ROLE_NAME_PATTERN } from '../lists/built-in-roles.js';
import { LIST, NO_REPETITION, TRUE_OR_FALSE } from '../validation/messages.js';
import { IsOptionalNonNull, RejectMember } from '../validation/presence.js';
import { UpdateMeDto } from './update-me.dto.js';

/** A merge patch (RFC 7396) of a user, by an administrator. */
@RejectMember('password', 'changedElsewhere', 'a password is set with PUT /users/{name}/password')
export class UpdateUserDto extends UpdateMeDto {
  /** Names of all roles to hold from now on. */
  @IsOptionalNonNull()
  @IsArray(LIST)
  @ArrayMaxSize(ROLES_PER_USER_MAX)
  @ArrayUnique(NO_REPETITION)
  @Matches(ROLE_NAME_PATTERN, { each: true, message: ROLE_NAME_MESSAGE })
  roles?: string[];

  /** Whether the user may log in and use tokens. Tokens are suspended while not, and work again after. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  enabled?: boolean;
}
