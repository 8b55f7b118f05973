import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Writes, type WriteTransaction } from '../platform/database/writes.js';
import { admit, settle, WAIT_MILLISECONDS } from './admission.js';
import { Attempt } from './attempt.js';
import { type FailureCounter } from './counts/failure-counter.js';
import { FailureCounters, NAME_MAX_LENGTH } from './counts/failure-counters.js';
import { FailureCountsRepository } from './counts/failure-counts.repository.js';
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
    const counters = this.counters.of(address, name);
    const { network, account } = counters;
    // Whether the network is known for the account decides by what it is judged.
    const isAccountCurrent = account !== undefined && this.counters.isCurrent(account.here);
    const certain = isAccountCurrent ? this.counters.counted(counters) : [network];
    certain
      .filter((counter) => this.counters.isCurrent(counter))
      .forEach((counter) => this.refuseIfBlocked(counter, name));
  }

  /**
   * Rejects a try from an address that is throttled, before anything else of its request is read.
   *
   * @throws ApplicationError `throttled`, with the seconds to wait.
   */
  async checkAddress(address: string): Promise<void> {
    const found = this.counters.of(address);
    await this.counters.refresh(found);
    this.counters.counted(found).forEach((counter) => this.refuseIfBlocked(counter, undefined));
  }

  /**
   * Admits a try, for a name whether or not anybody has it. One that names nobody, such as a set-up secret, is counted by
   * address alone.
   *
   * @throws ApplicationError `throttled` or `overloaded`, with the seconds to wait.
   */
  async admit(address: string, name?: string): Promise<Attempt> {
    const found = this.counters.of(address, name);
    await this.counters.refresh(found);
    this.counters.counted(found).forEach((counter) => this.refuseIfBlocked(counter, name));
    const counters = this.counters.keep(found);
    const counted = this.counters.counted(counters);
    await this.admitTo(counted, name);
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
   * Lifts the delay of consecutive failures for a name, whether or not anybody has it, as a successful log-in does. The
   * hourly pace stays, or whoever may lift could guess without end, and so do the counts of addresses. Other replicas go by
   * it within a second.
   */
  async lift(name: string, tx: WriteTransaction): Promise<void> {
    const account = this.counters.accountOf(name);
    const now = this.clock.now();
    for (const key of await this.repository.findKeysOf(account, tx)) {
      await this.repository.change(key, (count) => this.counters.accountPolicy.succeed(count, now), tx);
    }
    this.counters.forgetAfterCommit(account);
  }

  /**
   * Forgets which networks are known for names: one who learned a password must not go on guessing apart from all others
   * once it is another, nor whoever had the name before.
   */
  async forgetNetworks(names: readonly string[], tx: WriteTransaction): Promise<void> {
    const accounts = names.map((name) => this.counters.accountOf(name));
    await this.repository.forgetKnown(accounts, tx);
    accounts.forEach((account) => this.counters.forgetAfterCommit(account));
  }

  /** What is left of the limits, for the caller to see. */
  limits(address: string, name?: string): RateLimit[] {
    const now = this.clock.now();
    return this.counters.counted(this.counters.of(address, name)).map((counter) => counter.limit(now));
  }

  private async admitTo(counted: readonly FailureCounter[], name: string | undefined): Promise<void> {
    const deadline = this.clock.now() + WAIT_MILLISECONDS;
    const admitted: FailureCounter[] = [];
    try {
      for (const counter of counted) {
        await admit(counter, deadline, this.clock, () => this.refuseIfBlocked(counter, name));
        admitted.push(counter);
      }
    } catch (error) {
      admitted.forEach(settle);
      throw error;
    }
  }

  private refuseIfBlocked(counter: FailureCounter, name: string | undefined): void {
    const now = this.clock.now();
    if (counter.isBlocked(now)) {
      this.note(counter, name);
      counter.refuseIfBlocked(now);
    }
  }

  private note(counter: FailureCounter, name: string | undefined): void {
    if (name === undefined || counter.key.account === '') {
      this.tries.ofNetwork(counter.key.network);
    } else {
      this.tries.ofAccount(name.slice(0, NAME_MAX_LENGTH));
    }
  }
}
