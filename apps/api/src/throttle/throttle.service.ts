import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../common/application-error.js';
import { Clock } from '../common/clock.js';
import { Writes, type WriteTransaction } from '../database/writes.js';
import { admit, settle } from './admission.js';
import { Attempt } from './attempt.js';
import { type FailureCounter } from './failure-counter.js';
import { FailureCounters, NAME_MAX_LENGTH } from './failure-counters.js';
import { FailureCountsRepository } from './failure-counts.repository.js';
import { type RateLimit } from './rate-limit-headers.js';
import { ThrottledTries } from './throttled-tries.js';

/**
 * Slows down guessing, per account and per client network; counted before anything is hashed. The counts are in the
 * database: they outlive restarts, and are one for all replicas.
 */
@Injectable()
export class ThrottleService {
  constructor(
    private readonly counters: FailureCounters,
    private readonly repository: FailureCountsRepository,
    private readonly writes: Writes,
    private readonly clock: Clock,
    private readonly tries: ThrottledTries,
  ) {}

  /**
   * Refuses a try that is known to be throttled, which costs no look-up.
   *
   * @throws ApplicationError `throttled`, with the seconds to wait.
   */
  refuseIfThrottled(address: string, name: string): void {
    const now = this.clock.now();
    for (const counter of this.counters.counted(this.counters.peek(address, name))) {
      if (this.counters.isCurrent(counter) && counter.isBlocked(now)) {
        this.note(counter, name);
        counter.refuseIfBlocked(now);
      }
    }
  }

  /**
   * Admits a try, for a name whether or not anybody has it. One that names nobody, such as a set-up secret, is counted by
   * address alone.
   *
   * @throws ApplicationError `throttled` or `overloaded`, with the seconds to wait.
   */
  async admit(address: string, name?: string): Promise<Attempt> {
    const counters = this.counters.of(address, name);
    await this.counters.refresh(counters);
    const counted = this.counters.counted(counters);
    const admitted: FailureCounter[] = [];
    for (const counter of counted) {
      try {
        await admit(counter, this.clock);
        admitted.push(counter);
      } catch (error) {
        admitted.forEach(settle);
        if (error instanceof ApplicationError && error.code === 'throttled') {
          this.note(counter, name);
        }
        throw error;
      }
    }
    const { repository, writes, clock } = this;
    return new Attempt(counters, counted, {
      counters: this.counters,
      repository,
      writes,
      clock,
      onThrottled: (counter) => this.note(counter, name),
    });
  }

  /**
   * Forgets the failed tries for a name, whether or not anybody has it; those of addresses stay. Other replicas go by it
   * within a second.
   *
   * @param record writes what else belongs to it.
   */
  async lift(name: string, record: (tx: WriteTransaction) => Promise<void>): Promise<void> {
    await this.writes.transaction(async (tx) => {
      await this.repository.lift(this.counters.accountOf(name), tx);
      await record(tx);
    }, 'nobody');
    this.counters.forget(name);
  }

  /** What is left of the limits, for the caller to see. */
  limits(address: string, name?: string): RateLimit[] {
    const now = this.clock.now();
    return this.counters.counted(this.counters.peek(address, name)).map((counter) => counter.limit(now));
  }

  private note(counter: FailureCounter, name: string | undefined): void {
    if (name === undefined || counter.key.account === '') {
      this.tries.ofNetwork(counter.key.network);
    } else {
      this.tries.ofAccount(name.slice(0, NAME_MAX_LENGTH));
    }
  }
}
