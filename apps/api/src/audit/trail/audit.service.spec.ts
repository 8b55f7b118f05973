import { beforeEach, describe, expect, it } from '@jest/globals';
import { principalWith } from '../../../../../test/support/unit/fake-call.js';
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
/** Affected users of the transactions that the service started. */
let transactions: unknown[];
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
  transactions = [];
  const writes = {
    transaction: (work: (tx: WriteTransaction) => unknown, affected: unknown) => {
      transactions.push(affected);
      return work(tx);
    },
  } as unknown as Writes;
  audit = new AuditService(repository as unknown as AuditRepository, logins, keys, clock, writes);
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

  it('records the token and the origin of the actor', async () => {
    const origin = { address: '192.0.2.7', agent: undefined, traceId: 'trace-7' };
    await audit.record(
      {
        action: 'authn_logout',
        actor: { id: 'id-anne', name: 'anne', token: { id: 'token-1' }, origin },
        subject: { kind: 'token', id: 'token-1', name: 'anne' },
      },
      tx,
    );

    expect(repository.events.at(-1)).toMatchObject({
      actorTokenId: 'token-1',
      address: '192.0.2.7',
      traceId: 'trace-7',
    });
  });

  it('truncates names to 256 code points, and splits no surrogate pair', async () => {
    const name = `${'x'.repeat(255)}😀y`;
    await audit.record(
      { action: 'user_updated', actor: { id: 'x', name }, subject: { kind: 'user', id: null, name } },
      tx,
    );

    const stored = `${'x'.repeat(255)}😀`;
    expect(repository.events.at(-1)).toMatchObject({ actorName: stored, subjectName: stored });
  });

  it('calls all listeners with the sealed entry', async () => {
    const heard: AuditEvent[] = [];
    audit.onAppend((entry) => heard.push(entry));
    audit.onAppend((entry) => heard.push(entry));

    await audit.record({ action: 'authn_logout', subject: { kind: 'token', id: 'x', name: 'anne' } }, tx);

    const entry = repository.events.at(-1);
    expect(heard).toEqual([entry, entry]);
    expect(entry?.mac).toBe(key.seal(sealedText(entry!)));
  });

  it('calls no listener when the entry could not be written', async () => {
    const heard: AuditEvent[] = [];
    audit.onAppend((entry) => heard.push(entry));
    repository.failure = new Error('no such table: audit_events');

    await audit
      .record({ action: 'authn_logout', subject: { kind: 'token', id: 'x', name: 'anne' } }, tx)
      .catch(() => undefined);

    expect(heard).toEqual([]);
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

describe('AuditService.recordEvent', () => {
  it('records in a transaction of its own, which affects no user', async () => {
    await audit.recordEvent({ action: 'audit_read', subject: { kind: 'audit', id: null, name: 'trail' } });

    expect(transactions).toEqual(['none']);
    expect(repository.events.at(-1)).toMatchObject({ sequence: 5, action: 'audit_read' });
  });
});

describe('AuditService.recordNamed', () => {
  it('records the change of a subject without an id', async () => {
    const change = { before: { a: 1 }, after: { a: 2 } };

    await audit.recordNamed('role_updated', 'role', 'reader', principalWith(), change, tx);

    expect(repository.events.at(-1)).toMatchObject({
      action: 'role_updated',
      actorId: 'id-anne',
      subjectKind: 'role',
      subjectId: null,
      subjectName: 'reader',
      before: '{"a":1}',
      after: '{"a":2}',
    });
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

  it('do not count other actions, and logins with unknown names only once', async () => {
    await audit.record({ action: 'authn_logout', subject }, tx);
    await audit.record(
      {
        action: 'authn_login_fail',
        outcome: 'failure',
        subject: { kind: 'address', id: null, name: '192.0.2.1' },
      },
      tx,
    );

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
