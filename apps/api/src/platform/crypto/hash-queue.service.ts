import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { ApplicationError } from '../../common/application-error.js';
import { Metrics } from '../metrics/metrics.service.js';
import { traced } from '../telemetry/telemetry.js';

/** Threads of libuv without UV_THREADPOOL_SIZE. */
const DEFAULT_THREADS = 4;

/** Longest expected wait in the queue: half of the three seconds within which a login should succeed. */
const WAIT_MILLISECONDS = 1_500;

/**
 * Maximum wait in the queue. Later requests are rejected, so that a hanging database does not block the whole
 * queue.
 */
const LATE_MILLISECONDS = 3_000;

/** Maximum of waiting hashes per running one. Each takes memory, however short it is. */
const WAITING_PER_SLOT = 100;

/** Waiting hashes that are always accepted. So few at once are users, not a flood. */
const WAITING_LEAST = 20;

const HASH = { name: 'password hash', sum: 'hash' } as const;

/** Weight of the latest hash in the moving average of their duration. */
const WEIGHT = 0.05;

/**
 * Returns the number of hashes that run at once: one per core, but one thread of libuv stays free for syncs
 * of commits, files and DNS.
 *
 * @param threadPoolSize UV_THREADPOOL_SIZE. `npm start` sets it in `prepare-process.cjs`, because it has no
 *   effect later. Without it the server runs at most three hashes.
 */
export function hashesAtOnce(cores: number, threadPoolSize: string | undefined): number {
  // As in libuv: an invalid number is 0, and 0 means 1.
  const threads = threadPoolSize === undefined ? DEFAULT_THREADS : Number.parseInt(threadPoolSize, 10) || 1;
  return Math.max(1, Math.min(cores, threads - 1));
}

/** Limits running and waiting password hashes, so that a flood of logins does not starve other requests. */
@Injectable()
export class HashQueue {
  private readonly slots = hashesAtOnce(availableParallelism(), process.env.UV_THREADPOOL_SIZE);
  private readonly limit = pLimit(this.slots);
  private rejected = 0;
  /** Moving average of the duration of a hash; 0 until the first one. */
  private hashMilliseconds = 0;

  constructor(metrics: Metrics) {
    metrics.gauge(
      'latchkey_hashes_in_flight',
      'Password hashes that are running.',
      () => this.limit.activeCount,
    );
    metrics.gauge('latchkey_hashes_waiting', 'Password hashes in the queue.', () => this.limit.pendingCount);
    metrics.counts(
      'latchkey_hashes_rejected_total',
      'Password hashes rejected because the queue was full.',
      'reason',
      () => ({ queue_full: this.rejected }),
    );
  }

  /** Rejects work when a further hash would wait too long in the queue. */
  rejectIfFull(): void {
    if (this.limit.pendingCount >= this.waitingMost) {
      throw this.overloaded();
    }
  }

  /**
   * Runs the work when its turn comes.
   *
   * @param before awaited first; its time does not count as time of the work.
   */
  async run<T>(work: () => Promise<T>, before?: () => Promise<void>): Promise<T> {
    this.rejectIfFull();
    const queuedTime = performance.now();
    return this.limit(async () => {
      if (performance.now() - queuedTime > LATE_MILLISECONDS) {
        throw this.overloaded();
      }
      await before?.();
      const startTime = performance.now();
      try {
        return await traced(HASH, work);
      } finally {
        this.learn(performance.now() - startTime);
      }
    });
  }

  /** Number of hashes that finish in time, estimated from the duration of earlier ones. */
  private get waitingMost(): number {
    const inTime = (this.slots * WAIT_MILLISECONDS) / this.hashMilliseconds;
    return Math.max(WAITING_LEAST, Math.min(inTime, this.slots * WAITING_PER_SLOT));
  }

  private overloaded(): ApplicationError {
    this.rejected += 1;
    return new ApplicationError('overloaded', {
      detail: 'Too many logins at once. Try again in a moment.',
      retryAfterSeconds: 2,
    });
  }

  private learn(milliseconds: number): void {
    // A suspended process makes a hash seem to take forever.
    const counted = Math.min(milliseconds, WAIT_MILLISECONDS);
    this.hashMilliseconds += WEIGHT * (counted - this.hashMilliseconds);
  }
}
