import { IsInt } from 'class-validator';
import { ProfileDto } from './profile.dto.js';

/** A user as administrators see it. Absent values are left out. */
export class UserDto extends ProfileDto {
  /** Tokens of theirs that are neither revoked nor expired. */
  @IsInt()
  tokenCount: number;
}
