import { IsInt, IsISO8601, IsOptional, IsString } from 'class-validator';
import { ProfileDto } from './profile.dto.js';

/** User as administrators see it. Members without a value are absent. */
export class UserDto extends ProfileDto {
  /** Person who gets the e-mail about a service: the name of a user, or an e-mail address. */
  @IsOptional()
  @IsString()
  responsible?: string;

  /** Number of tokens that are neither revoked nor expired, excluding canaries. */
  @IsInt()
  tokenCount: number;

  /** Time from which a change is in effect everywhere, RFC 3339. Only the response to that change has it. */
  @IsOptional()
  @IsISO8601()
  effectiveBy?: string;
}
