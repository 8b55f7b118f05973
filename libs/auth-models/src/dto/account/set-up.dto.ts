import { IsString, MaxLength, MinLength } from 'class-validator';
import { NOT_EMPTY } from '../../validation/messages.js';
import { IsPassword } from '../../validation/is-password.js';

/** Choice of a password by the user who opened a set-up link. */
export class SetUpDto {
  /** Secret of the link: its part after `#`. */
  @IsString()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(128)
  secret: string;

  /** New password. */
  @IsString()
  @IsPassword()
  password: string;
}
