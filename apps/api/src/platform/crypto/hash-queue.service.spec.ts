import { availableParallelism } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ApplicationError } from '../../common/application-error.js';
import { Metrics } from '../metrics/metrics.service.js';
import { hashesAtOnce, HashQueue } from './hash-queue.service.js';

/** Work that runs until the test finishes it. */
class HeldWork {
  running = 0;
  most = 0;
  private readonly ends: (() => void)[] = [];

  readonly run = async (): Promise<void> => {
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    await new Promise<void>((resolve) => this.ends.push(resolve));
    this.running -= 1;
  };

  /** Finishes running work repeatedly, until none is left. */
  async drain(all: Promise<unknown>): Promise<void> {
    let isDone = false;
    void all.then(() => (isDone = true));
    while (!isDone) {
      this.ends.splice(0).forEach((end) => end());
      await new Promise(setImmediate);
    }
  }
}

const settle = () => new Promise(setImmediate);

describe('hashesAtOnce', () => {
  it.each([
    [1, undefined, 1],
    [2, undefined, 2],
    [16, undefined, 3],
    [16, '17', 16],
    [16, '9', 8],
    [16, '1000000', 16],
    [16, '1', 1],
    [16, '0', 1],
    [16, '', 1],
    [16, 'abc', 1],
    [16, '8 threads', 7],
  ])('returns for %i cores with UV_THREADPOOL_SIZE=%s: %i', (cores, threadPoolSize, slots) => {
    expect(hashesAtOnce(cores, threadPoolSize)).toBe(slots);
  });
});

describe('HashQueue', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('runs at most one hash per core, and leaves a thread of the pool free', async () => {
    const queue = new HashQueue(new Metrics());
    const work = new HeldWork();

    const all = Promise.all(Array.from({ length: 50 }, () => queue.run(work.run)));
    await settle();
    await work.drain(all);

    expect(work.most).toBeGreaterThan(0);
    expect(work.most).toBeLessThanOrEqual(Math.min(availableParallelism(), 3));
  });

  it('immediately rejects a hash that would wait too long, with a retry delay', async () => {
    const queue = new HashQueue(new Metrics());
    const work = new HeldWork();
    const taken = Promise.all(Array.from({ length: 110 }, () => queue.run(work.run)));
    await settle();
    const slots = work.running;
    const rest = Promise.all(Array.from({ length: 101 * slots - 110 }, () => queue.run(work.run)));

    const error: unknown = await queue.run(work.run).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(ApplicationError);
    expect(error).toMatchObject({ code: 'overloaded', options: { retryAfterSeconds: 2 } });
    await work.drain(Promise.all([taken, rest]));
    await work.drain(queue.run(work.run));
  });

  it.each([
    ['runs hashes that waited for three seconds', 3_000, 10],
    ['rejects hashes that waited for longer, and does not run them', 3_001, 0],
  ])('%s', async (_, milliseconds, done) => {
    let time = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => time);
    const queue = new HashQueue(new Metrics());
    const [work, late] = [new HeldWork(), jest.fn(() => Promise.resolve())];
    const running = Promise.all(Array.from({ length: 3 }, () => queue.run(work.run)));
    const waiting = Promise.allSettled(Array.from({ length: 10 }, () => queue.run(late)));
    await settle();

    time = milliseconds;
    await work.drain(Promise.allSettled([running, waiting]));

    expect(late).toHaveBeenCalledTimes(done);
    const rejected = (await waiting).filter(({ status }) => status === 'rejected');
    expect(rejected).toEqual(
      Array(10 - done).fill({ status: 'rejected', reason: expect.objectContaining({ code: 'overloaded' }) }),
    );
  });

  it('reports running, waiting and rejected hashes', async () => {
    const metrics = new Metrics();
    const queue = new HashQueue(metrics);
    const work = new HeldWork();
    const all = Promise.allSettled(Array.from({ length: 310 }, () => queue.run(work.run)));
    await settle();
    const slots = work.running;

    const text = await metrics.text();

    expect(text).toContain(`latchkey_hashes_in_flight ${slots}`);
    expect(text).toContain(`latchkey_hashes_waiting ${100 * slots}`);
    expect(text).toContain(`latchkey_hashes_rejected_total{reason="queue_full"} ${310 - 101 * slots}`);
    await work.drain(all);
  });

  describe('maximum length', () => {
    let queue: HashQueue;
    let time: number;

    beforeEach(() => {
      queue = new HashQueue(new Metrics());
      time = 0;
      jest.spyOn(performance, 'now').mockImplementation(() => time);
    });

    const hashes = async (count: number, milliseconds: number) => {
      for (let done = 0; done < count; done += 1) {
        await queue.run(() => Promise.resolve((time += milliseconds)));
      }
    };

    /** Returns the numbers of running and waiting hashes when the queue is full. */
    const waiting = async () => {
      const work = new HeldWork();
      const all = Promise.allSettled(Array.from({ length: 1_000 }, () => queue.run(work.run)));
      await settle();
      const slots = work.running;
      await work.drain(all);
      const taken = (await all).filter(({ status }) => status === 'fulfilled').length;
      return { slots, waiting: taken - slots };
    };

    it('is the number of hashes that take 1.5 s by the average of earlier ones', async () => {
      await hashes(500, 70);

      const { slots, waiting: most } = await waiting();

      expect(most).toBe(Math.ceil((slots * 1_500) / 70));
    });

    it.each([
      ['hashes are short', 500, 1],
      ['only the first hashes were long', 1, 100],
      ['hashes are fast again', 100, 1],
    ])('is a hundred for each running hash while %s', async (_, count, milliseconds) => {
      await hashes(1, 100);
      await hashes(count, milliseconds);

      const { slots, waiting: most } = await waiting();

      expect(most).toBe(100 * slots);
    });

    it('is at least twenty when hashes are very slow', async () => {
      await hashes(500, 60_000);

      expect((await waiting()).waiting).toBe(20);
    });

    it('is the former one after the process was suspended during a hash', async () => {
      await hashes(1, 3_600_000);
      await hashes(100, 1);

      const { slots, waiting: most } = await waiting();

      expect(most).toBe(100 * slots);
    });
  });

  it('continues after work that failed', async () => {
    const queue = new HashQueue(new Metrics());

    await expect(queue.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');

    await expect(queue.run(() => Promise.resolve('whole'))).resolves.toBe('whole');
  });
});
