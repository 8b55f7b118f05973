import { type AuditEvent } from './audit-event.entity.js';

/**
 * Returns the text that the seal covers: every column except the seal, in a fixed order, as unambiguous JSON.
 */
export function sealedText(event: Omit<AuditEvent, 'mac'>): string {
  return JSON.stringify([
    event.sequence,
    event.id,
    event.time,
    event.actorId,
    event.actorName,
    event.subjectKind,
    event.subjectId,
    event.subjectName,
    event.action,
    event.outcome,
    event.address,
    event.traceId,
    event.before,
    event.after,
    event.keyId,
    event.previousMac,
    // Entries from before this column keep their seals.
    ...(event.actorTokenId === null ? [] : [event.actorTokenId]),
  ]);
}

/** Returns the id of the key that an entry hands over to, or `undefined` if the entry is no hand-over. */
export function handedOverTo({ action, after }: AuditEvent): string | undefined {
  // No JSON.parse: an entry sealed with an unknown key may be forged.
  const [, keyId] = /"keyId":"([0-9a-f]{16})"/.exec(after ?? '') ?? [];
  return action === 'audit_key_rotated' ? keyId : undefined;
}

/** Number and seal of an entry, which together identify the entry and all entries before it. */
export interface ChainHead {
  readonly sequence: number;
  readonly mac: string;
}

const HEAD = /^(\d{1,15}):([A-Za-z0-9_-]{43})?$/;

/** Formats a head for export: `sequence:mac`. */
export function formatHead({ sequence, mac }: ChainHead): string {
  return `${sequence}:${mac}`;
}

/** Parses an exported head. Returns `undefined` for any other text. */
export function parseHead(text: string): ChainHead | undefined {
  const [, sequence, mac = ''] = HEAD.exec(text.trim()) ?? [];
  return sequence === undefined ? undefined : { sequence: Number(sequence), mac };
}

/** Last entry deleted after the retention period, as recorded in the trail. */
export interface TrimCheckpoint extends ChainHead {
  /** Id of the key that seals the next entry. */
  readonly keyId: string;
}

/** Returns the checkpoint in an `audit_trail_trimmed` entry. */
export function checkpointOf({ after }: AuditEvent): TrimCheckpoint {
  return JSON.parse(after ?? '{}') as TrimCheckpoint;
}
