import { type AuditEvent } from './audit-event.entity.js';

/** What the seal of an entry covers: every column but the seal itself, in a fixed order, unambiguous as JSON. */
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
  ]);
}
