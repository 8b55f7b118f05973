import {
  canonicalUserName,
  COMMAND_LINE_ACTOR_ID,
  LEAK_REPORT_ACTOR_ID,
  SERVER_ACTOR_ID,
  type AuditEventQueryDto,
} from '@latchkey/auth-models';
import { canonicalAddress } from '../../common/request/request-origin.js';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { type AuditEvent } from '../trail/audit-event.entity.js';
import { errorAt } from '../../common/application-error.js';
import { storedPreview } from '../../platform/crypto/secrets.js';

/** Conditions on entries. */
export interface AuditFilter {
  /** Required values of columns. */
  readonly equal: Partial<AuditEvent>;
  /** Required subject of the entries, alone or among others. */
  readonly subject: SubjectCondition | undefined;
  readonly from: EpochMilliseconds | undefined;
  readonly to: EpochMilliseconds | undefined;
}

/** Condition on a subject, by id or by name. */
interface SubjectCondition {
  readonly by: 'id' | 'name';
  readonly value: string;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Converts query parameters to conditions. Text in the form of an id is treated as an id. */
export function auditFilter(query: AuditEventQueryDto): AuditFilter {
  const { actor, actorToken, subject, action, outcome, address, traceId, from, to } = query;
  return {
    equal: {
      ...(actor !== undefined && actorCondition(actor)),
      ...(actorToken !== undefined && { actorTokenId: idOf(actorToken) }),
      ...(action !== undefined && { action }),
      ...(outcome !== undefined && { outcome }),
      ...(address !== undefined && { address: canonicalAddress(address) }),
      ...(traceId !== undefined && { traceId }),
    },
    subject: subject === undefined ? undefined : subjectCondition(subject),
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
  };
}

/** Ids of actors that are not users. */
const FIXED_IDS: readonly string[] = [SERVER_ACTOR_ID, COMMAND_LINE_ACTOR_ID, LEAK_REPORT_ACTOR_ID];

/**
 * Returns the condition on an actor, by id or name. `server`, `command-line` and `leak-report` are ids; users
 * with such a name are found by their id.
 */
function actorCondition(text: string): AuditFilter['equal'] {
  const isFixedId = FIXED_IDS.includes(text);
  return isFixedId || isId(text) ? { actorId: idOf(text) } : { actorName: nameOf(text) };
}

function subjectCondition(text: string): SubjectCondition {
  if (isId(text)) {
    return { by: 'id', value: idOf(text) };
  }
  return { by: 'name', value: storedPreview(text) ?? nameOf(text) };
}

function isId(text: string): boolean {
  return ID.test(text);
}

function idOf(text: string): string {
  return text.toLowerCase();
}

/**
 * Returns a name as it is stored. A text that is not a valid user name can be the name of another kind of
 * subject.
 */
function nameOf(text: string): string {
  return canonicalUserName(text) ?? text;
}

/** Returns the cursor of a page that starts before this entry, in a list with the newest entry first. */
export function formatCursor(sequence: number): string {
  return Buffer.from(`before:${sequence}`).toString('base64url');
}

/**
 * Returns the sequence in a cursor.
 *
 * @throws ApplicationError `invalid_parameter` if `formatCursor` did not create it.
 */
export function parseCursor(cursor: string): number {
  const [, sequence] = /^before:(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (sequence === undefined || formatCursor(Number(sequence)) !== cursor) {
    throw errorAt('/cursor', 'cursor_unknown', 'cursor must come from a Link header', 'invalid_parameter');
  }
  return Number(sequence);
}
