import { IsReason } from '../../validation/members.js';

/** Approval or rejection of a request for a token. The body is optional. */
export class DecideTokenRequestDto {
  /** Reason for the decision, for the requester. */
  @IsReason()
  reason?: string;
}
