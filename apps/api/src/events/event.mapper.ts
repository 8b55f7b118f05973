import {
  EVENT_TYPES,
  type AuditAction,
  type EventDataDto,
  type EventDto,
  type EventTokenDto,
  type EventType,
  type EventUserDto,
} from '@latchkey/auth-models';
import { ALL_USERS, type RelatedSubject } from '../audit/trail/audit-event-subject.entity.js';
import { type AuditEvent } from '../audit/trail/audit-event.entity.js';
import { toRfc3339 } from '../common/clock.service.js';
import { isRestricted, type Principal } from '../common/request/principal.js';

/** Details that entries of events have in `after`, and `before`. */
interface Details {
  readonly kind?: string;
  readonly tokenPreview?: string;
  readonly note?: string | null;
  readonly expirationTime?: string | null;
  readonly tokens?: readonly (EventTokenDto & { readonly note?: string | null })[];
  readonly users?: readonly EventUserDto[];
  readonly action?: string;
  readonly enabled?: boolean;
  readonly all?: boolean;
  readonly verifier?: boolean;
  readonly newNetwork?: boolean;
  readonly hasLink?: boolean;
  readonly reason?: string;
  readonly source?: string;
  readonly url?: string;
  readonly days?: number;
  readonly count?: number;
  readonly problems?: number;
  readonly lastBackup?: string;
}

/** Whether an entry is an event, from its details and its outcome. */
type IsEvent = (after: Details, entry: AuditEvent) => boolean;

const always: IsEvent = () => true;

/** Entries of each type, by their actions. An entry has at most one type. */
const ENTRIES: Readonly<Record<EventType, Partial<Record<AuditAction, IsEvent>>>> = {
  'token.expiring': { authn_token_expiring: ({ verifier }) => !verifier },
  'token.created': {
    // Canaries are known to their administrators alone.
    authn_token_created: ({ kind }) => kind !== 'canary',
    authn_token_claimed: always,
  },
  'token.rotated': { authn_token_rotated: always },
  'token.revoked': { authn_token_revoked: always },
  'token.leaked': { authn_token_leaked: always },
  'token.canary_used': { authn_canary_used: always },
  'token.old_secret_used': { authn_old_secret_used: always },
  'verifier.token_expiring': { authn_token_expiring: ({ verifier }) => verifier === true },
  'user.disabled': { user_updated: ({ enabled, action }) => enabled === false || action === 'disable' },
  'login.new_network': { authn_login_success: ({ newNetwork }) => newNetwork === true },
  'offer.waiting': { offer_created: ({ hasLink }) => !hasLink },
  'audit.check_failed': { audit_verified: (_, { outcome }) => outcome === 'failure' },
  'backup.overdue': { backup_overdue: always },
};

/** Returns the actions of entries that can be events of these types. */
export function actionsOf(types: readonly EventType[]): AuditAction[] {
  return [...new Set(types.flatMap((type) => Object.keys(ENTRIES[type]) as AuditAction[]))];
}

/** Returns the type of the event in an entry, or `undefined` if the entry is none. */
export function eventTypeOf(entry: AuditEvent): EventType | undefined {
  return EVENT_TYPES.find((type) => ENTRIES[type][entry.action]?.(detailsOf(entry.after), entry));
}

/**
 * Converts an entry of the audit trail to an event. Returns `undefined` if the entry is none.
 *
 * @param about further subjects of the entry, which name the owners of tokens.
 */
export function toEvent(entry: AuditEvent, about: readonly RelatedSubject[]): EventDto | undefined {
  const type = eventTypeOf(entry);
  return (
    type && {
      id: entry.id,
      type,
      timestamp: toRfc3339(entry.time),
      data: dataOf(entry, detailsOf(entry.after), about),
    }
  );
}

/** Returns the part of an event that concerns some users: without others and their tokens. */
export function eventForUsers(event: EventDto, own: readonly EventUserDto[]): EventDto {
  const { users, tokens, ...data } = event.data;
  return {
    ...event,
    data: {
      ...data,
      ...(users && { users: users.filter(({ id }) => own.some((user) => user.id === id)) }),
      ...(tokens && { tokens: tokens.filter((token) => own.some(({ name }) => name === token.user)) }),
    },
  };
}

/** Returns the part of an event that a target receives: with a filter by user, nothing about other users. */
export function eventForTarget(event: EventDto, userId: string | null): EventDto {
  const user = event.data.users?.find(({ id }) => id === userId);
  return user ? eventForUsers(event, [user]) : event;
}

function dataOf(entry: AuditEvent, after: Details, about: readonly RelatedSubject[]): EventDataDto {
  const { actorId, actorName, address } = entry;
  const tokens = tokensOf(entry, after);
  const users = usersOf(entry, after, tokens, about);
  const { reason, source, url, days, lastBackup, count = after.problems } = after;
  return {
    ...(actorId !== null && actorName !== null && { actor: { id: actorId, name: actorName } }),
    ...(users.length > 0 && { users }),
    ...(tokens.length > 0 && { tokens }),
    ...(isAboutAllTokens(entry, after) && { allTokens: true }),
    ...(address !== null && { address }),
    ...(entry.subjectKind === 'offer' && entry.subjectId !== null && { offer: entry.subjectId }),
    ...(reason !== undefined && { reason }),
    ...(source !== undefined && { source }),
    ...(url !== undefined && { url }),
    ...(days !== undefined && { days }),
    ...(count !== undefined && { count }),
    ...(lastBackup !== undefined && { lastBackup }),
  };
}

function tokensOf(
  { subjectKind, subjectId, subjectName, before }: AuditEvent,
  after: Details,
): EventTokenDto[] {
  if (after.tokens) {
    return after.tokens.map(tokenOf);
  }
  if (subjectKind !== 'token' || subjectId === null) {
    return [];
  }
  return [tokenOf({ ...detailsOf(before), ...after, id: subjectId, user: subjectName })];
}

function tokenOf({
  id,
  user,
  tokenPreview,
  note,
  expirationTime,
}: Pick<EventTokenDto, 'id' | 'user'> & Details): EventTokenDto {
  return {
    id,
    user,
    ...(tokenPreview !== undefined && { tokenPreview }),
    ...(note && { note }),
    ...(expirationTime && { expirationTime }),
  };
}

function usersOf(
  { subjectKind, subjectId, subjectName }: AuditEvent,
  { users }: Details,
  tokens: readonly EventTokenDto[],
  about: readonly RelatedSubject[],
): EventUserDto[] {
  if (users) {
    return users.map(({ id, name }) => ({ id, name }));
  }
  if (subjectKind === 'user' && subjectId !== null) {
    return [{ id: subjectId, name: subjectName }];
  }
  const names = new Set(subjectKind === 'offer' ? [subjectName] : tokens.map(({ user }) => user));
  return about.flatMap(({ id, name }) => (name !== undefined && names.has(name) ? [{ id, name }] : []));
}

/** Whether an entry revokes all tokens of its users, or of everyone. */
function isAboutAllTokens(
  { action, subjectKind, subjectName }: AuditEvent,
  { all, users }: Details,
): boolean {
  return (
    action === 'authn_token_revoked' &&
    (all === true || (subjectKind === 'user' && (users !== undefined || subjectName === ALL_USERS.name)))
  );
}

function detailsOf(json: string | null): Details {
  return json === null ? {} : (JSON.parse(json) as Details);
}

/** Returns the requested types that a reader may see. No limited token without `audit:read` sees canaries. */
export function visibleTypes(
  reader: Principal,
  requested: readonly string[] = EVENT_TYPES,
): readonly EventType[] {
  const hidesCanaries = isRestricted(reader, 'audit:read');
  return EVENT_TYPES.filter(
    (type) => requested.includes(type) && !(hidesCanaries && type === 'token.canary_used'),
  );
}
