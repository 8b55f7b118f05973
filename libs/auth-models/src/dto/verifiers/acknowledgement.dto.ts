import { IsUUID } from 'class-validator';

/** Acknowledgement of a `sync` event of the revocation feed. */
export class AcknowledgementDto {
  /** Id of the verifier. */
  @IsUUID()
  verifier: string;

  /** `id` of the event. */
  @IsUUID()
  sync: string;
}
