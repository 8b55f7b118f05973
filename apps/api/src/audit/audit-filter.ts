import { canonicalName, type AuditEventQueryDto } from '@latchkey/auth-models';
import { canonicalAddress } from '../common/client-address.js';
import { type EpochMilliseconds } from '../common/clock.js';
import { type AuditEvent } from './audit-event.entity.js';

/** Which entries are meant. */
export interface AuditFilter {
  /** Columns with the value that they must have. */
  readonly equal: Partial<AuditEvent>;
  readonly from: EpochMilliseconds | undefined;
  readonly to: EpochMilliseconds | undefined;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Reads the filters of a query. What has the form of an id is taken for one. */
export function auditFilter(query: AuditEventQueryDto): AuditFilter {
  const { actor, subject, action, outcome, address, traceId, from, to } = query;
  return {
    equal: {
      ...(actor !== undefined && (isId(actor) ? { actorId: idOf(actor) } : { actorName: nameOf(actor) })),
      ...(subject !== undefined &&
        (isId(subject) ? { subjectId: idOf(subject) } : { subjectName: nameOf(subject) })),
      ...(action !== undefined && { action }),
      ...(outcome !== undefined && { outcome }),
      ...(address !== undefined && { address: canonicalAddress(address) }),
      ...(traceId !== undefined && { traceId }),
    },
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
  };
}

function isId(text: string): boolean {
  return ID.test(text);
}

function idOf(text: string): string {
  return text.toLowerCase();
}

/** The name as it is stored; what can be no user's is the name of something else. */
function nameOf(text: string): string {
  return canonicalName(text) ?? text;
}
