import {
  canonicalUserName,
  COMMAND_LINE_ACTOR_ID,
  SERVER_ACTOR_ID,
  type AuditEventQueryDto,
} from '@latchkey/auth-models';
import { canonicalAddress } from '../../common/request/client-address.js';
import { type EpochMilliseconds } from '../../common/clock.js';
import { type AuditEvent } from '../trail/audit-event.entity.js';

/** Which entries are meant. */
export interface AuditFilter {
  /** Columns with the value that they must have. */
  readonly equal: Partial<AuditEvent>;
  /** What the entries must be about, alone or among others. */
  readonly subject: SoughtSubject | undefined;
  readonly from: EpochMilliseconds | undefined;
  readonly to: EpochMilliseconds | undefined;
}

/** A subject as it is looked for: by its id, or by its name. */
export interface SoughtSubject {
  readonly by: 'id' | 'name';
  readonly value: string;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Reads the filters of a query. What has the form of an id is taken for one. */
export function auditFilter(query: AuditEventQueryDto): AuditFilter {
  const { actor, subject, action, outcome, address, traceId, from, to } = query;
  return {
    equal: {
      ...(actor !== undefined && soughtActor(actor)),
      ...(action !== undefined && { action }),
      ...(outcome !== undefined && { outcome }),
      ...(address !== undefined && { address: canonicalAddress(address) }),
      ...(traceId !== undefined && { traceId }),
    },
    subject: subject === undefined ? undefined : soughtSubject(subject),
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
  };
}

/** Conditions on an actor, by id or name. `server` and `command-line` are ids; a user of that name is found by the user's id. */
function soughtActor(text: string): AuditFilter['equal'] {
  const isFixedId = text === SERVER_ACTOR_ID || text === COMMAND_LINE_ACTOR_ID;
  return isFixedId || isId(text) ? { actorId: idOf(text) } : { actorName: nameOf(text) };
}

function soughtSubject(text: string): SoughtSubject {
  return isId(text) ? { by: 'id', value: idOf(text) } : { by: 'name', value: nameOf(text) };
}

function isId(text: string): boolean {
  return ID.test(text);
}

function idOf(text: string): string {
  return text.toLowerCase();
}

/** The name as it is stored; what can be no user's is the name of something else. */
function nameOf(text: string): string {
  return canonicalUserName(text) ?? text;
}
