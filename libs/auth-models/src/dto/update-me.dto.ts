import { IsEmail, IsInt, MaxLength, Min, MinLength } from 'class-validator';
import { DISPLAY_NAME_MAX_LENGTH, EMAIL_MAX_LENGTH } from '../limits.js';
import { Clearable } from '../validation/clearable.decorator.js';
import { IsSingleLine } from '../validation/is-single-line.decorator.js';
import { NeverChanges } from '../validation/never-changes.decorator.js';
import { Omittable } from '../validation/omittable.decorator.js';

/** A merge patch (RFC 7396) of one's own account: what is left out stays, what is `null` is removed. */
@NeverChanges('name', 'a name never changes, as it is half of every X-Auth-Token; make a new user instead')
@NeverChanges('kind', 'a human does not become a service, nor a service human; make a new user instead')
export class UpdateMeDto {
  /** The name people know them by. */
  @Clearable()
  @IsSingleLine()
  @MinLength(1)
  @MaxLength(DISPLAY_NAME_MAX_LENGTH)
  displayName?: string | null;

  /** E-mail address. */
  @Clearable()
  @IsEmail()
  @IsSingleLine()
  @MaxLength(EMAIL_MAX_LENGTH)
  email?: string | null;

  /** The version that was read and is to be changed, unless `If-Match` says it. */
  @Omittable()
  @IsInt()
  @Min(0)
  version?: number;
}
