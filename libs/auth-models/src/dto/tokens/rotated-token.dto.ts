import { IsInt, IsOptional } from 'class-validator';
import { UserTokenDto } from './user-token.dto.js';

/** Token with its new secret. */
export class RotatedTokenDto extends UserTokenDto {
  /** Number of revoked descendants, if the request had `revokeDescendants`. */
  @IsOptional()
  @IsInt()
  revokedDescendants?: number;
}
