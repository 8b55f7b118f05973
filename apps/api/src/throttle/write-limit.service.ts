import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../common/application-error.js';
import { Clock } from '../common/clock.service.js';
import { isLimited, type Principal } from '../common/request/principal.js';
import { Config } from '../platform/config/config.js';
import { CellRate, type Expense } from './cell-rate.js';
import { type RateLimit } from './rate-limit-headers.js';

const DAY_SECONDS = 86_400;
const DAY = DAY_SECONDS * 1_000;

/** Items of a bulk request that count as one additional write. */
const ITEMS_PER_WRITE = 20;

/** Budget of a request, and its size as a multiple of the limit. */
interface Budget {
  readonly key: string;
  readonly size: number;
}

/**
 * All limited tokens of a user together. Twice the limit, so that one family of tokens leaves at least half
 * of it to the others.
 */
const LIMITED_TOKENS_SIZE = 2;

/**
 * Limits the writes of each user in 24 hours, so that no account can fill the disk. Half of them may happen
 * at once, the other half evenly over the day (a generic cell rate). Logins, deletions and the writes of
 * limited tokens have separate budgets. Otherwise a stolen token could keep its owner from logging in and
 * revoking it. A write of a limited token counts towards the budget of its family, and towards that of all
 * limited tokens of the user, because users can create many families. The counts are in memory: each replica
 * has its own, and a restart resets them.
 */
@Injectable()
export class WriteLimit {
  private readonly rate: CellRate;
  private readonly interval: number;

  constructor(
    private readonly config: Config,
    clock: Clock,
  ) {
    this.rate = new CellRate(DAY, clock);
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
    const wait = this.rate.spend(budgetsOf(user, method).map((budget) => this.expenseOf(budget, 1)));
    if (wait > 0) {
      const retryAfterSeconds = Math.ceil(wait / 1_000);
      throw new ApplicationError('throttled', {
        retryAfterSeconds,
        detail: `You have reached the limit on changes or logins in 24 hours. Try again in ${retryAfterSeconds} s.`,
      });
    }
  }

  /** Counts the items of a bulk request. It always completes; only the next request may be rejected. */
  countItems(user: Principal, items: number): void {
    for (const budget of budgetsOf(user, 'POST')) {
      this.rate.spendUpTo(this.expenseOf(budget, Math.floor(items / ITEMS_PER_WRITE)));
    }
  }

  /** Returns the user's remaining budget for such requests, for the response headers. */
  limit(user: Principal, method: string): RateLimit {
    const states = budgetsOf(user, method).map((budget) => {
      const left = this.rate.left(budget.key);
      const interval = this.expenseOf(budget, 1).milliseconds;
      const remaining = Math.floor(left / interval);
      return { remaining, wait: remaining > 0 ? 0 : interval - left };
    });
    const remaining = Math.min(...states.map((state) => state.remaining));
    const wait = Math.max(...states.map((state) => state.wait));
    return {
      policy: 'writes',
      limit: this.config.writeLimitPerUser,
      windowSeconds: DAY_SECONDS,
      remaining,
      resetSeconds: Math.ceil(wait / 1_000),
    };
  }

  private expenseOf({ key, size }: Budget, writes: number): Expense {
    return { key, milliseconds: (writes * this.interval) / size };
  }
}

/** Returns the budgets that a request counts towards. */
function budgetsOf(user: Principal, method: string): Budget[] {
  const { id, scheme } = user;
  if (scheme === 'basic' || scheme === 'passkey') {
    return [{ key: `login ${id}`, size: 1 }];
  }
  if (isLimited(user)) {
    return [
      { key: `family ${user.token.familyId ?? user.token.id}`, size: 1 },
      { key: `limited ${id}`, size: LIMITED_TOKENS_SIZE },
    ];
  }
  return [{ key: `${method === 'DELETE' ? 'deletion' : 'change'} ${id}`, size: 1 }];
}
