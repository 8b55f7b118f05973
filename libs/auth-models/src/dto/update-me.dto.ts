import { IsEmail, IsInt, IsOptional, IsString, MaxLength, Min, MinLength } from 'class-validator';
import { DISPLAY_NAME_MAX_LENGTH, EMAIL_MAX_LENGTH } from '../limits.js';
import { IsSingleLine } from '../validation/is-single-line.decorator.js';
import { E_MAIL_ADDRESS, NOT_EMPTY, WHOLE_NUMBER } from '../validation/messages.js';
import { IsOptionalNonNull, RejectMember } from '../validation/presence.js';

/** A merge patch (RFC 7396) of one's own account: what is left out stays, what is `null` is removed. */
@RejectMember(
  'name',
  'neverChanges',
  'a name never changes, as it is half of every X-Auth-Token; make a new user instead',
)
@RejectMember(
  'kind',
  'neverChanges',
  'a human does not become a service, nor a service human; make a new user instead',
)
@RejectMember(
  'password',
  'changedElsewhere',
  'the password is changed with PUT /me/password, which asks for the current one',
)
export class UpdateMeDto {
  /** The name people know them by. */
  @IsOptional()
  @IsString()
  @IsSingleLine()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(DISPLAY_NAME_MAX_LENGTH)
  displayName?: string | null;

  /** E-mail address. */
  @IsOptional()
  @IsString()
  @IsEmail({}, E_MAIL_ADDRESS)
  @IsSingleLine()
  @MaxLength(EMAIL_MAX_LENGTH)
  email?: string | null;

  /** The version that was read and is to be changed, unless `If-Match` says it. */
  @IsOptionalNonNull()
  @IsInt(WHOLE_NUMBER)
  @Min(0)
  version?: number;
}
