import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsObject } from 'class-validator';
import { IMPORTED_USERS_MAX } from '../../limits.js';
import { LIST, NOT_EMPTY, TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { NewUserDto } from './create-user.dto.js';

/** Import of users: all of them are created, or none. */
export class ImportUsersDto {
  /**
   * Users to create. Errors in users are in `problems` of the response, so that one request returns those of
   * all users. Imports accept no passwords: create a set-up link for each user.
   */
  @IsArray(LIST)
  @ArrayMinSize(1, NOT_EMPTY)
  @ArrayMaxSize(IMPORTED_USERS_MAX)
  @IsObject({ each: true })
  users: NewUserDto[];

  /** Whether to check the users without creating them. `false` by default. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  dryRun?: boolean;

  /** Whether to skip users that already exist. Otherwise they are problems. `false` by default. */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  skipExisting?: boolean;
}
