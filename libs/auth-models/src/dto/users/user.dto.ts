import { IsInt, IsISO8601, IsOptional } from 'class-validator';
import { ProfileDto } from './profile.dto.js';

/** User as administrators see it. Members without a value are absent. */
export class UserDto extends ProfileDto {
  /** Number of tokens that are neither revoked nor expired, excluding canaries. */
  @IsInt()
  tokenCount: number;

  /** Time from which a change is in effect everywhere, RFC 3339. Only the response to that change has it. */
  @IsOptional()
  @IsISO8601()
  effectiveBy?: string;
}
