import { ArrayMaxSize, ArrayUnique, IsArray, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { PERMISSIONS_PER_ROLE_MAX, ROLE_DESCRIPTION_MAX_LENGTH } from '../limits.js';
import { ROLE_NAME_MESSAGE, ROLE_NAME_PATTERN } from '../lists/built-in-roles.js';
import { PERMISSION_MESSAGE, PERMISSION_PATTERN } from '../lists/permissions.js';
import { IsSingleLine } from '../validation/is-single-line.decorator.js';
import { LIST, NO_REPETITION, NOT_EMPTY } from '../validation/messages.js';
import { IsOptionalNonNull } from '../validation/presence.js';

/** A role to be made. */
export class CreateRoleDto {
  /** The name; it never changes. */
  @IsString()
  @Matches(ROLE_NAME_PATTERN, { message: ROLE_NAME_MESSAGE })
  name: string;

  /** What the role is for. */
  @IsOptionalNonNull()
  @IsString()
  @IsSingleLine()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(ROLE_DESCRIPTION_MAX_LENGTH)
  description?: string;

  /** Names of permissions, each registered and held by whoever makes the role; none if absent. */
  @IsOptionalNonNull()
  @IsArray(LIST)
  @ArrayMaxSize(PERMISSIONS_PER_ROLE_MAX)
  @ArrayUnique(NO_REPETITION)
  @Matches(PERMISSION_PATTERN, { each: true, message: PERMISSION_MESSAGE })
  permissions?: string[];
}
