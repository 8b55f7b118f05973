import { type AuditEventDto } from '@latchkey/auth-models';
import { toRfc3339 } from '../../common/clock.service.js';
import { type AuditEvent } from '../trail/audit-event.entity.js';

/** Converts an entry to its DTO. */
export function toAuditEventDto(event: AuditEvent): AuditEventDto {
  const { actorId, actorName, actorTokenId, subjectId, address, traceId, before, after } = event;
  return {
    id: event.id,
    time: toRfc3339(event.time),
    ...(actorId !== null &&
      actorName !== null && {
        actor: { id: actorId, name: actorName, ...(actorTokenId !== null && { tokenId: actorTokenId }) },
      }),
    subject: {
      kind: event.subjectKind,
      ...(subjectId !== null && { id: subjectId }),
      name: event.subjectName,
    },
    action: event.action,
    outcome: event.outcome,
    ...(address !== null && { address }),
    ...(traceId !== null && { traceId }),
    ...(before !== null && { before: toObject(before) }),
    ...(after !== null && { after: toObject(after) }),
  };
}

function toObject(json: string): Record<string, unknown> {
  return JSON.parse(json) as Record<string, unknown>;
}
