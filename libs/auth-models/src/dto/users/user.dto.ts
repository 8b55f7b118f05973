import { IsInt } from 'class-validator';
import { ProfileDto } from './profile.dto.js';

/** User as administrators see it. Members without a value are absent. */
export class UserDto extends ProfileDto {
  /** Number of tokens that are neither revoked nor expired, excluding canaries. */
  @IsInt()
  tokenCount: number;
}
