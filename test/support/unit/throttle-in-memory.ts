import { type Pseudonyms } from '../../../apps/api/src/audit/keys/audit-keys.service.js';
import { type RequestOrigin } from '../../../apps/api/src/common/request/request-origin.js';
import { Clock } from '../../../apps/api/src/common/clock.service.js';
import { type Config } from '../../../apps/api/src/platform/config/config.js';
import { type Database } from '../../../apps/api/src/platform/database/database.js';
import {
  type WriteTransaction,
  type Writes,
} from '../../../apps/api/src/platform/database/writes.service.js';
import {
  emptyCount,
  type FailureCount,
  type FailureKey,
} from '../../../apps/api/src/throttle/counts/failure-count.entity.js';
import { FailureCounters } from '../../../apps/api/src/throttle/counts/failure-counters.service.js';
import { type FailureCountsRepository } from '../../../apps/api/src/throttle/counts/failure-counts.repository.js';
import { type Attempt, ThrottleService } from '../../../apps/api/src/throttle/throttle.service.js';
import { type ThrottleAudit } from '../../../apps/api/src/throttle/throttle-audit.service.js';

/** Clock that stands still until a test moves it. */
export class StoppedClock extends Clock {
  time = Date.UTC(2030, 0, 1);

  override now(): number {
    return this.time;
  }
}

const nameOf = ({ account, network }: FailureKey) => `${account} ${network}`;

/** The table of counts, with the number of queries. */
export class CountsInMemory {
  readonly rows = new Map<string, FailureCount>();
  reads = 0;
  writes = 0;
  /** Whether every transaction fails. */
  isBroken = false;
  /** Called after each transaction. */
  readonly listeners: (() => void)[] = [];

  async transaction<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    if (this.isBroken) {
      throw new Error('The disk is full');
    }
    const result = await work({} as WriteTransaction);
    this.listeners.forEach((listener) => listener());
    return result;
  }

  findAll(keys: readonly FailureKey[]): Promise<FailureCount[]> {
    this.reads += 1;
    return Promise.resolve(keys.map((key) => ({ ...(this.rows.get(nameOf(key)) ?? emptyCount(key)) })));
  }

  change(key: FailureKey, change: (count: FailureCount) => void): Promise<FailureCount> {
    this.writes += 1;
    const count = { ...(this.rows.get(nameOf(key)) ?? emptyCount(key)) };
    change(count);
    this.rows.set(nameOf(key), count);
    return Promise.resolve({ ...count });
  }

  findKeysOf(account: string): Promise<FailureKey[]> {
    return Promise.resolve([...this.rows.values()].filter((row) => row.account === account));
  }

  forgetKnown(accounts: readonly string[]): Promise<void> {
    for (const row of this.rows.values()) {
      if (accounts.includes(row.account)) {
        row.knownUntil = 0;
      }
    }
    return Promise.resolve();
  }

  keepKnown(account: string, max: number): Promise<void> {
    const known = [...this.rows.values()].filter((row) => row.account === account && row.knownUntil > 0);
    known.sort((one, other) => other.knownUntil - one.knownUntil);
    known.slice(max).forEach((row) => this.rows.delete(nameOf(row)));
    return Promise.resolve();
  }
}

/** Options of {@link throttleInMemory}. */
export interface InMemoryOptions {
  clock?: Clock;
  counts?: CountsInMemory;
  perAccount?: number;
  perAddress?: number;
  /** Whether other processes also write, as on PostgreSQL. */
  isShared?: boolean;
  audit?: Pick<ThrottleAudit, 'recordAccount' | 'recordNetwork'>;
}

/** Creates the throttle of one process, with counts that it may share with others. */
export function throttleInMemory({
  clock = new StoppedClock(),
  counts = new CountsInMemory(),
  perAccount = 10,
  perAddress = 100,
  isShared = false,
  audit = { recordAccount: () => undefined, recordNetwork: () => undefined },
}: InMemoryOptions = {}): ThrottleService {
  const repository = counts as unknown as FailureCountsRepository;
  const writes = {
    onEnd: (listener: () => void) => counts.listeners.push(listener),
    transaction: (work: (tx: WriteTransaction) => Promise<unknown>) => counts.transaction(work),
  } as unknown as Writes;
  const counters = new FailureCounters(
    repository,
    { of: (text: string) => text } as Pseudonyms,
    { hasOneWriter: !isShared } as Database,
    writes,
    clock,
    { loginLimitPerAccount: perAccount, loginLimitPerAddress: perAddress } as Config,
  );
  return new ThrottleService(counters, repository, writes, clock, audit as ThrottleAudit);
}

/** Starts an attempt, which the test ends. */
export function admit(
  throttle: ThrottleService,
  address: string,
  name?: string,
  agent?: string,
): Promise<Attempt> {
  return new Promise((resolve, reject) => {
    const origin = { address, agent } as RequestOrigin;
    throttle.attempt(origin, name, (attempt) => new Promise(() => resolve(attempt))).catch(reject);
  });
}
