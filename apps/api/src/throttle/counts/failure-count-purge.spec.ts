import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ClockCheck } from '../../audit/trail/clock-check.js';
import { type WriteTransaction, type Writes } from '../../platform/database/writes.js';
import { createLogger } from '../../platform/logging/logger.js';
import { type FailureCountsRepository } from './failure-counts.repository.js';
import { FailureCountPurge } from './failure-count-purge.js';

const NOW = Date.UTC(2030, 0, 1);
const INTERVAL = 60_000;
const SLICE = 500;
const STRANGERS_MOST = 100_000;
const TX = {} as WriteTransaction;

const deleteForgotten = jest.fn<FailureCountsRepository['deleteForgotten']>();
const deleteStrangers = jest.fn<FailureCountsRepository['deleteStrangers']>();
const countStrangers = jest.fn<FailureCountsRepository['countStrangers']>();
let purge: FailureCountPurge;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  deleteForgotten.mockReset().mockResolvedValue(0);
  deleteStrangers.mockReset().mockResolvedValue();
  countStrangers.mockReset().mockResolvedValue(0);
  purge = new FailureCountPurge(
    { deleteForgotten, deleteStrangers, countStrangers } as unknown as FailureCountsRepository,
    {
      transaction: (work: (tx: WriteTransaction) => unknown) => work(TX),
      alone: (_job: string, work: () => unknown) => work(),
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

/** As many turns as a few slices take. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) {
    await new Promise(setImmediate);
  }
}

describe('counts that say nothing any more', () => {
  it('are deleted slice by slice, until one is not full', async () => {
    deleteForgotten
      .mockResolvedValueOnce(SLICE)
      .mockResolvedValueOnce(SLICE)
      .mockResolvedValueOnce(SLICE - 1);

    await purge.purge();

    expect(deleteForgotten.mock.calls).toEqual(Array.from({ length: 3 }, () => [NOW, SLICE, TX]));
  });
});

describe('counts of strangers', () => {
  it.each([
    ['as many as may be', STRANGERS_MOST, []],
    ['one more', STRANGERS_MOST + 1, [1]],
    ['a slice more', STRANGERS_MOST + SLICE, [SLICE]],
    ['two slices and three more', STRANGERS_MOST + 2 * SLICE + 3, [SLICE, SLICE, 3]],
  ])('are deleted down to what may be when there are %s', async (_, count, slices) => {
    countStrangers.mockResolvedValue(count);

    await purge.purge();

    expect(deleteStrangers.mock.calls).toEqual(slices.map((few) => [few, TX]));
  });
});

describe('the purge', () => {
  it('runs once a minute', async () => {
    purge.onApplicationBootstrap();

    jest.advanceTimersByTime(INTERVAL - 1);
    await settle();
    expect(deleteForgotten).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    await settle();
    jest.advanceTimersByTime(INTERVAL);
    await settle();

    expect(deleteForgotten).toHaveBeenCalledTimes(2);
  });

  it('ends with the slice it is at when the server stops, which waits for that, and is not planned again', async () => {
    let endSlice: (deleted: number) => void = () => undefined;
    deleteForgotten.mockReturnValueOnce(new Promise((resolve) => (endSlice = resolve)));
    countStrangers.mockResolvedValue(STRANGERS_MOST + SLICE);
    purge.onApplicationBootstrap();
    jest.advanceTimersByTime(INTERVAL);
    await settle();

    let hasStopped = false;
    const stopping = purge.beforeApplicationShutdown().then(() => (hasStopped = true));
    await settle();
    expect(hasStopped).toBe(false);
    endSlice(SLICE);
    await stopping;

    expect(deleteForgotten).toHaveBeenCalledTimes(1);
    expect(deleteStrangers).not.toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  });
});
