import { IsString } from 'class-validator';
import { IsOptionalNonNull } from '../validation/presence.js';

/** A question whose a token is (RFC 7662, section 2.1). */
export class IntrospectionRequestDto {
  /** The token's value, or the whole value of `X-Auth-Token`, whose user then must be the token's. */
  @IsString()
  token: string;

  /** What the asker thinks of the token; not looked at. */
  @IsOptionalNonNull()
  @IsString()
  token_type_hint?: string;
}
