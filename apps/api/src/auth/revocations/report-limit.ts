import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../../common/clock.js';
import { lruCache } from '../../common/lru-cache.js';

/** Reports of a user per second: 1,000 verifiers report every ten seconds, and the parts of rejected reports are extra. */
const PER_SECOND = 200;

/** Reports that may arrive at once, for example after an interruption. */
export const REPORTS_AT_ONCE = 2_000;

/** Cached users. A user that was evicted has the whole limit again. */
const USERS_MAX = 20_000;

const INTERVAL = 1_000 / PER_SECOND;

/** Limits the reports of each user (a generic cell rate). The counts are in memory: each replica has its own. */
@Injectable()
export class ReportLimit {
  private readonly pacedUntil = lruCache<string, EpochMilliseconds>(USERS_MAX);

  constructor(private readonly clock: Clock) {}

  /** Counts a report. @throws ApplicationError `throttled` if the user has sent too many. */
  count(userId: string): void {
    const now = this.clock.now();
    const burst = REPORTS_AT_ONCE * INTERVAL;
    // A clock that was set back delays reports for no longer than the burst.
    const paced = Math.min(Math.max(this.pacedUntil.get(userId) ?? 0, now), now + burst);
    const wait = paced + INTERVAL - burst - now;
    this.pacedUntil.set(userId, wait > 0 ? paced : paced + INTERVAL);
    if (wait > 0) {
      const retryAfterSeconds = Math.ceil(wait / 1_000);
      throw new ApplicationError('throttled', {
        retryAfterSeconds,
        detail: `The verifiers of this user report more than ${PER_SECOND} times per second. Try again in ${retryAfterSeconds} s.`,
      });
    }
  }
}
