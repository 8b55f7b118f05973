import { type WriteTransaction } from '../../platform/database/writes.service.js';

/** Approvals with a token, which let other users create tokens later. */
export abstract class TokenApprovals {
  /** Ends the approvals with a token, or all. Returns their number. */
  abstract endApprovals(tokenId: string | undefined, tx: WriteTransaction): Promise<number>;
}
