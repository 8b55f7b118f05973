import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { ApplicationError } from '../../common/application-error.js';
import { Metrics } from '../metrics/metrics.js';

/** Threads that libuv starts unless UV_THREADPOOL_SIZE says otherwise. */
const DEFAULT_THREADS = 4;

/** How long the last in the queue should wait: half of the three seconds in which whoever is let in at all should be. */
const WAIT_MILLISECONDS = 1_500;

/** Who has waited longer when their turn comes is refused after all: a database that hangs must not hold up the whole queue. */
const LATE_MILLISECONDS = 3_000;

/** Hashes that may wait for each one in flight however short they are: what waits takes memory. */
const WAITING_PER_SLOT = 100;

/** Hashes that may wait however long they are: so many who come at once are people and no flood. */
const WAITING_LEAST = 20;

/** How much the latest hash counts in how long one takes. */
const WEIGHT = 0.05;

/**
 * How many hashes run at once: one a core, while a thread of libuv's pool stays free for files and names.
 *
 * @param threadPoolSize UV_THREADPOOL_SIZE, which `npm start` sets by `prepare-process.cjs`; set later it has no effect, and
 * a server started in another way without it runs three hashes at most.
 */
export function hashesAtOnce(cores: number, threadPoolSize: string | undefined): number {
  // As libuv reads it: what is no number is 0, and 0 means 1.
  const threads = threadPoolSize === undefined ? DEFAULT_THREADS : Number.parseInt(threadPoolSize, 10) || 1;
  return Math.max(1, Math.min(cores, threads - 1));
}

/** Bounds the password hashes in flight and in wait, so that a flood of log-ins starves nothing else. */
@Injectable()
export class HashQueue {
  private readonly slots = hashesAtOnce(availableParallelism(), process.env.UV_THREADPOOL_SIZE);
  private readonly limit = pLimit(this.slots);
  private refused = 0;
  /** How long a hash takes, of late; none are slow until they were seen to be. */
  private hashMilliseconds = 0;

  constructor(metrics: Metrics) {
    metrics.gauge(
      'latchkey_hashes_in_flight',
      'Password hashes that are being made.',
      () => this.limit.activeCount,
    );
    metrics.gauge(
      'latchkey_hashes_waiting',
      'Password hashes that wait for their turn.',
      () => this.limit.pendingCount,
    );
    metrics.counts(
      'latchkey_hashes_refused_total',
      'Password hashes that were not made, as too many waited.',
      'reason',
      () => ({ queue_full: this.refused }),
    );
  }

  /** @throws ApplicationError `overloaded` when so many wait already that another would wait too long. */
  refuseIfFull(): void {
    if (this.limit.pendingCount >= this.waitingMost) {
      throw this.overloaded();
    }
  }

  /**
   * Does the work when its turn has come.
   *
   * @param before is waited for first, and counts in no time that work takes.
   * @throws ApplicationError `overloaded` as {@link refuseIfFull} does.
   */
  async run<T>(work: () => Promise<T>, before?: () => Promise<void>): Promise<T> {
    this.refuseIfFull();
    const queuedTime = performance.now();
    return this.limit(async () => {
      if (performance.now() - queuedTime > LATE_MILLISECONDS) {
        throw this.overloaded();
      }
      await before?.();
      const startTime = performance.now();
      try {
        return await work();
      } finally {
        this.learn(performance.now() - startTime);
      }
    });
  }

  /** As many as are done in time, going by how long those before took: on this machine, with what else it has to do. */
  private get waitingMost(): number {
    const inTime = (this.slots * WAIT_MILLISECONDS) / this.hashMilliseconds;
    return Math.max(WAITING_LEAST, Math.min(inTime, this.slots * WAITING_PER_SLOT));
  }

  private overloaded(): ApplicationError {
    this.refused += 1;
    return new ApplicationError('overloaded', {
      detail: 'Too many log-ins at once; try again in a moment.',
      retryAfterSeconds: 2,
    });
  }

  private learn(milliseconds: number): void {
    // One that a stopped process made last for ever is one that was too long.
    const counted = Math.min(milliseconds, WAIT_MILLISECONDS);
    this.hashMilliseconds += WEIGHT * (counted - this.hashMilliseconds);
  }
}
