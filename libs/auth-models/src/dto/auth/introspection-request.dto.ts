import { IsString } from 'class-validator';
import { IsApiName } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Token introspection request (RFC 7662, section 2.1). */
export class IntrospectionRequestDto {
  /** Value of the token, or of the whole `X-Auth-Token` header. The user in that header must be the token's user. */
  @IsString()
  token: string;

  /** Type of the token. It is ignored. */
  @IsOptionalNonNull()
  @IsString()
  token_type_hint?: string;

  /** API whose permissions the response contains. By default all. */
  @IsOptionalNonNull()
  @IsApiName()
  api?: string;
}
