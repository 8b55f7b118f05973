import { IsInt } from 'class-validator';

/** Number of verifiers and replicas that reject the revoked tokens. */
export class RevocationProofDto {
  /** Number of verifiers that answer from memory. */
  @IsInt()
  verifiers: number;

  /** Number of these that have acknowledged the revocation, or can no longer answer from memory. */
  @IsInt()
  acknowledged: number;

  /** Number of server processes. */
  @IsInt()
  replicas: number;

  /** Number of these that have received the revocation. */
  @IsInt()
  replicasReached: number;

  /** Milliseconds from the commit of the revocation to the last acknowledgement, or to the end of the wait. */
  @IsInt()
  milliseconds: number;
}

/** Result of a revocation with `await`. */
export class RevokedTokensDto extends RevocationProofDto {
  /** Number of revoked tokens. */
  @IsInt()
  revoked: number;
}
