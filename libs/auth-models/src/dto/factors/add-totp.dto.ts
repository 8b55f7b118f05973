import { IsString, MaxLength, MinLength } from 'class-validator';
import { PASSWORD_MAX_BYTES } from '../../limits.js';
import { IsHashablePassword } from '../../validation/is-password.js';
import { NOT_EMPTY } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** New authenticator app. The body is optional if the caller has a second factor already. */
export class AddTotpDto {
  /** Current password. Required unless the caller has a second factor, whose code is then in `X-Auth-OTP`. */
  @IsOptionalNonNull()
  @IsString()
  @MinLength(1, NOT_EMPTY)
  @MaxLength(PASSWORD_MAX_BYTES)
  @IsHashablePassword()
  currentPassword?: string;
}

/** Secret of a new authenticator app. The factor has no effect until a code confirms it. */
export class NewTotpDto {
  @IsString()
  id: string;

  /** Secret in Base32 (RFC 4648). Only this response contains it. */
  @IsString()
  secret: string;

  /** The secret as a URI for authenticator apps, often shown as a QR code. */
  @IsString()
  uri: string;
}
