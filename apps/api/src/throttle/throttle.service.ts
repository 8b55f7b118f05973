import { Injectable } from '@nestjs/common';
import { Clock, DAY_MILLISECONDS } from '../common/clock.service.js';
import { type RequestOrigin } from '../common/request/request-origin.js';
import { Writes, type WriteTransaction } from '../platform/database/writes.service.js';
import { type FailureCount } from './counts/failure-count.entity.js';
import {
  CODES_PREFIX,
  FailureCounters,
  NAME_MAX_LENGTH,
  throttled,
  WAIT_MILLISECONDS,
  type Counters,
  type FailureCounter,
} from './counts/failure-counters.service.js';
import { FailureCountsRepository } from './counts/failure-counts.repository.js';
import { type RateLimit } from './rate-limit-headers.js';
import { ThrottleAudit } from './throttle-audit.service.js';

/** Maximum age of counts when a password is hashed: less than hashing takes. */
const CONFIRM_MAX_AGE = 10;

/** Retry delay when concurrent attempts have used up the limit. */
const RETRY_MILLISECONDS = 1_000;

/** Time that a network stays known for an account after a login. */
const KNOWN = 30 * DAY_MILLISECONDS;
/** Known networks per account. */
const KNOWN_MAX = 100;

/** Returns the name under which wrong codes of a user's second factor are counted, apart from passwords. */
export function codesOf(name: string): string {
  return CODES_PREFIX + name;
}

/** Returns the names under which failures of a name are counted. */
const countedAs = (name: string) => [name, codesOf(name)];

/**
 * Slows down guessing of passwords and set-up secrets, per account and per client network. Attempts are
 * counted before anything is hashed. The counts are in the database, so they survive restarts and all
 * replicas share them.
 */
@Injectable()
export class ThrottleService {
  constructor(
    private readonly counters: FailureCounters,
    private readonly repository: FailureCountsRepository,
    private readonly writes: Writes,
    private readonly clock: Clock,
    private readonly audit: ThrottleAudit,
  ) {}

  /**
   * Runs an attempt, whether or not a user has the name. An attempt without a name, such as with a set-up
   * secret, is counted by address only.
   *
   * @param work calls `succeed` or `fail` of the attempt; without either, the attempt is not counted.
   * @param precheck further rejections before the database is read.
   * @throws ApplicationError `throttled` or `overloaded`, with the seconds to wait, or an error of the
   *   work.
   */
  async attempt<T>(
    { address, agent }: RequestOrigin,
    name: string | undefined,
    work: (attempt: Attempt) => Promise<T>,
    precheck?: () => void,
  ): Promise<T> {
    this.rejectIfThrottled(address, name, agent);
    precheck?.();
    const attempt = await this.admit(address, name, agent);
    try {
      return await work(attempt);
    } finally {
      attempt.end();
    }
  }

  /**
   * Rejects an attempt if the cached counts are enough to do so, without asking the database.
   *
   * @param agent user agent, for the audit trail.
   * @throws ApplicationError `throttled`, with the seconds to wait.
   */
  rejectIfThrottled(address: string, name?: string, agent?: string): void {
    const counters = this.counters.of(address, name);
    const { network, account } = counters;
    // Whether the network is known for the account decides which counter limits the attempt.
    const isAccountCurrent = account !== undefined && this.counters.isCurrent(account.here);
    const limiting = isAccountCurrent ? this.counters.limiting(counters) : [network];
    limiting
      .filter((counter) => this.counters.isCurrent(counter))
      .forEach((counter) => this.rejectIfBlocked(counter, name, agent));
  }

  /**
   * Rejects a request from a throttled address before its body is read.
   *
   * @throws ApplicationError `throttled`, with the seconds to wait.
   */
  async checkAddress(address: string, agent?: string): Promise<void> {
    const counters = this.counters.of(address);
    await this.counters.refresh(counters);
    this.counters.limiting(counters).forEach((counter) => this.rejectIfBlocked(counter, undefined, agent));
  }

  private async admit(address: string, name?: string, agent?: string): Promise<Attempt> {
    const { repository, writes, clock } = this;
    const found = this.counters.of(address, name);
    await this.counters.refresh(found);
    this.counters.limiting(found).forEach((counter) => this.rejectIfBlocked(counter, name, agent));
    const counters = this.counters.cache(found);
    const limiting = this.counters.limiting(counters);
    const deadline = clock.now() + WAIT_MILLISECONDS;
    const entered: FailureCounter[] = [];
    try {
      for (const counter of limiting) {
        await counter.enter(deadline, clock, () => this.rejectIfBlocked(counter, name, agent));
        entered.push(counter);
      }
    } catch (error) {
      entered.forEach((counter) => counter.leave());
      throw error;
    }
    return new Attempt(counters, limiting, {
      cache: this.counters,
      repository,
      writes,
      clock,
      onThrottled: (counter) => this.record(counter, name, agent),
    });
  }

  /**
   * Removes the delay of consecutive failures for a name, whether or not a user has it, as a login does. The
   * hourly pace remains, so that administrators cannot guess without limit, and so do the counts of
   * addresses. Other replicas follow within a second.
   */
  async lift(name: string, tx: WriteTransaction): Promise<void> {
    const now = this.clock.now();
    for (const counted of countedAs(name)) {
      const account = this.counters.accountOf(counted);
      const limit = this.counters.limitOf(counted);
      for (const key of await this.repository.findKeysOf(account, tx)) {
        await this.repository.change(key, (count) => limit.addSuccess(count, now), tx);
      }
      this.counters.invalidateAfterCommit(account);
    }
  }

  /**
   * Removes the known networks of names. After a password change, an attacker who had learned the old
   * password would otherwise keep a counter apart from all others; so would the former owner of a name that
   * is given to another user.
   */
  async forgetNetworks(names: readonly string[], tx: WriteTransaction): Promise<void> {
    const accounts = names.flatMap(countedAs).map((name) => this.counters.accountOf(name));
    await this.repository.forgetKnown(accounts, tx);
    accounts.forEach((account) => this.counters.invalidateAfterCommit(account));
  }

  /** Returns the remaining limits for the response headers. */
  limits(address: string, name?: string): RateLimit[] {
    const now = this.clock.now();
    return this.counters.limiting(this.counters.of(address, name)).map((counter) => counter.rateLimit(now));
  }

  private rejectIfBlocked(
    counter: FailureCounter,
    name: string | undefined,
    agent: string | undefined,
  ): void {
    const now = this.clock.now();
    if (counter.isBlocked(now)) {
      this.record(counter, name, agent);
      counter.rejectIfBlocked(now);
    }
  }

  private record(counter: FailureCounter, name: string | undefined, agent: string | undefined): void {
    if (name === undefined || counter.key.account === '') {
      this.audit.recordNetwork(counter.key.network, agent);
    } else {
      this.audit.recordAccount(name.replace(CODES_PREFIX, '').slice(0, NAME_MAX_LENGTH), agent);
    }
  }
}

interface AttemptContext {
  readonly cache: FailureCounters;
  readonly repository: FailureCountsRepository;
  readonly writes: Writes;
  readonly clock: Clock;
  readonly onThrottled: (counter: FailureCounter) => void;
}

type Changes = Map<FailureCounter, (count: FailureCount) => void>;

/** An admitted attempt. It has at most one outcome: `succeed` or `fail`. */
export class Attempt {
  private isHashing = false;
  private hasEnded = false;

  /** @param limiting the counters that limit the attempt, that of the network first. */
  constructor(
    private readonly counters: Counters,
    private readonly limiting: readonly FailureCounter[],
    private readonly context: AttemptContext,
  ) {}

  /**
   * Checks the limits again right before the password is hashed. Other attempts, on other replicas too, may
   * have failed since this one was admitted.
   *
   * @throws ApplicationError `throttled`.
   */
  async confirm(): Promise<void> {
    await this.context.cache.refresh(this.counters, CONFIRM_MAX_AGE);
    const now = this.context.clock.now();
    for (const counter of this.limiting) {
      if (counter.isBlocked(now) || counter.hashing >= counter.allowance(now)) {
        this.context.onThrottled(counter);
        counter.rejectIfBlocked(now);
        throw throttled(RETRY_MILLISECONDS);
      }
    }
    this.isHashing = true;
    this.limiting.forEach((counter) => (counter.hashing += 1));
  }

  /** Records a correct password. The network is then known for the account. */
  async succeed(): Promise<void> {
    await this.leaveAfter(async () => {
      const changes = this.changesOnSuccess();
      const account = this.counters.account?.here.key.account;
      if (changes.size === 0 || account === undefined) {
        return;
      }
      await this.write(changes, async (tx) => {
        await this.context.repository.keepKnown(account, KNOWN_MAX, tx);
        this.context.cache.invalidateAfterCommit(account);
      });
    });
  }

  /** Records a wrong password, in one transaction with what `record` writes. */
  async fail(record?: (tx: WriteTransaction) => Promise<void>): Promise<void> {
    await this.leaveAfter(async () => {
      const now = this.context.clock.now();
      const changes: Changes = new Map(
        this.limiting.map((counter) => [counter, (count) => counter.limit.addFailure(count, now)]),
      );
      await this.write(changes, record).catch((error: unknown) => {
        // A full disk must not allow unlimited guesses: this process keeps counting in memory.
        changes.forEach((change, counter) => change(counter.count));
        throw error;
      });
    });
  }

  /**
   * Ends the attempt, unless an outcome has. Without an outcome, for example because the server is busy, it
   * is not counted.
   */
  end(): void {
    if (!this.hasEnded) {
      this.hasEnded = true;
      this.endHashing();
      this.limiting.forEach((counter) => counter.leave());
    }
  }

  private changesOnSuccess(): Changes {
    const now = this.context.clock.now();
    const changes: Changes = new Map();
    const here = this.counters.account?.here;
    const [, account] = this.limiting;
    if (!here || !account) {
      return changes;
    }
    if (account.count.failures > 0) {
      changes.set(account, (count) => account.limit.addSuccess(count, now));
    }
    // Once a day, so that most logins write nothing here.
    if (here.count.knownUntil < now + KNOWN - DAY_MILLISECONDS) {
      const addSuccess = changes.get(here);
      changes.set(here, (count) => {
        addSuccess?.(count);
        count.knownUntil = now + KNOWN;
      });
    }
    return changes;
  }

  private async write(changes: Changes, record?: (tx: WriteTransaction) => Promise<void>): Promise<void> {
    const changed = await this.context.writes.transaction(async (tx) => {
      const counts = new Map<FailureCounter, FailureCount>();
      for (const [counter, change] of changes) {
        counts.set(counter, await this.context.repository.change(counter.key, change, tx));
      }
      await record?.(tx);
      return counts;
    }, 'none');
    const now = this.context.clock.now();
    // Together, so that the attempt counts either as in flight or as a failure, never as both.
    this.endHashing();
    changed.forEach((count, counter) => counter.update(count, now));
  }

  private async leaveAfter(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } finally {
      this.end();
    }
  }

  private endHashing(): void {
    if (this.isHashing) {
      this.isHashing = false;
      this.limiting.forEach((counter) => (counter.hashing -= 1));
    }
  }
}
