import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { combine } from '../../validation/combine.js';
import { LIST } from '../../validation/messages.js';
import { Nested } from '../../validation/nested.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Characters of the longest id of a credential, 1,023 bytes (WebAuthn, section 4). */
const CREDENTIAL_ID_MAX_LENGTH = 1_364;
/** Characters of client data: room for the challenge, a long origin and members of later versions. */
const CLIENT_DATA_MAX_LENGTH = 4_096;
/** Characters of authenticator data with a key of RSA. */
const AUTHENTICATOR_DATA_MAX_LENGTH = 4_096;
/** Characters of an attestation with several certificates. */
const ATTESTATION_MAX_LENGTH = 32_768;
/** Characters of a signature of RSA with 8,192 bits. */
const SIGNATURE_MAX_LENGTH = 1_366;
/** Characters of a user handle, 64 bytes (WebAuthn, section 5.4.3). */
const USER_HANDLE_MAX_LENGTH = 86;
/** Maximum number of transports of an authenticator. WebAuthn has six. */
const TRANSPORTS_MAX = 10;
const TRANSPORT_MAX_LENGTH = 20;

/** Accepts bytes in base64url without padding (RFC 4648, section 5). */
const IsBase64Url = (maxLength: number) =>
  combine(
    IsString(),
    Matches(/^[A-Za-z0-9_-]+$/, { message: '$property must be base64url without padding' }),
    MaxLength(maxLength),
  );

/** Accepts a list of transports. Unknown ones are allowed, because browsers add new ones. */
const IsTransports = () =>
  combine(
    IsArray(LIST),
    ArrayMaxSize(TRANSPORTS_MAX),
    Matches(new RegExp(`^[a-z0-9-]{1,${TRANSPORT_MAX_LENGTH}}$`), {
      each: true,
      message: 'each value in $property must be a transport, such as usb',
    }),
  );

/** Members that both kinds of credentials have. */
class PublicKeyCredentialDto {
  /** Id of the credential, base64url. */
  @IsBase64Url(CREDENTIAL_ID_MAX_LENGTH)
  id: string;

  /** The same as `id`. */
  @IsBase64Url(CREDENTIAL_ID_MAX_LENGTH)
  rawId: string;

  /** Always `public-key`. */
  @IsIn(['public-key'])
  type: string;

  /** Results of extensions, which the server ignores. */
  @IsOptionalNonNull()
  @IsObject()
  clientExtensionResults?: object;

  /** Whether the authenticator is part of the device (`platform`) or not (`cross-platform`). */
  @IsOptionalNonNull()
  @IsIn(['platform', 'cross-platform'])
  authenticatorAttachment?: string;
}

/** Response of an authenticator to the options for a new passkey. */
export class PasskeyAttestationDto {
  /** Client data, base64url. */
  @IsBase64Url(CLIENT_DATA_MAX_LENGTH)
  clientDataJSON: string;

  /** Attestation object with the public key, base64url. The server trusts no manufacturers. */
  @IsBase64Url(ATTESTATION_MAX_LENGTH)
  attestationObject: string;

  /** Transports of the authenticator. */
  @IsOptionalNonNull()
  @IsTransports()
  transports?: string[];

  /** Part of `attestationObject`, which the server reads instead. */
  @IsOptionalNonNull()
  @IsBase64Url(AUTHENTICATOR_DATA_MAX_LENGTH)
  authenticatorData?: string;

  /** Part of `attestationObject`, which the server reads instead. */
  @IsOptionalNonNull()
  @IsBase64Url(AUTHENTICATOR_DATA_MAX_LENGTH)
  publicKey?: string;

  /** Part of `attestationObject`, which the server reads instead. */
  @IsOptionalNonNull()
  @IsInt()
  publicKeyAlgorithm?: number;
}

/** New passkey, as `PublicKeyCredential.toJSON()` returns it. */
export class NewPasskeyCredentialDto extends PublicKeyCredentialDto {
  @IsObject()
  @ValidateNested()
  @Nested(() => PasskeyAttestationDto)
  response: PasskeyAttestationDto;
}

/** Response of an authenticator to the options for a login. */
export class PasskeySignatureDto {
  /** Client data, base64url. */
  @IsBase64Url(CLIENT_DATA_MAX_LENGTH)
  clientDataJSON: string;

  /** Authenticator data, base64url. */
  @IsBase64Url(AUTHENTICATOR_DATA_MAX_LENGTH)
  authenticatorData: string;

  /** Signature over both, base64url. */
  @IsBase64Url(SIGNATURE_MAX_LENGTH)
  signature: string;

  /** User that the authenticator stores with the passkey, base64url. */
  @IsOptionalNonNull()
  @IsBase64Url(USER_HANDLE_MAX_LENGTH)
  userHandle?: string;
}

/** Proof with a passkey, as `PublicKeyCredential.toJSON()` returns it. */
export class PasskeyCredentialDto extends PublicKeyCredentialDto {
  @IsObject()
  @ValidateNested()
  @Nested(() => PasskeySignatureDto)
  response: PasskeySignatureDto;
}
