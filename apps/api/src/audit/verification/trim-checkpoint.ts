import { type AuditEvent } from '../trail/audit-event.entity.js';
import { type ChainHead } from './chain-head.js';

/** The last entry that was dropped for its age, as an entry of the trail names it. */
export interface TrimCheckpoint extends ChainHead {
  /** Id of the key that seals the entry after it. */
  readonly keyId: string;
}

/** The checkpoint that an entry of `audit_trail_trimmed` names. */
export function checkpointOf({ after }: AuditEvent): TrimCheckpoint {
  return JSON.parse(after ?? '{}') as TrimCheckpoint;
}
