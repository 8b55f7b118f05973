import { IsArray, IsIn, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { IsSecondFactorName } from '../../validation/members.js';
import { Nested } from '../../validation/nested.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { LoginDto } from '../auth/login.dto.js';
import { RecoveryCodesDto } from './confirm-second-factor.dto.js';
import { NewPasskeyCredentialDto, PasskeyCredentialDto } from './passkey-credential.dto.js';

/** New passkey of the caller. */
export class AddPasskeyDto {
  /** Name that the user recognizes it by, such as `Laptop`. */
  @IsOptionalNonNull()
  @IsSecondFactorName()
  name?: string;

  /** The credential that the browser created with the options. */
  @IsObject()
  @ValidateNested()
  @Nested(() => NewPasskeyCredentialDto)
  credential: NewPasskeyCredentialDto;
}

/** Added passkey. */
export class AddedPasskeyDto extends RecoveryCodesDto {
  @IsString()
  id: string;
}

/** Login with a passkey, and options of the new session. */
export class PasskeyLoginDto extends LoginDto {
  /** The credential that the browser returned for the options. */
  @IsObject()
  @ValidateNested()
  @Nested(() => PasskeyCredentialDto)
  credential: PasskeyCredentialDto;
}

/** Server that a passkey belongs to. */
export class RelyingPartyDto {
  /** Host name of the server. */
  @IsString()
  id: string;

  /** Name of the server. */
  @IsString()
  name: string;
}

/** User that a passkey belongs to. */
export class PasskeyUserDto {
  /** Id without personal data, base64url. */
  @IsString()
  id: string;

  /** Name of the user. */
  @IsString()
  name: string;

  /** The same as `name`. */
  @IsString()
  displayName: string;
}

/** Algorithm of a passkey. */
export class PasskeyAlgorithmDto {
  /** Always `public-key`. */
  @IsIn(['public-key'])
  type: string;

  /** COSE algorithm: ES256 (-7), EdDSA (-8) or RS256 (-257). */
  @IsInt()
  alg: number;
}

/** Passkey that the user has already. */
export class PasskeyDescriptorDto {
  /** Always `public-key`. */
  @IsIn(['public-key'])
  type: string;

  /** Id of the credential, base64url. */
  @IsString()
  id: string;

  /** Transports of the authenticator. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  transports?: string[];
}

/** Properties that an authenticator must have. */
export class AuthenticatorSelectionDto {
  /** Always `required`: the authenticator stores the passkey, so that no user name is needed. */
  @IsIn(['required'])
  residentKey: string;

  /** Always `required`: the authenticator checks a PIN or a fingerprint. */
  @IsIn(['required'])
  userVerification: string;
}

/** Options for `PublicKeyCredential.parseCreationOptionsFromJSON()`. */
export class PasskeyCreationOptionsDto {
  @IsObject()
  @ValidateNested()
  @Nested(() => RelyingPartyDto)
  rp: RelyingPartyDto;

  @IsObject()
  @ValidateNested()
  @Nested(() => PasskeyUserDto)
  user: PasskeyUserDto;

  /** Challenge, base64url. It is valid for five minutes, for this user, once. */
  @IsString()
  challenge: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => PasskeyAlgorithmDto)
  pubKeyCredParams: PasskeyAlgorithmDto[];

  /** Milliseconds until the challenge expires. */
  @IsInt()
  timeout: number;

  /** Passkeys that the user has already. */
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => PasskeyDescriptorDto)
  excludeCredentials: PasskeyDescriptorDto[];

  @IsObject()
  @ValidateNested()
  @Nested(() => AuthenticatorSelectionDto)
  authenticatorSelection: AuthenticatorSelectionDto;

  /** Always `none`: the server does not ask who made the authenticator. */
  @IsIn(['none'])
  attestation: string;
}

/** Options for `PublicKeyCredential.parseRequestOptionsFromJSON()`, for logins and step-ups. */
export class PasskeyRequestOptionsDto {
  /** Challenge, base64url. It is valid for five minutes, once. */
  @IsString()
  challenge: string;

  /** Host name of the server. */
  @IsString()
  rpId: string;

  /** Milliseconds until the challenge expires. */
  @IsInt()
  timeout: number;

  /** Always `required`. */
  @IsIn(['required'])
  userVerification: string;
}
