import { IsString, MaxLength, MinLength } from 'class-validator';
import { PASSWORD_MAX_BYTES } from '../../limits.js';
import { NOT_EMPTY } from '../../validation/messages.js';
import { IsHashablePassword, IsPassword } from '../../validation/is-password.js';

/** Change of the caller's own password. */
export class ChangePasswordDto {
  /** Current password. */
  @IsString()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(PASSWORD_MAX_BYTES)
  @IsHashablePassword()
  currentPassword: string;

  /** New password. It must differ from the current one. */
  @IsString()
  @IsPassword()
  newPassword: string;
}
