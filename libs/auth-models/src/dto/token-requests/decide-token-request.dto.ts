import { IsReason } from '../../validation/members.js';

/** Approval or rejection of a token request. The body is optional. */
export class DecideTokenRequestDto {
  /** Reason for the decision, for the requester. */
  @IsReason()
  reason?: string;
}
