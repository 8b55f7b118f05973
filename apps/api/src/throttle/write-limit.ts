import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../common/clock.js';
import { lruCache } from '../common/lru-cache.js';
import { type Principal } from '../common/request/principal.js';
import { Config } from '../platform/config/config.js';
import { withinReach } from './counts/failure-limits.js';
import { type RateLimit } from './rate-limit-headers.js';

const DAY_SECONDS = 86_400;
const DAY = DAY_SECONDS * 1_000;

/** Cached users. A user that was evicted has the whole limit again. */
const USERS_MAX = 20_000;

/** Items of a bulk request that count as one additional write. */
const ITEMS_PER_WRITE = 20;

/**
 * Limits the writes of each user in 24 hours, so that no account can fill the disk. Half of them may happen at once, the
 * other half evenly over the day (a generic cell rate). Logins, deletions and the writes of limited tokens have separate
 * budgets. Otherwise a stolen token could keep its owner from logging in and revoking it. The counts are in memory: each
 * replica has its own, and a restart resets them.
 */
@Injectable()
export class WriteLimit {
  private readonly pacedUntil = lruCache<string, EpochMilliseconds>(USERS_MAX);
  private readonly interval: number;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
  ) {
    this.interval = DAY / Math.ceil(config.writeLimitPerUser / 2);
  }

  /**
   * Counts a request, unless it comes from the command line, whose account can fill the disk anyway.
   *
   * @throws ApplicationError `throttled` if the user's budget for such requests is used up.
   */
  count(user: Principal, method: string): void {
    if (user.scheme === 'command-line') {
      return;
    }
    const key = keyOf(user, method);
    const time = this.paceOf(key) + this.interval;
    const wait = time - DAY - this.clock.now();
    if (wait > 0) {
      const retryAfterSeconds = Math.ceil(wait / 1_000);
      throw new ApplicationError('throttled', {
        retryAfterSeconds,
        detail: `You have reached the limit on changes or logins in 24 hours. Try again in ${retryAfterSeconds} s.`,
      });
    }
    this.pacedUntil.set(key, time);
  }

  /** Counts the items of a bulk request. It always completes; only the next request may be rejected. */
  countItems(user: Principal, items: number): void {
    const key = keyOf(user, 'POST');
    const time = this.paceOf(key) + Math.floor(items / ITEMS_PER_WRITE) * this.interval;
    this.pacedUntil.set(key, Math.min(time, this.clock.now() + DAY));
  }

  /** Returns the user's remaining budget for such requests, for the response headers. */
  limit(user: Principal, method: string): RateLimit {
    const left = DAY - (this.paceOf(keyOf(user, method)) - this.clock.now());
    const remaining = Math.floor(left / this.interval);
    const wait = remaining > 0 ? 0 : this.interval - left;
    return {
      policy: 'writes',
      limit: this.config.writeLimitPerUser,
      windowSeconds: DAY_SECONDS,
      remaining,
      resetSeconds: Math.ceil(wait / 1_000),
    };
  }

  private paceOf(key: string): EpochMilliseconds {
    const now = this.clock.now();
    return Math.max(withinReach(this.pacedUntil.get(key) ?? 0, now, DAY), now);
  }
}

/** Returns the key of the budget that a request counts towards. */
function keyOf({ id, scheme, token }: Principal, method: string): string {
  if (scheme === 'basic') {
    return `login ${id}`;
  }
  if (token && token.limit !== null) {
    return `limited ${id}`;
  }
  return `${method === 'DELETE' ? 'deletion' : 'change'} ${id}`;
}
