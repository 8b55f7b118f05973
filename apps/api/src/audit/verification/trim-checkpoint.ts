import { type AuditEvent } from '../trail/audit-event.entity.js';
import { type ChainHead } from './chain-head.js';

/** Last entry deleted after the retention period, as recorded in the trail. */
export interface TrimCheckpoint extends ChainHead {
  /** Id of the key that seals the next entry. */
  readonly keyId: string;
}

/** Returns the checkpoint in an `audit_trail_trimmed` entry. */
export function checkpointOf({ after }: AuditEvent): TrimCheckpoint {
  return JSON.parse(after ?? '{}') as TrimCheckpoint;
}
