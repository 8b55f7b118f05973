import { Clock, type EpochMilliseconds } from '../common/clock.service.js';
import { lruCache } from '../common/lru-cache.js';
import { withinReach } from './counts/failure-limits.js';

/** Cached budgets. One that was evicted is whole again. */
const BUDGETS_MAX = 20_000;

/** Part of a budget that a request uses, in milliseconds of its recovery. */
export interface Expense {
  readonly key: string;
  readonly milliseconds: number;
}

/**
 * Budgets that recover evenly within a window (a generic cell rate). They are in memory: each replica has its
 * own, and a restart resets them.
 */
export class CellRate {
  private readonly pacedUntil = lruCache<string, EpochMilliseconds>(BUDGETS_MAX);

  /** @param window milliseconds in which an empty budget becomes whole. */
  constructor(
    private readonly window: number,
    private readonly clock: Clock,
  ) {}

  /**
   * Uses several budgets, or none of them if one has too little left. Returns the milliseconds to wait; 0 if
   * they were used.
   */
  spend(expenses: readonly Expense[]): number {
    const now = this.clock.now();
    const paces = expenses.map(({ key }) => this.paceOf(key, now));
    const times = expenses.map(({ milliseconds }, index) => (paces[index] ?? 0) + milliseconds);
    const wait = Math.max(...times) - this.window - now;
    // Also after a rejection: if the clock was set back, the budget recovers from now on.
    expenses.forEach(({ key }, index) => this.pacedUntil.set(key, (wait > 0 ? paces : times)[index] ?? 0));
    return Math.max(0, wait);
  }

  /** Uses a budget, or what is left of it. */
  spendUpTo({ key, milliseconds }: Expense): void {
    const now = this.clock.now();
    this.pacedUntil.set(key, Math.min(this.paceOf(key, now) + milliseconds, now + this.window));
  }

  /** Returns what is left of a budget, in milliseconds of its recovery. */
  left(key: string): number {
    const now = this.clock.now();
    return this.window - (this.paceOf(key, now) - now);
  }

  private paceOf(key: string, now: EpochMilliseconds): EpochMilliseconds {
    return Math.max(withinReach(this.pacedUntil.get(key) ?? 0, now, this.window), now);
  }
}
