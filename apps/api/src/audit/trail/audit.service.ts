import { Injectable } from '@nestjs/common';
import {
  SERVER_ACTOR_ID,
  type AuditAction,
  type AuditOutcome,
  type AuditSubjectKind,
} from '@latchkey/auth-models';
import { v7 as uuid } from 'uuid';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { type AuditChain } from './audit-chain.entity.js';
import { AuditEvent } from './audit-event.entity.js';
import { type RelatedSubject } from './audit-event-subject.entity.js';
import { AuditKeys } from '../keys/audit-keys.service.js';
import { AuditRepository } from './audit.repository.js';
import { LoginFigures, type LoginCount } from '../counts/login-figures.service.js';
import { sealedText } from './audit-entry.js';
import { type SealingKey } from '../keys/sealing-key.js';

const RETRY_SECONDS = 2;
/** Length of the name columns. */
const NAME_MAX_LENGTH = 256;

const COUNTED: Partial<Record<AuditAction, LoginCount>> = {
  authn_login_success: 'successes',
  authn_login_fail: 'failures',
};

/** Actor of the server's own actions. No user can have this name, because it contains a space. */
export const SERVER_ACTOR = { id: SERVER_ACTOR_ID, name: 'the server' } as const;

/** Input of {@link AuditService.record}. */
export interface AuditRecord {
  action: AuditAction;
  outcome?: AuditOutcome;
  /** The actor; absent if the client was not authenticated. */
  actor?: { id: string; name: string; token?: { id: string }; origin?: RequestOrigin };
  subject: { kind: AuditSubjectKind; id: string | null; name: string };
  /**
   * Further subjects to find the entry by. They are not sealed, so `before` or `after` should name them as
   * well.
   */
  about?: readonly RelatedSubject[];
  /** Origin of the request, by default that of the actor. */
  origin?: Partial<RequestOrigin>;
  before?: object;
  after?: object;
}

/**
 * Writes the append-only trail. Every change is recorded in its own transaction, so neither exists without
 * the other.
 */
@Injectable()
export class AuditService {
  private readonly listeners: ((entry: AuditEvent) => void)[] = [];

  constructor(
    private readonly repository: AuditRepository,
    private readonly logins: LoginFigures,
    private readonly keys: AuditKeys,
    private readonly clock: Clock,
    private readonly writes: Writes,
  ) {}

  /** Calls `listener` with each appended entry, before its transaction ends. */
  onAppend(listener: (entry: AuditEvent) => void): void {
    this.listeners.push(listener);
  }

  /**
   * Appends an entry. Its seal covers the entry and the seal of the previous one.
   *
   * @throws ApplicationError `unavailable` if the entry cannot be written for any reason, so that no change
   *   is unaudited.
   */
  record(record: AuditRecord, tx: WriteTransaction): Promise<void> {
    return failClosed(this.append(record, tx));
  }

  /**
   * Appends an entry in a transaction of its own, for events that change nothing.
   *
   * @throws ApplicationError like {@link record}.
   */
  recordEvent(record: AuditRecord): Promise<void> {
    return this.writes.transaction((tx) => this.record(record, tx), 'none');
  }

  /** Returns the newest entry of an action. */
  newest(action: AuditAction): Promise<AuditEvent | null> {
    return this.repository.newest(action);
  }

  /** Appends an entry about a change of something that has a name instead of an id. */
  recordNamed(
    action: AuditAction,
    kind: AuditSubjectKind,
    name: string,
    actor: Principal,
    change: Pick<AuditRecord, 'before' | 'after'>,
    tx: WriteTransaction,
  ): Promise<void> {
    return this.record({ action, actor, subject: { kind, id: null, name }, ...change }, tx);
  }

  /**
   * Counts a failed login with an unknown name. It leaves no entry of its own, but costs as many writes as
   * {@link record}, so that response times do not reveal which users exist.
   */
  countUnknownNameFailure(tx: WriteTransaction): Promise<void> {
    return failClosed(this.countUnknown(tx));
  }

  private async countUnknown(tx: WriteTransaction): Promise<void> {
    await this.repository.countUnknownNameFailure(tx);
    await this.logins.count('unknownNameFailures', this.clock.now(), tx);
  }

  private async append(record: AuditRecord, tx: WriteTransaction): Promise<void> {
    const chain = await this.repository.advanceChain(tx);
    const key = this.keyOf(chain);
    const origin = record.origin ?? record.actor?.origin;
    const event = Object.assign(new AuditEvent(), {
      id: uuid(),
      sequence: chain.sequence,
      time: this.clock.now(),
      actorId: record.actor?.id ?? null,
      actorName: record.actor ? storable(record.actor.name) : null,
      actorTokenId: record.actor?.token?.id ?? null,
      subjectKind: record.subject.kind,
      subjectId: record.subject.id,
      subjectName: storable(record.subject.name),
      action: record.action,
      outcome: record.outcome ?? 'success',
      // The origin of the command line has an empty address.
      address: origin?.address || null,
      traceId: origin?.traceId ?? null,
      before: toJson(record.before),
      after: toJson(record.after),
      keyId: key.id,
      previousMac: chain.mac,
    });
    event.mac = key.seal(sealedText(event));
    await this.repository.append(event, chain, tx);
    this.listeners.forEach((listener) => listener(event));
    if (record.about) {
      await this.repository.indexBy(event.sequence, distinct(record.about), tx);
    }
    // Logins with unknown names are counted one by one, see `countUnknown`.
    const counted = event.subjectKind === 'address' ? undefined : COUNTED[event.action];
    if (counted) {
      await this.logins.count(counted, event.time, tx);
    }
  }

  private keyOf({ keyId }: AuditChain): SealingKey {
    const key = keyId === '' ? this.keys.ownOrCreate() : this.keys.find(keyId);
    if (!key) {
      const detail = `The audit trail needs key ${keyId}, which this server does not have. Set LATCHKEY_AUDIT_KEY to that key, or put it into the data folder.`;
      throw new ApplicationError('unavailable', { retryAfterSeconds: RETRY_SECONDS, detail });
    }
    return key;
  }
}

/**
 * Truncates a name to the column length, because clients send names of any length in a path. Counts code
 * points: half of a surrogate pair would be stored as another character and break the seal.
 */
function storable(name: string): string {
  return [...name].slice(0, NAME_MAX_LENGTH).join('');
}

async function failClosed(written: Promise<void>): Promise<void> {
  try {
    await written;
  } catch (cause) {
    if (cause instanceof ApplicationError) {
      throw cause;
    }
    throw new ApplicationError('unavailable', { retryAfterSeconds: RETRY_SECONDS, cause });
  }
}

function distinct(subjects: readonly RelatedSubject[]): RelatedSubject[] {
  return [...new Map(subjects.map((subject) => [subject.id, subject])).values()];
}

function toJson(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** Changed members, before and after a change. */
export interface ChangedMembers<T extends object> {
  readonly before: Partial<T>;
  readonly after: Partial<T>;
}

/**
 * Returns the members that differ between two states of a resource, or `undefined` if none does. As in a
 * merge patch, a member that is `undefined` in the second state is unchanged, and `null` removes it.
 */
export function changedMembers<T extends object>(
  before: T,
  after: Partial<T>,
): ChangedMembers<T> | undefined {
  const changed = (Object.keys(before) as (keyof T)[]).filter(
    (name) => after[name] !== undefined && JSON.stringify(after[name]) !== JSON.stringify(before[name]),
  );
  return changed.length === 0 ? undefined : { before: pick(before, changed), after: pick(after, changed) };
}

function pick<T extends object>(members: Partial<T>, names: readonly (keyof T)[]): Partial<T> {
  return Object.fromEntries(names.map((name) => [name, members[name]])) as Partial<T>;
}
