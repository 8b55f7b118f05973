import { IsBoolean } from 'class-validator';
import { IsRoleNames } from '../../validation/members.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull, RejectMember } from '../../validation/presence.js';
import { UpdateMeDto } from '../account/update-me.dto.js';

/**
 * Merge patch (RFC 7396) of a user by an administrator. `null` removes a value; absent members do not change.
 */
@RejectMember('password', 'changedElsewhere', 'set a password with PUT /users/{name}/password')
export class UpdateUserDto extends UpdateMeDto {
  /** Names of the user's roles, which replace the present ones. */
  @IsOptionalNonNull()
  @IsRoleNames()
  roles?: string[];

  /**
   * Whether the user may log in and use tokens. The tokens of a disabled user work again once the user is
   * enabled.
   */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  enabled?: boolean;
}
