import { IsString } from 'class-validator';

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
