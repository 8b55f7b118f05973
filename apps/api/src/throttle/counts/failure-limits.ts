import { type EpochMilliseconds } from '../../common/clock.service.js';
import { type FailureCount } from './failure-count.entity.js';

/** Seconds in a counting window for failures. */
export const WINDOW_SECONDS = 900;

const WINDOW = WINDOW_SECONDS * 1_000;
const HOUR = 3_600_000;
const FIRST_DELAY = 1_000;

/** Hourly failures of an account per unit of its limit, regardless of successes in between. */
const HOURLY_FACTOR = 10;

/** Limit on failed attempts, as arithmetic on a count. */
export interface FailureLimit {
  readonly name: 'account' | 'address';
  readonly max: number;
  /** Returns how many attempts may be in flight without exceeding the limit if all of them fail. */
  allowance(count: FailureCount, now: EpochMilliseconds): number;
  addFailure(count: FailureCount, now: EpochMilliseconds): void;
  addSuccess(count: FailureCount, now: EpochMilliseconds): void;
}

/**
 * Limit per client network. At the limit, the network is blocked until the window of the first failure has
 * passed.
 */
export class AddressLimit implements FailureLimit {
  readonly name = 'address';

  constructor(readonly max: number) {}

  allowance({ failures }: FailureCount): number {
    return this.max - failures;
  }

  addFailure(count: FailureCount, now: EpochMilliseconds): void {
    resetExpired(count, now);
    count.failures += 1;
    if (count.failures === 1) {
      count.resetTime = now + WINDOW;
    }
    if (count.failures >= this.max) {
      count.blockedUntil = count.resetTime;
    }
  }

  /** Changes nothing. Otherwise attackers could reset the count by logging in to an account of their own. */
  addSuccess(): void {}
}

/**
 * Limit per account. At the limit, delays start at one second and double up to the whole window. A success
 * resets them.
 *
 * An hourly pace applies as well, and successes do not reset it. Otherwise an attacker would get a new set of
 * attempts with each login of the owner. Half of the hourly failures may happen at once, the other half
 * evenly over the hour (a generic cell rate).
 */
export class AccountLimit implements FailureLimit {
  readonly name = 'account';
  private readonly burst: number;
  private readonly interval: number;

  constructor(readonly max: number) {
    this.burst = (max * HOURLY_FACTOR) / 2;
    this.interval = HOUR / this.burst;
  }

  allowance({ failures, pacedUntil }: FailureCount, now: EpochMilliseconds): number {
    const paced = Math.floor((HOUR - Math.max(pacedUntil - now, 0)) / this.interval);
    return Math.min(this.max - failures, paced);
  }

  addFailure(count: FailureCount, now: EpochMilliseconds): void {
    resetExpired(count, now);
    count.failures += 1;
    count.pacedUntil = Math.ceil(Math.max(count.pacedUntil, now) + this.interval);
    const excess = count.failures - this.max;
    const delay = excess < 0 ? 0 : Math.min(FIRST_DELAY * 2 ** excess, WINDOW);
    count.blockedUntil = Math.max(delay && now + delay, this.nextPacedTime(count, now));
    count.resetTime = Math.max(now, count.blockedUntil) + WINDOW;
  }

  addSuccess(count: FailureCount, now: EpochMilliseconds): void {
    count.failures = 0;
    count.blockedUntil = this.nextPacedTime(count, now);
  }

  /** Returns when the pace allows the next attempt; 0 = now. */
  private nextPacedTime({ pacedUntil }: FailureCount, now: EpochMilliseconds): EpochMilliseconds {
    const time = Math.ceil(pacedUntil - HOUR + this.interval);
    return time > now ? time : 0;
  }
}

/**
 * Resets failures whose window has passed, and times that only a clock set back can have left so far in the
 * future.
 */
export function resetExpired(count: FailureCount, now: EpochMilliseconds): void {
  count.blockedUntil = withinReach(count.blockedUntil, now, WINDOW);
  count.resetTime = withinReach(count.resetTime, now, 2 * WINDOW);
  count.pacedUntil = withinReach(count.pacedUntil, now, HOUR);
  if (now >= count.resetTime) {
    count.failures = 0;
  }
}

/**
 * Limits a time to at most `reach` after now. A time more than an hour beyond that was written before the
 * clock was set back. Its lock has passed by then, so it becomes 0.
 */
export function withinReach(
  time: EpochMilliseconds,
  now: EpochMilliseconds,
  reach: number,
): EpochMilliseconds {
  return time > now + reach + HOUR ? 0 : Math.min(time, now + reach);
}
