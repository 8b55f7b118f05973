import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ClockCheck } from '../../audit/trail/clock-check.service.js';
import { type WriteTransaction, type Writes } from '../../platform/database/writes.service.js';
import { createLogger } from '../../platform/logging/logger.js';
import { type FailureCountsRepository } from './failure-counts.repository.js';
import { FailureCountPurge } from './failure-count-purge.service.js';

const NOW = Date.UTC(2030, 0, 1);
const INTERVAL = 60_000;
const BATCH = 500;
const UNTRUSTED_MAX = 100_000;
const TX = {} as WriteTransaction;

const deleteExpired = jest.fn<FailureCountsRepository['deleteExpired']>();
const deleteUntrusted = jest.fn<FailureCountsRepository['deleteUntrusted']>();
const countUntrusted = jest.fn<FailureCountsRepository['countUntrusted']>();
let purge: FailureCountPurge;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  deleteExpired.mockReset().mockResolvedValue(0);
  deleteUntrusted.mockReset().mockResolvedValue();
  countUntrusted.mockReset().mockResolvedValue(0);
  purge = new FailureCountPurge(
    { deleteExpired, deleteUntrusted, countUntrusted } as unknown as FailureCountsRepository,
    {
      transaction: (work: (tx: WriteTransaction) => unknown) => work(TX),
      withAdvisoryLock: (_job: string, work: () => unknown) => work(),
    } as Writes,
    { now: () => NOW },
    { isPlausible: () => Promise.resolve(true) } as ClockCheck,
    createLogger('info', { write: () => undefined }),
  );
});

afterEach(async () => {
  await purge.beforeApplicationShutdown();
  jest.useRealTimers();
});

/** Waits long enough for a few batches. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) {
    await new Promise(setImmediate);
  }
}

describe('FailureCountPurge of expired counts', () => {
  it('deletes batches until one is not full', async () => {
    deleteExpired
      .mockResolvedValueOnce(BATCH)
      .mockResolvedValueOnce(BATCH)
      .mockResolvedValueOnce(BATCH - 1);

    await purge.purge();

    expect(deleteExpired.mock.calls).toEqual(Array.from({ length: 3 }, () => [NOW, BATCH, TX]));
  });
});

describe('FailureCountPurge of counts without a successful login', () => {
  it.each([
    ['as many as the maximum', UNTRUSTED_MAX, []],
    ['one more', UNTRUSTED_MAX + 1, [1]],
    ['a batch more', UNTRUSTED_MAX + BATCH, [BATCH]],
    ['two batches and three more', UNTRUSTED_MAX + 2 * BATCH + 3, [BATCH, BATCH, 3]],
  ])('deletes down to the maximum when there are %s', async (_, count, slices) => {
    countUntrusted.mockResolvedValue(count);

    await purge.purge();

    expect(deleteUntrusted.mock.calls).toEqual(slices.map((batch) => [batch, TX]));
  });
});

describe('FailureCountPurge', () => {
  it('runs once a minute', async () => {
    purge.onApplicationBootstrap();

    jest.advanceTimersByTime(INTERVAL - 1);
    await settle();
    expect(deleteExpired).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    await settle();
    jest.advanceTimersByTime(INTERVAL);
    await settle();

    expect(deleteExpired).toHaveBeenCalledTimes(2);
  });

  it('finishes the current batch when the server stops, and is not scheduled again', async () => {
    let endBatch: (deleted: number) => void = () => undefined;
    deleteExpired.mockReturnValueOnce(new Promise((resolve) => (endBatch = resolve)));
    countUntrusted.mockResolvedValue(UNTRUSTED_MAX + BATCH);
    purge.onApplicationBootstrap();
    jest.advanceTimersByTime(INTERVAL);
    await settle();

    let hasStopped = false;
    const stopping = purge.beforeApplicationShutdown().then(() => (hasStopped = true));
    await settle();
    expect(hasStopped).toBe(false);
    endBatch(BATCH);
    await stopping;

    expect(deleteExpired).toHaveBeenCalledTimes(1);
    expect(deleteUntrusted).not.toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  });
});
