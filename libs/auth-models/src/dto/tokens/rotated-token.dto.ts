import { IsInt, IsOptional, ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';
import { RevocationProofDto } from '../verifiers/revocation-proof.dto.js';
import { UserTokenDto } from './user-token.dto.js';

/** Token with its new secret. */
export class RotatedTokenDto extends UserTokenDto {
  /** Number of revoked descendants, if the request had `revokeDescendants`. */
  @IsOptional()
  @IsInt()
  revokedDescendants?: number;

  /** Verifiers and replicas that have acknowledged the rotation, if the request had `await`. */
  @IsOptional()
  @ValidateNested()
  @Nested(() => RevocationProofDto)
  proof?: RevocationProofDto;
}
