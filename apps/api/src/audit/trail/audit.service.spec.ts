import { beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '../../common/clock.service.js';
import { type Config } from '../../platform/config/config.js';
import { type WriteTransaction, type Writes } from '../../platform/database/writes.service.js';
import { type Logger } from '../../platform/logging/logger.js';
import { type AuditChain } from './audit-chain.entity.js';
import { type AuditEvent } from './audit-event.entity.js';
import { type RelatedSubject } from './audit-event-subject.entity.js';
import { AuditKeys } from '../keys/audit-keys.service.js';
import { type AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { type LoginCount, type LoginFigures } from '../counts/login-figures.service.js';
import { sealedText } from './audit-entry.js';

const TIME = Date.UTC(2030, 0, 1);
const tx = {} as WriteTransaction;

/** Trail in memory. */
class FakeRepository implements Pick<
  AuditRepository,
  'advanceChain' | 'append' | 'indexBy' | 'countUnknownNameFailure'
> {
  readonly events: AuditEvent[] = [];
  readonly index: [number, readonly RelatedSubject[]][] = [];
  failure: Error | undefined;
  unknownNameFailures = 0;
  private readonly chain = {
    id: 1,
    sequence: 0,
    mac: '',
    keyId: '',
    latestTime: 0,
    clockSeenTime: 0,
    clockSetback: 0,
    unknownNameFailures: 0,
  };

  advanceChain(): Promise<AuditChain> {
    this.chain.sequence += 1;
    return Promise.resolve({ ...this.chain });
  }

  append(event: AuditEvent): Promise<void> {
    if (this.failure) {
      return Promise.reject(this.failure);
    }
    this.events.push(event);
    this.chain.mac = event.mac;
    return Promise.resolve();
  }

  indexBy(sequence: number, subjects: readonly RelatedSubject[]): Promise<void> {
    this.index.push([sequence, subjects]);
    return Promise.resolve();
  }

  countUnknownNameFailure(): Promise<void> {
    this.unknownNameFailures += 1;
    return this.failure ? Promise.reject(this.failure) : Promise.resolve();
  }
}

const keysOf = (fill: number) =>
  new AuditKeys(
    { auditKey: Buffer.alloc(32, fill).toString('base64'), dataDirectory: '/nowhere' } as Config,
    {} as Logger,
  );

const keys = keysOf(1);
const key = keys.ownOrCreate();
let repository: FakeRepository;
let counted: LoginCount[];
let audit: AuditService;

beforeEach(async () => {
  repository = new FakeRepository();
  counted = [];
  const logins = {
    count: (as: LoginCount) => {
      counted.push(as);
      return Promise.resolve();
    },
  } as unknown as LoginFigures;
  const clock = new (class extends Clock {
    override now() {
      return TIME;
    }
  })();
  audit = new AuditService(repository as unknown as AuditRepository, logins, keys, clock, {} as Writes);
  for (const name of ['anne', 'bert', 'cleo', 'dora']) {
    await audit.record(
      { action: 'user_created', subject: { kind: 'user', id: `id-${name}`, name }, after: { enabled: true } },
      tx,
    );
  }
});

/** Verifies the trail: recomputes each seal, and follows the chain from the first entry. */
function isWhole(events: readonly AuditEvent[], withKey = key): boolean {
  let previous = '';
  return events.every((event, index) => {
    const follows = event.previousMac === previous && event.sequence === index + 1;
    previous = event.mac;
    return follows && event.mac === withKey.seal(sealedText(event));
  });
}

describe('AuditService.record', () => {
  it('records actor, action, subject, origin and time', async () => {
    await audit.record(
      {
        action: 'authn_login_success',
        actor: { id: 'id-anne', name: 'anne' },
        subject: { kind: 'user', id: 'id-anne', name: 'anne' },
        origin: { address: '192.0.2.1', agent: 'curl/8', traceId: 'trace-1' },
        before: { a: 1 },
        after: { a: 2 },
      },
      tx,
    );

    expect(repository.events.at(-1)).toMatchObject({
      sequence: 5,
      time: TIME,
      actorId: 'id-anne',
      actorName: 'anne',
      subjectKind: 'user',
      subjectId: 'id-anne',
      subjectName: 'anne',
      action: 'authn_login_success',
      outcome: 'success',
      address: '192.0.2.1',
      traceId: 'trace-1',
      before: '{"a":1}',
      after: '{"a":2}',
      keyId: key.id,
      previousMac: repository.events[3]?.mac,
    });
  });

  it('stores null for absent members', () => {
    expect(repository.events[0]).toMatchObject({
      actorId: null,
      actorName: null,
      address: null,
      traceId: null,
      before: null,
      previousMac: '',
    });
  });

  it('indexes an entry once by each further subject, and others only by their own', async () => {
    const [anne, bert] = [{ id: 'id-anne', name: 'anne' }, { id: 'id-bert' }];

    await audit.record(
      {
        action: 'user_updated',
        subject: { kind: 'user', id: null, name: 'bulk' },
        about: [anne, bert, { ...anne }],
      },
      tx,
    );

    expect(repository.index).toEqual([[5, [anne, bert]]]);
  });

  it('assigns unique ids and numbers without gaps', () => {
    expect(new Set(repository.events.map(({ id }) => id)).size).toBe(4);
    expect(repository.events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
  });
});

describe('a chain that AuditService wrote', () => {
  it('is valid when nothing was changed', () => {
    expect(isWhole(repository.events)).toBe(true);
  });

  const CHANGES: Partial<AuditEvent> = {
    id: 'x',
    sequence: 9,
    time: TIME + 1,
    actorId: 'x',
    actorName: 'x',
    actorTokenId: 'x',
    subjectKind: 'token',
    subjectId: 'x',
    subjectName: 'x',
    action: 'authn_logout',
    outcome: 'failure',
    address: 'x',
    traceId: 'x',
    before: '{}',
    after: '{"enabled":false}',
    keyId: 'x',
    previousMac: 'x',
    mac: 'x',
  };

  it('detects changes of all columns', () => {
    expect(Object.keys(CHANGES).sort()).toEqual(Object.keys(repository.events[1] ?? {}).sort());
  });

  it.each(Object.keys(CHANGES) as (keyof AuditEvent)[])('detects a changed %s', (column) => {
    Object.assign(repository.events[1] ?? {}, { [column]: CHANGES[column] });

    expect(isWhole(repository.events)).toBe(false);
  });

  it('distinguishes null from an empty text', () => {
    const event = repository.events[1] ?? ({} as AuditEvent);

    expect(sealedText({ ...event, actorName: '' })).not.toBe(sealedText({ ...event, actorName: null }));
  });

  it('distinguishes the boundaries between columns', () => {
    const event = repository.events[1] ?? ({} as AuditEvent);

    expect(sealedText({ ...event, subjectId: 'a","b', subjectName: 'c' })).not.toBe(
      sealedText({ ...event, subjectId: 'a', subjectName: 'b","c' }),
    );
  });

  it('names its key without revealing it', () => {
    expect(key.id).toMatch(/^[0-9a-f]{16}$/);
    expect(keysOf(2).ownOrCreate().id).not.toBe(key.id);
    expect(Buffer.alloc(32, 1).toString('hex')).not.toContain(key.id);
  });
});

describe('AuditService and the daily login counts', () => {
  const subject = { kind: 'user', id: 'id-anne', name: 'anne' } as const;

  it('count logins, failures, and failures of unknown names', async () => {
    await audit.record({ action: 'authn_login_success', subject }, tx);
    await audit.record({ action: 'authn_login_fail', outcome: 'failure', subject }, tx);
    await audit.countUnknownNameFailure(tx);

    expect(counted).toEqual(['successes', 'failures', 'unknownNameFailures']);
  });

  it('do not count other actions', async () => {
    await audit.record({ action: 'authn_logout', subject }, tx);

    expect(counted).toEqual([]);
  });
});

describe('AuditService.record with a failing database', () => {
  const record = () =>
    audit.record({ action: 'authn_logout', subject: { kind: 'token', id: 'x', name: 'anne' } }, tx);

  beforeEach(() => {
    repository.failure = new Error('no such table: audit_events');
  });

  it.each([
    ['an entry', record],
    ['the count of unknown names', () => audit.countUnknownNameFailure(tx)],
  ])('rejects the whole operation as unavailable, with a retry delay: %s', async (_, act) => {
    await expect(act()).rejects.toMatchObject({
      code: 'unavailable',
      options: { retryAfterSeconds: 2, cause: repository.failure },
    });
  });
});
