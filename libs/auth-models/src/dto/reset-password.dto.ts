import { IsString } from 'class-validator';
import { IsPassword } from '../validation/is-password.decorator.js';

/** A password that an administrator sets for somebody. */
export class ResetPasswordDto {
  /** The new password. */
  @IsString()
  @IsPassword()
  password: string;
}
