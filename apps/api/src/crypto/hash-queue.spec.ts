import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ApplicationError } from '../common/application-error.js';
import { Metrics } from '../metrics/metrics.js';
import { hashesAtOnce, HashQueue } from './hash-queue.js';

/** Work that ends when it is told to. */
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

  /** Ends what runs, again and again, until nothing is left. */
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
  ])('on %i cores with UV_THREADPOOL_SIZE=%s is %i', (cores, threadPoolSize, slots) => {
    expect(hashesAtOnce(cores, threadPoolSize)).toBe(slots);
  });
});

describe('HashQueue', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('runs no more at once than the machine has cores, and leaves a thread of the pool free', async () => {
    const queue = new HashQueue(new Metrics());
    const work = new HeldWork();

    const all = Promise.all(Array.from({ length: 50 }, () => queue.run(work.run)));
    await settle();
    await work.drain(all);

    expect(work.most).toBeGreaterThan(0);
    expect(work.most).toBeLessThanOrEqual(Math.min(availableParallelism(), 3));
  });

  it('refuses what would wait too long, at once and with the time to wait', async () => {
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
    [
      'as many as are done in a second and a half',
      40,
      'hashes of 40 ms',
      (slots: number) => (1_500 / 40) * slots,
    ],
    ['a hundred for each in flight', 1, 'short ones', (slots: number) => 100 * slots],
    ['twenty', 1_500, 'long ones', () => 20],
  ])('lets wait %s', async (_, milliseconds, _of, most) => {
    const queue = new HashQueue(new Metrics());
    let time = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => time);
    const hash = () => Promise.resolve((time += milliseconds)).then(() => undefined);
    await queue.run(hash);
    const work = new HeldWork();
    const outcomes: Promise<unknown>[] = [];
    for (let count = 0; count < 1_000; count += 1) {
      outcomes.push(queue.run(work.run).catch(() => 'refused'));
    }
    await settle();
    const slots = work.running;

    const all = Promise.all(outcomes);
    await work.drain(all);

    const taken = (await all).filter((outcome) => outcome !== 'refused').length;
    expect(taken - slots).toBe(Math.ceil(most(slots)));
  });

  it('takes a slow moment for no more than one', async () => {
    const queue = new HashQueue(new Metrics());
    let time = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => time);
    const hash = (milliseconds: number) => queue.run(() => Promise.resolve((time += milliseconds)));
    await hash(1_000);
    for (let count = 0; count < 100; count += 1) {
      await hash(1);
    }
    const work = new HeldWork();

    const all = Promise.all(Array.from({ length: 60 }, () => queue.run(work.run)));
    await settle();

    await work.drain(all);
    await expect(all).resolves.toHaveLength(60);
  });

  it('goes on after work that failed', async () => {
    const queue = new HashQueue(new Metrics());

    await expect(queue.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');

    await expect(queue.run(() => Promise.resolve('whole'))).resolves.toBe('whole');
  });
});
