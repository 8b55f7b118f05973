import { IsOptional } from 'class-validator';
import { IsDisplayName, IsEmailAddress, IsVersion } from '../../validation/members.js';
import { IsOptionalNonNull, RejectMember } from '../../validation/presence.js';

/**
 * Merge patch (RFC 7396) of the caller's own account. `null` removes a value; absent members do not change.
 */
@RejectMember('name', 'neverChanges', 'name cannot be changed; create a new user instead')
@RejectMember('kind', 'neverChanges', 'kind cannot be changed; create a new user instead')
@RejectMember(
  'password',
  'changedElsewhere',
  'change the password with PUT /me/password, which requires the current password',
)
export class UpdateMeDto {
  /** Display name; `null` removes it. */
  @IsOptional()
  @IsDisplayName()
  displayName?: string | null;

  /** E-mail address; `null` removes it. */
  @IsOptional()
  @IsEmailAddress()
  email?: string | null;

  /** Expected version of the user. Required unless `If-Match` has it. */
  @IsOptionalNonNull()
  @IsVersion()
  version?: number;
}
