import { IsIn, IsISO8601, IsObject, IsString, MaxLength, MinLength, ValidateNested } from 'class-validator';
import { PASSWORD_MAX_BYTES } from '../../limits.js';
import { AUTH_METHODS, type AuthMethod } from '../../lists/enums.js';
import { IsHashablePassword } from '../../validation/is-password.js';
import { NOT_EMPTY } from '../../validation/messages.js';
import { Nested } from '../../validation/nested.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { PasskeyCredentialDto } from './passkey-credential.dto.js';

/** Fresh proof of who the user of a session is. A code is in `X-Auth-OTP`, and the body is then optional. */
export class StepUpDto {
  /** Current password. Required unless the user has a second factor. */
  @IsOptionalNonNull()
  @IsString()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(PASSWORD_MAX_BYTES)
  @IsHashablePassword()
  currentPassword?: string;

  /** Credential that the browser returned for the options of `POST /auth/login/passkey/options`. */
  @IsOptionalNonNull()
  @IsObject()
  @ValidateNested()
  @Nested(() => PasskeyCredentialDto)
  passkey?: PasskeyCredentialDto;
}

/** Result of a step-up. */
export class StepUpResponseDto {
  /** Time of the step-up. */
  @IsISO8601()
  authTime: string;

  /** Methods that proved who the user of the session is. */
  @IsIn(AUTH_METHODS, { each: true })
  authMethods: AuthMethod[];
}
