import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { PERMISSIONS_PER_ROLE_MAX, ROLE_DESCRIPTION_MAX_LENGTH } from '../limits.js';
import { PERMISSION_MESSAGE, PERMISSION_PATTERN } from '../lists/permissions.js';
import { IsSingleLine } from '../validation/is-single-line.decorator.js';
import { LIST, NO_REPETITION, NOT_EMPTY, WHOLE_NUMBER } from '../validation/messages.js';
import { IsOptionalNonNull } from '../validation/presence.js';

/** A change of a role (merge patch); what is left out stays as it is. */
export class UpdateRoleDto {
  /** What the role is for; `null` removes it. */
  @IsOptional()
  @IsString()
  @IsSingleLine()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(ROLE_DESCRIPTION_MAX_LENGTH)
  description?: string | null;

  /** All the permissions it is to give, each registered and held by whoever changes the role. */
  @IsOptionalNonNull()
  @IsArray(LIST)
  @ArrayMaxSize(PERMISSIONS_PER_ROLE_MAX)
  @ArrayUnique(NO_REPETITION)
  @Matches(PERMISSION_PATTERN, { each: true, message: PERMISSION_MESSAGE })
  permissions?: string[];

  /** The version that is meant; needed unless `If-Match` says it. */
  @IsOptionalNonNull()
  @IsInt(WHOLE_NUMBER)
  @Min(0)
  version?: number;
}
