import { LRUCache } from 'lru-cache';
import { type EpochMilliseconds } from '../common/clock.js';

/** Names or networks counted at once; beyond, the one seen longest ago is forgotten. */
const COUNTERS_MAX = 100_000;

/** What is known of one name or network. */
export interface FailureCounter {
  failures: number;
  /** Tries whose outcome is not known yet. */
  inFlight: number;
  /** No try before this. */
  blockedUntil: EpochMilliseconds;
  /** The failures are forgotten from here on. */
  resetTime: EpochMilliseconds;
  /** Tries that wait for the outcome of those in flight. */
  waiting: Set<() => void>;
}

/** What a failure does to a counter that already counts it. */
export type FailurePolicy = (counter: FailureCounter, now: EpochMilliseconds) => void;

/** A bounded set of counters with one limit and one policy. */
export class FailureCounters {
  private readonly counters = new LRUCache<string, FailureCounter>({ max: COUNTERS_MAX });

  constructor(
    readonly limit: number,
    private readonly policy: FailurePolicy,
  ) {}

  /** The counter of a key, with failures that are too old forgotten. */
  of(key: string, now: EpochMilliseconds): FailureCounter {
    let counter = this.counters.get(key);
    if (!counter) {
      counter = { failures: 0, inFlight: 0, blockedUntil: 0, resetTime: 0, waiting: new Set() };
      this.counters.set(key, counter);
    }
    if (now >= counter.resetTime) {
      counter.failures = 0;
    }
    return counter;
  }

  /** Forgets what a key has failed; tries in flight go on being counted. */
  lift(key: string): void {
    const counter = this.counters.get(key);
    if (counter) {
      counter.failures = 0;
      counter.blockedUntil = 0;
    }
  }

  fail(counter: FailureCounter, now: EpochMilliseconds): void {
    counter.failures += 1;
    this.policy(counter, now);
  }
}
