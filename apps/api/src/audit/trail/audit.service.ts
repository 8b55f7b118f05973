import { Injectable } from '@nestjs/common';
import {
  SERVER_ACTOR_ID,
  type AuditAction,
  type AuditOutcome,
  type AuditSubjectKind,
} from '@latchkey/auth-models';
import { v7 as uuid } from 'uuid';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { type AuditChain } from './audit-chain.entity.js';
import { AuditEvent } from './audit-event.entity.js';
import { type AuditedThing } from './audited-thing.js';
import { AuditKeys } from '../keys/audit-keys.js';
import { AuditRepository } from './audit.repository.js';
import { LoginFiguresRepository, type LoginCount } from '../counts/login-figures.repository.js';
import { sealedText } from './sealed-text.js';
import { type SealingKey } from '../keys/sealing-key.js';

const RETRY_SECONDS = 2;
/** Characters that the columns of names hold. */
const NAME_MAX_LENGTH = 256;

const COUNTED: Partial<Record<AuditAction, LoginCount>> = {
  authn_login_success: 'successes',
  authn_login_fail: 'failures',
};

/** The actor of what the server does by itself. No user can have the name: it contains a space. */
export const SERVER_ACTOR = { id: SERVER_ACTOR_ID, name: 'the server' } as const;

/** Something to be recorded. */
export interface AuditRecord {
  action: AuditAction;
  outcome?: AuditOutcome;
  /** The actor; absent if the client was not authenticated. */
  actor?: { id: string; name: string };
  subject: { kind: AuditSubjectKind; id: string | null; name: string };
  /** What else it is found by; `before` or `after`, which are sealed, should name each of many as well. */
  about?: readonly AuditedThing[];
  /** Where the request came from; absent if the server itself did it. */
  origin?: Partial<RequestOrigin>;
  before?: object;
  after?: object;
}

/** The append-only trail. Whoever changes something records it in the same transaction, so neither exists alone. */
@Injectable()
export class AuditService {
  constructor(
    private readonly repository: AuditRepository,
    private readonly logins: LoginFiguresRepository,
    private readonly keys: AuditKeys,
    private readonly clock: Clock,
  ) {}

  /**
   * Appends an entry, sealed over itself and the entry before it.
   *
   * @throws ApplicationError `unavailable` if it cannot be written, whatever the reason: nothing is done unaudited.
   */
  record(record: AuditRecord, tx: WriteTransaction): Promise<void> {
    return failClosed(this.append(record, tx));
  }

  /**
   * Counts a log-in that failed because nobody has the name. It leaves no entry, but costs a write as
   * {@link record} does, so that time does not tell who exists.
   */
  countUnknownNameFailure(tx: WriteTransaction): Promise<void> {
    return failClosed(this.countUnknown(tx));
  }

  private async countUnknown(tx: WriteTransaction): Promise<void> {
    await this.repository.countUnknownNameFailure(tx);
    await this.logins.count('unknownNameFailures', this.clock.now(), tx);
  }

  private async append(record: AuditRecord, tx: WriteTransaction): Promise<void> {
    const chain = await this.repository.takeChain(tx);
    const key = this.keyOf(chain);
    const event = Object.assign(new AuditEvent(), {
      id: uuid(),
      sequence: chain.sequence,
      time: this.clock.now(),
      actorId: record.actor?.id ?? null,
      actorName: record.actor ? storable(record.actor.name) : null,
      subjectKind: record.subject.kind,
      subjectId: record.subject.id,
      subjectName: storable(record.subject.name),
      action: record.action,
      outcome: record.outcome ?? 'success',
      // The command line has an origin, and comes from no address.
      address: record.origin?.address || null,
      traceId: record.origin?.traceId ?? null,
      before: toJson(record.before),
      after: toJson(record.after),
      keyId: key.id,
      previousMac: chain.mac,
    });
    event.mac = key.seal(sealedText(event));
    await this.repository.append(event, chain, tx);
    if (record.about) {
      await this.repository.indexBy(event.sequence, eachOnce(record.about), tx);
    }
    const counted = COUNTED[event.action];
    if (counted) {
      await this.logins.count(counted, event.time, tx);
    }
  }

  private keyOf({ keyId }: AuditChain): SealingKey {
    const key = keyId === '' ? this.keys.first() : this.keys.find(keyId);
    if (!key) {
      const detail = `The audit trail is sealed with key ${keyId}, which LATCHKEY_AUDIT_KEY is not.`;
      throw new ApplicationError('unavailable', { retryAfterSeconds: RETRY_SECONDS, detail });
    }
    return key;
  }
}

/**
 * A name as PostgreSQL can store it: clients send names of any length in a path. Cut by code points, because half a
 * surrogate pair would come back as another character and break the seal.
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

function eachOnce(things: readonly AuditedThing[]): AuditedThing[] {
  return [...new Map(things.map((thing) => [thing.id, thing])).values()];
}

function toJson(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
