import { IsString, MaxLength, MinLength } from 'class-validator';
import { PASSWORD_MAX_BYTES } from '../limits.js';
import { IsPassword } from '../validation/is-password.decorator.js';

/** A change of one's own password. */
export class ChangePasswordDto {
  /** The password as it is now. */
  @IsString()
  @MinLength(1)
  @MaxLength(PASSWORD_MAX_BYTES)
  currentPassword: string;

  /** The new one; another than the current one. */
  @IsPassword()
  newPassword: string;
}
