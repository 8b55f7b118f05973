import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { ApplicationError } from '../common/application-error.js';

/** Threads that libuv starts unless UV_THREADPOOL_SIZE says otherwise. */
const DEFAULT_THREADS = 4;

/** Hashes that may wait for each one in flight: about three seconds of work. */
const WAITING_PER_SLOT = 100;

/** Bounds the password hashes in flight and in wait, so that a flood of log-ins starves nothing else. */
@Injectable()
export class HashQueue {
  private readonly slots = Math.max(
    1,
    // One thread stays free for files and names.
    Math.min(availableParallelism(), Number(process.env.UV_THREADPOOL_SIZE ?? DEFAULT_THREADS) - 1),
  );
  private readonly limit = pLimit(this.slots);

  /** @throws ApplicationError `overloaded` when too many wait already. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.limit.pendingCount >= this.slots * WAITING_PER_SLOT) {
      throw new ApplicationError('overloaded', {
        detail: 'Too many log-ins at once; try again in a moment.',
        retryAfterSeconds: 2,
      });
    }
    return this.limit(work);
  }
}
