import { ApplicationError } from '../../common/application-error.js';
import { type EpochMilliseconds } from '../../common/clock.js';
import { nothingOf, type FailureCount, type FailureKey } from './failure-count.entity.js';
import { forgetOld, type Policy } from '../policies.js';
import { type RateLimit } from '../rate-limit-headers.js';

/** One count as this process knows it, and its tries that are on their way. */
export class FailureCounter {
  /** As it was last read or written. */
  count: FailureCount;
  /** When that was; `undefined` = never. */
  readTime: EpochMilliseconds | undefined;
  /** How often it was read or written. */
  learned = 0;
  /** Tries whose outcome is not known yet. */
  inFlight = 0;
  /** Those of them whose password is being hashed. */
  hashing = 0;
  /** Tries that wait for the outcome of those in flight. */
  readonly waiting = new Set<() => void>();

  constructor(
    readonly key: FailureKey,
    readonly policy: Policy,
  ) {
    this.count = nothingOf(key);
  }

  /** Takes over what the database has. */
  learn(count: FailureCount, now: EpochMilliseconds): void {
    this.count = count;
    this.readTime = now;
    this.learned += 1;
  }

  /** Whether what is known is younger than that; of a clock that was set back nobody can say. */
  isYoungerThan(milliseconds: number, now: EpochMilliseconds): boolean {
    const age = now - (this.readTime ?? -Infinity);
    return age >= 0 && age < milliseconds;
  }

  /** Whether no try is let through. */
  isBlocked(now: EpochMilliseconds): boolean {
    forgetOld(this.count, now);
    return now < this.count.blockedUntil;
  }

  /** @throws ApplicationError `throttled` while no try is let through. */
  refuseIfBlocked(now: EpochMilliseconds): void {
    if (this.isBlocked(now)) {
      throw throttled(this.count.blockedUntil - now);
    }
  }

  /** How many tries may be on their way. Past the limit, and the delay waited out: one at a time. */
  allowance(now: EpochMilliseconds): number {
    forgetOld(this.count, now);
    return Math.max(this.policy.allowance(this.count, now), 1);
  }

  /** Whether the network is known for the account. */
  isKnown(now: EpochMilliseconds): boolean {
    return now < this.count.knownUntil;
  }

  /** What is left of the limit, for the caller to see. */
  limit(now: EpochMilliseconds): RateLimit {
    const isBlocked = this.isBlocked(now);
    const { failures, blockedUntil, resetTime } = this.count;
    const { name, limit } = this.policy;
    return {
      policy: name,
      limit,
      remaining: isBlocked ? 0 : Math.max(limit - failures, 0),
      resetSeconds: Math.max(Math.ceil(((isBlocked ? blockedUntil : resetTime) - now) / 1_000), 0),
    };
  }
}

/** How a try is refused that may come back after so long. */
export function throttled(milliseconds: number): ApplicationError {
  const retryAfterSeconds = Math.ceil(milliseconds / 1_000);
  return new ApplicationError('throttled', {
    retryAfterSeconds,
    detail: `Too many failed tries; try again in ${retryAfterSeconds} s.`,
  });
}
