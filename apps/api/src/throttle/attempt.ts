import { type Clock, type EpochMilliseconds } from '../common/clock.js';
import { type WriteTransaction, type Writes } from '../platform/database/writes.js';
import { settle } from './admission.js';
import { type FailureCount } from './counts/failure-count.entity.js';
import { throttled, type FailureCounter } from './counts/failure-counter.js';
import { type Counters, type FailureCounters } from './counts/failure-counters.js';
import { type FailureCountsRepository } from './counts/failure-counts.repository.js';

/** How old what is known of others' failures may be when a password is hashed: shorter than that takes. */
const STALE_MILLISECONDS = 10;

/** When a try is to come back that others' tries on their way leave no room for. */
const RETRY_MILLISECONDS = 1_000;

const DAY = 86_400_000;
/** How long a network is known for an account after a success. */
const KNOWN = 30 * DAY;
/** Networks that are known for one account. */
const KNOWN_MOST = 100;

/** What attempts are made with. */
export interface AttemptTools {
  readonly counters: FailureCounters;
  readonly repository: FailureCountsRepository;
  readonly writes: Writes;
  readonly clock: Clock;
  /** Told of each try that is refused after it was let through. */
  readonly onThrottled: (counter: FailureCounter) => void;
}

/** A try that was let through. One of `succeed`, `fail` and `abandon` is called, once. */
export class Attempt {
  private isHashing = false;

  /** @param counted the counters that it counts for, that of the network first. */
  constructor(
    private readonly counters: Counters,
    private readonly counted: readonly FailureCounter[],
    private readonly tools: AttemptTools,
  ) {}

  /**
   * Asked when the password's turn to be hashed has come: by then others, on other replicas too, may have failed as often
   * as is allowed.
   *
   * @throws ApplicationError `throttled`; the try is then to be abandoned.
   */
  async confirm(): Promise<void> {
    await this.tools.counters.refresh(this.counters, STALE_MILLISECONDS);
    const now = this.tools.clock.now();
    for (const counter of this.counted) {
      if (counter.isBlocked(now) || counter.hashing >= counter.allowance(now)) {
        this.tools.onThrottled(counter);
        counter.refuseIfBlocked(now);
        throw throttled(RETRY_MILLISECONDS);
      }
    }
    this.isHashing = true;
    this.counted.forEach((counter) => (counter.hashing += 1));
  }

  /** The password was right. The network is known for the account from now on. */
  async succeed(): Promise<void> {
    await this.settleAfter(async () => {
      const now = this.tools.clock.now();
      const changes = this.changesOfSuccess(now);
      if (changes.size === 0) {
        return;
      }
      await this.write(async (tx) => {
        const changed = await this.apply(changes, tx);
        await this.keepNewest(tx);
        return changed;
      });
    });
  }

  /** The password was wrong, which is written down together with what `record` writes. */
  async fail(record?: (tx: WriteTransaction) => Promise<void>): Promise<void> {
    await this.settleAfter(async () => {
      const now = this.tools.clock.now();
      const changes: Changes = new Map(
        this.counted.map((counter) => [counter, (count) => counter.policy.fail(count, now)]),
      );
      const written = this.write(async (tx) => {
        const changed = await this.apply(changes, tx);
        await record?.(tx);
        return changed;
      });
      await written.catch((error: unknown) => {
        // A full disk is no licence to guess: as long as this process lives it counts by itself.
        changes.forEach((change, counter) => change(counter.count));
        throw error;
      });
    });
  }

  /** The try ended without an outcome, such as when the server was busy. */
  abandon(): void {
    this.settle();
  }

  private changesOfSuccess(now: EpochMilliseconds): Changes {
    const changes: Changes = new Map();
    const here = this.counters.account?.here;
    const [, account] = this.counted;
    if (!here || !account) {
      return changes;
    }
    if (account.count.failures > 0) {
      changes.set(account, (count) => account.policy.succeed(count, now));
    }
    // Written once a day, so that most log-ins write nothing here.
    if (here.count.knownUntil < now + KNOWN - DAY) {
      const before = changes.get(here);
      changes.set(here, (count) => {
        before?.(count);
        count.knownUntil = now + KNOWN;
      });
    }
    return changes;
  }

  private async keepNewest(tx: WriteTransaction): Promise<void> {
    const { account } = this.counters;
    if (account) {
      await this.tools.repository.keepKnown(account.here.key.account, KNOWN_MOST, tx);
      this.tools.counters.forgetAfterCommit(account.here.key.account);
    }
  }

  private async apply(changes: Changes, tx: WriteTransaction): Promise<Changed> {
    const changed: Changed = new Map();
    for (const [counter, change] of changes) {
      changed.set(counter, await this.tools.repository.change(counter.key, change, tx));
    }
    return changed;
  }

  private async write(work: (tx: WriteTransaction) => Promise<Changed>): Promise<void> {
    const changed = await this.tools.writes.transaction(work, 'none');
    const now = this.tools.clock.now();
    // In one go with what follows: it counts either as a try on its way or as a failure, and never as both.
    this.endHashing();
    changed.forEach((count, counter) => counter.learn(count, now));
  }

  private async settleAfter(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } finally {
      this.settle();
    }
  }

  private settle(): void {
    this.endHashing();
    this.counted.forEach(settle);
  }

  private endHashing(): void {
    if (this.isHashing) {
      this.isHashing = false;
      this.counted.forEach((counter) => (counter.hashing -= 1));
    }
  }
}

/** What is to be done to counts. */
type Changes = Map<FailureCounter, (count: FailureCount) => void>;

/** What became of them. */
type Changed = Map<FailureCounter, FailureCount>;
