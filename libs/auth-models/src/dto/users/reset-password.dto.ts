import { IsString } from 'class-validator';
import { IsPassword } from '../../validation/is-password.js';

/** Password that an administrator sets for a user. */
export class ResetPasswordDto {
  /** New password. */
  @IsString()
  @IsPassword()
  password: string;
}
