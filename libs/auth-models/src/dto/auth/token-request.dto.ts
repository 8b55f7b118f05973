import { IsString } from 'class-validator';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Token in an OAuth form (RFC 7009, section 2.1, and RFC 7662, section 2.1). */
export class TokenRequestDto {
  /**
   * Value of the token, or of the whole `X-Auth-Token` header. The user in that header must be the token's
   * user.
   */
  @IsString()
  token: string;

  /** Type of the token. It is ignored. */
  @IsOptionalNonNull()
  @IsString()
  token_type_hint?: string;

  /**
   * Name of a user, to authenticate in the form instead of a header (RFC 6749, section 2.3.1). It is ignored
   * without `client_secret`.
   */
  @IsOptionalNonNull()
  @IsString()
  client_id?: string;

  /** Token of the user in `client_id`. */
  @IsOptionalNonNull()
  @IsString()
  client_secret?: string;
}
