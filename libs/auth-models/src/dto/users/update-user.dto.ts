import { IsBoolean, IsOptional } from 'class-validator';
import { IsRoleNames, IsUserOrAddress } from '../../validation/members.js';
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
   * Person who gets the e-mail about a service: the name of a user, or an e-mail address. A name that is
   * also an address counts as an address. `null` removes it.
   */
  @IsOptional()
  @IsUserOrAddress()
  responsible?: string | null;

  /**
   * Whether the user may log in and use tokens. The tokens of a disabled user work again once the user is
   * enabled.
   */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  enabled?: boolean;
}
