import { IsString, MaxLength, MinLength } from 'class-validator';
import { IsPassword } from '../validation/is-password.decorator.js';
import { NOT_EMPTY } from '../validation/messages.js';

/** What the person who opened a set-up link sends: the secret of the link and the password they chose. */
export class SetUpDto {
  /** The part of the link behind `#`. */
  @IsString()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(128)
  secret: string;

  /** The new password. */
  @IsString()
  @IsPassword()
  password: string;
}
