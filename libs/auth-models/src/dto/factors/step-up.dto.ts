import { IsIn, IsISO8601, IsString, MaxLength, MinLength } from 'class-validator';
import { PASSWORD_MAX_BYTES } from '../../limits.js';
import { AUTH_METHODS, type AuthMethod } from '../../lists/enums.js';
import { IsHashablePassword } from '../../validation/is-password.js';
import { NOT_EMPTY } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Fresh proof of who the user of a session is. A code is in `X-Auth-OTP`, and the body is then optional. */
export class StepUpDto {
  /** Current password. Required unless the user has a second factor, whose code is then in `X-Auth-OTP`. */
  @IsOptionalNonNull()
  @IsString()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(PASSWORD_MAX_BYTES)
  @IsHashablePassword()
  currentPassword?: string;
}

/** Result of a step-up. */
export class StepUpResponseDto {
  /** Time of the step-up. */
  @IsISO8601()
  authTime: string;

  /** Methods that have proved who the user of the session is. */
  @IsIn(AUTH_METHODS, { each: true })
  authMethods: AuthMethod[];
}
