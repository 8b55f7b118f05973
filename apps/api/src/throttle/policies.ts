import { type EpochMilliseconds } from '../common/clock.js';
import { type FailureCount } from './counts/failure-count.entity.js';

/** Seconds in which failures count together. */
export const WINDOW_SECONDS = 900;

const WINDOW = WINDOW_SECONDS * 1_000;
const HOUR = 3_600_000;
const FIRST_DELAY = 1_000;

/** Failures that an account can have in an hour for each one of its limit, whatever succeeds between them. */
const HOURLY = 10;

/** What failures and successes make of a count. */
export interface Policy {
  readonly name: 'account' | 'address';
  readonly limit: number;
  /** How many tries may be in flight, so that the limit is kept should all of them fail. */
  allowance(count: FailureCount, now: EpochMilliseconds): number;
  fail(count: FailureCount, now: EpochMilliseconds): void;
  succeed(count: FailureCount, now: EpochMilliseconds): void;
}

/** From the limit on, closed until the window that the first failure opened has passed. */
export class AddressPolicy implements Policy {
  readonly name = 'address';

  constructor(readonly limit: number) {}

  allowance({ failures }: FailureCount): number {
    return this.limit - failures;
  }

  fail(count: FailureCount, now: EpochMilliseconds): void {
    forgetOld(count, now);
    count.failures += 1;
    if (count.failures === 1) {
      count.resetTime = now + WINDOW;
    }
    if (count.failures >= this.limit) {
      count.blockedUntil = count.resetTime;
    }
  }

  /** Changes nothing: one account of an attacker's own would pay for attacks on all others. */
  succeed(): void {}
}

/**
 * From the limit on, delays that double from one second to the whole window; a success ends them. Beside that a pace which
 * no success changes, or whoever attacks an account would have as many tries as its owner has log-ins: half of an hour's
 * failures at once, and the other half evenly over the hour (a generic cell rate).
 */
export class AccountPolicy implements Policy {
  readonly name = 'account';
  private readonly burst: number;
  private readonly interval: number;

  constructor(readonly limit: number) {
    this.burst = (limit * HOURLY) / 2;
    this.interval = HOUR / this.burst;
  }

  allowance({ failures, pacedUntil }: FailureCount, now: EpochMilliseconds): number {
    const paced = Math.floor((HOUR - Math.max(pacedUntil - now, 0)) / this.interval);
    return Math.min(this.limit - failures, paced);
  }

  fail(count: FailureCount, now: EpochMilliseconds): void {
    forgetOld(count, now);
    count.failures += 1;
    count.pacedUntil = Math.ceil(Math.max(count.pacedUntil, now) + this.interval);
    const beyond = count.failures - this.limit;
    const delay = beyond < 0 ? 0 : Math.min(FIRST_DELAY * 2 ** beyond, WINDOW);
    count.blockedUntil = Math.max(delay && now + delay, this.pace(count, now));
    count.resetTime = Math.max(now, count.blockedUntil) + WINDOW;
  }

  succeed(count: FailureCount, now: EpochMilliseconds): void {
    count.failures = 0;
    count.blockedUntil = this.pace(count, now);
  }

  /** From when on there is a try within the pace; 0 = now. */
  private pace({ pacedUntil }: FailureCount, now: EpochMilliseconds): EpochMilliseconds {
    const time = Math.ceil(pacedUntil - HOUR + this.interval);
    return time > now ? time : 0;
  }
}

/**
 * Forgets what counts no longer, and sees to a clock that was set back: nothing is further ahead than it can be. What is
 * more than an hour further was written so long before that its lock would be over.
 */
export function forgetOld(count: FailureCount, now: EpochMilliseconds): void {
  count.blockedUntil = withinReach(count.blockedUntil, now, WINDOW);
  count.resetTime = withinReach(count.resetTime, now, 2 * WINDOW);
  count.pacedUntil = withinReach(count.pacedUntil, now, HOUR);
  if (now >= count.resetTime) {
    count.failures = 0;
  }
}

/** A time in the future that is no further ahead than `reach`; what lies an hour beyond was set before the clock was set back. */
export function withinReach(
  time: EpochMilliseconds,
  now: EpochMilliseconds,
  reach: number,
): EpochMilliseconds {
  return time > now + reach + HOUR ? 0 : Math.min(time, now + reach);
}
