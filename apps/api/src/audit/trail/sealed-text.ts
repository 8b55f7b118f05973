import { type AuditEvent } from './audit-event.entity.js';

/** Returns the text that the seal covers: every column except the seal, in a fixed order, as unambiguous JSON. */
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
