import { Injectable } from '@nestjs/common';
import { type LRUCache } from 'lru-cache';
import { Pseudonyms } from '../../audit/keys/audit-keys.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { lruCache } from '../../common/lru-cache.js';
import { clientNetwork } from '../../common/request/request-origin.js';
import { Config } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { Writes } from '../../platform/database/writes.service.js';
import { type RateLimit } from '../rate-limit-headers.js';
import { emptyCount, type FailureCount, type FailureKey } from './failure-count.entity.js';
import { FailureCountsRepository } from './failure-counts.repository.js';
import { AccountLimit, AddressLimit, resetExpired, type FailureLimit } from './failure-limits.js';

/**
 * Cached counters per kind, more than there can be attempts in flight. A counter that was evicted is read
 * again.
 */
const COUNTERS_MAX = 20_000;

/** Age up to which a rejection that another process may have lifted is trusted. */
const REJECTION_MAX_AGE = 1_000;

/** Longest time that an attempt waits for those in flight. */
export const WAIT_MILLISECONDS = 2_000;

/** Characters of a name that count. Names without a user are counted as well and may have any length. */
export const NAME_MAX_LENGTH = 256;

/**
 * Start of the names under which codes of second factors are counted. No name of a login contains a line feed
 * (RFC 7617, section 2).
 */
export const CODES_PREFIX = 'codes\n';

/**
 * Wrong codes of a user in a row until delays start. Fewer than passwords: a code has six digits, and three
 * are valid at a time.
 */
const CODE_LIMIT = 5;

/** The cached count of one key, with the attempts that this process has in flight. */
export class FailureCounter {
  count: FailureCount;
  /** Time of the last read or write; `undefined` = never. */
  readTime: EpochMilliseconds | undefined;
  /** Number of reads and writes. */
  revision = 0;
  /** Attempts without an outcome. */
  inFlight = 0;
  /** Attempts in flight whose password is being hashed. */
  hashing = 0;
  private readonly waiting = new Set<() => void>();

  constructor(
    readonly key: FailureKey,
    readonly limit: FailureLimit,
  ) {
    this.count = emptyCount(key);
  }

  /** Replaces the count with that of the database. */
  update(count: FailureCount, now: EpochMilliseconds): void {
    this.count = count;
    this.readTime = now;
    this.revision += 1;
  }

  /** Whether the count is younger than that. If the clock was set back, its age is unknown. */
  isYoungerThan(milliseconds: number, now: EpochMilliseconds): boolean {
    const age = now - (this.readTime ?? -Infinity);
    return age >= 0 && age < milliseconds;
  }

  isBlocked(now: EpochMilliseconds): boolean {
    resetExpired(this.count, now);
    return now < this.count.blockedUntil;
  }

  /** @throws ApplicationError `throttled` while the counter is blocked. */
  rejectIfBlocked(now: EpochMilliseconds): void {
    if (this.isBlocked(now)) {
      throw throttled(this.count.blockedUntil - now);
    }
  }

  /** Returns how many attempts may be in flight: one at a time past the limit, once the delay has passed. */
  allowance(now: EpochMilliseconds): number {
    resetExpired(this.count, now);
    return Math.max(this.limit.allowance(this.count, now), 1);
  }

  /** Whether the account has recently logged in from the network. */
  isKnown(now: EpochMilliseconds): boolean {
    return now < this.count.knownUntil;
  }

  /** Returns the remaining limit for the response headers. */
  rateLimit(now: EpochMilliseconds): RateLimit {
    const isBlocked = this.isBlocked(now);
    const { failures, blockedUntil, resetTime } = this.count;
    return {
      policy: this.limit.name,
      limit: this.limit.max,
      remaining: isBlocked ? 0 : Math.max(this.limit.max - failures, 0),
      resetSeconds: Math.max(Math.ceil(((isBlocked ? blockedUntil : resetTime) - now) / 1_000), 0),
    };
  }

  /**
   * Admits an attempt if the limit holds even when all attempts in flight fail. Otherwise it waits for their
   * outcomes: right passwords entered at the same moment all succeed, and wrong ones never get more attempts
   * than the limit.
   *
   * @param rejectIfBlocked throws while the counter is blocked.
   * @throws ApplicationError `overloaded` if the attempts in flight take longer than the deadline.
   */
  async enter(deadline: EpochMilliseconds, clock: Clock, rejectIfBlocked: () => void): Promise<void> {
    for (;;) {
      const now = clock.now();
      rejectIfBlocked();
      if (this.inFlight < this.allowance(now)) {
        this.inFlight += 1;
        return;
      }
      if (now >= deadline) {
        throw new ApplicationError('overloaded', { retryAfterSeconds: 1 });
      }
      // Bounded even if the clock is set back.
      await this.nextOutcome(Math.min(deadline - now, WAIT_MILLISECONDS));
    }
  }

  /** Removes an attempt, and wakes those that wait for its outcome. */
  leave(): void {
    this.inFlight -= 1;
    const waiting = [...this.waiting];
    this.waiting.clear();
    waiting.forEach((wake) => wake());
  }

  private nextOutcome(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.waiting.add(wake);
    });
  }
}

/** Counters of an attempt. */
export interface Counters {
  network: FailureCounter;
  /** Counters of the name; absent for set-up secrets, which name no user. */
  account?: {
    /** Failures from networks that are not known for the account. */
    everywhere: FailureCounter;
    /** Failures from this network, used once the network is known for the account. */
    here: FailureCounter;
  };
}

type CounterCache = LRUCache<string, FailureCounter>;

/** Cache of counters. The database holds the counts, the cache the attempts in flight. */
@Injectable()
export class FailureCounters {
  private readonly networks: CounterCache = lruCache(COUNTERS_MAX);
  private readonly accounts: CounterCache = lruCache(COUNTERS_MAX);
  private readonly known: CounterCache = lruCache(COUNTERS_MAX);
  /** Accounts whose counts an open transaction changes. */
  private readonly changing = new Set<string>();
  private readonly addressLimit: AddressLimit;
  private readonly accountLimit: AccountLimit;
  private readonly codeLimit = new AccountLimit(CODE_LIMIT);

  constructor(
    private readonly repository: FailureCountsRepository,
    private readonly pseudonyms: Pseudonyms,
    private readonly database: Database,
    writes: Writes,
    private readonly clock: Clock,
    { loginLimitPerAccount, loginLimitPerAddress }: Config,
  ) {
    this.accountLimit = new AccountLimit(loginLimitPerAccount);
    this.addressLimit = new AddressLimit(loginLimitPerAddress);
    // On SQLite the next transaction to finish is the open one. On PostgreSQL each attempt reads the counts.
    writes.onEnd(() => {
      this.changing.forEach((account) => this.invalidate(account));
      this.changing.clear();
    });
  }

  /**
   * Returns the counters of an address, and of a name whether or not a user has it. New ones are not cached,
   * so that rejections and their headers take no memory.
   */
  of(address: string, name?: string): Counters {
    const network = clientNetwork(address);
    const account = name === undefined ? undefined : this.accountOf(name);
    const limit = this.limitOf(name);
    return {
      network: find(this.networks, { account: '', network }, this.addressLimit),
      ...(account !== undefined && {
        account: {
          everywhere: find(this.accounts, { account, network: '' }, limit),
          here: find(this.known, { account, network }, limit),
        },
      }),
    };
  }

  /**
   * Caches the counters of an admitted attempt. Returns those that another attempt has cached meanwhile, if
   * any.
   */
  cache({ network, account }: Counters): Counters {
    return {
      network: cached(this.networks, network),
      ...(account && {
        account: {
          everywhere: cached(this.accounts, account.everywhere),
          here: cached(this.known, account.here),
        },
      }),
    };
  }

  /** Returns the limit on the failures of a name. */
  limitOf(name = ''): AccountLimit {
    return name.startsWith(CODES_PREFIX) ? this.codeLimit : this.accountLimit;
  }

  /** Returns the pseudonym that a name is counted under. */
  accountOf(name: string): string {
    return this.pseudonyms.of(name.slice(0, NAME_MAX_LENGTH));
  }

  /**
   * Reads the counts again if another process may have changed them.
   *
   * @param maxAge milliseconds up to which counts that others may have changed are used.
   */
  async refresh({ network, account }: Counters, maxAge = 0): Promise<void> {
    const all = account ? [network, account.everywhere, account.here] : [network];
    if (all.every((counter) => this.isCurrent(counter, maxAge))) {
      return;
    }
    const now = this.clock.now();
    const revisions = all.map(({ revision }) => revision);
    const counts = await this.repository.findAll(all.map(({ key }) => key));
    all.forEach((counter, index) => {
      // A counter that changed meanwhile is newer than this result.
      if (counter.revision === revisions[index]) {
        counter.update(counts[index] as FailureCount, now);
      }
    });
  }

  /** Whether the cached count can be used without asking the database. */
  isCurrent(counter: FailureCounter, maxAge = REJECTION_MAX_AGE): boolean {
    return this.database.hasOneWriter
      ? counter.readTime !== undefined
      : counter.isYoungerThan(maxAge, this.clock.now());
  }

  /** Returns the counters that limit an attempt: that of its network, and one of its name. */
  limiting({ network, account }: Counters): FailureCounter[] {
    const now = this.clock.now();
    return account ? [network, account.here.isKnown(now) ? account.here : account.everywhere] : [network];
  }

  /**
   * Invalidates the counts of an account once the open transaction has finished; earlier, the old ones would
   * be read.
   */
  invalidateAfterCommit(account: string): void {
    this.changing.add(account);
  }

  private invalidate(account: string): void {
    for (const counters of [this.accounts, this.known]) {
      for (const counter of counters.values()) {
        if (counter.key.account === account) {
          counter.readTime = undefined;
        }
      }
    }
  }
}

/** Returns the error for an attempt that has to wait. */
export function throttled(milliseconds: number): ApplicationError {
  const retryAfterSeconds = Math.ceil(milliseconds / 1_000);
  return new ApplicationError('throttled', {
    retryAfterSeconds,
    detail: `Too many failed attempts. Try again in ${retryAfterSeconds} s.`,
  });
}

function cacheKey({ account, network }: FailureKey): string {
  return `${account} ${network}`;
}

function find(counters: CounterCache, key: FailureKey, limit: FailureLimit): FailureCounter {
  return counters.get(cacheKey(key)) ?? new FailureCounter(key, limit);
}

function cached(counters: CounterCache, counter: FailureCounter): FailureCounter {
  const key = cacheKey(counter.key);
  const current = counters.get(key) ?? counter;
  counters.set(key, current);
  return current;
}
