import { IsString, MaxLength, MinLength } from 'class-validator';
import { PASSWORD_MAX_BYTES } from '../limits.js';
import { IsHashablePassword, IsPassword } from '../validation/is-password.decorator.js';
import { NOT_EMPTY } from '../validation/messages.js';

/** A change of one's own password. */
export class ChangePasswordDto {
  /** The password as it is now. */
  @IsString()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(PASSWORD_MAX_BYTES)
  @IsHashablePassword()
  currentPassword: string;

  /** The new one; another than the current one. */
  @IsString()
  @IsPassword()
  newPassword: string;
}
