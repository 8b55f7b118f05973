import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ClockCheck } from '../../audit/trail/clock-check.service.js';
import { type Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { createLogger } from '../../platform/logging/logger.js';
import { TokenPurge } from './token-purge.service.js';
import { type TokenUsageRepository } from '../usage/token-usage.repository.js';
import { type KeptToken, type TokensRepository } from '../model/tokens.repository.js';

const DAY = 86_400_000;
const NOW = 1_000 * DAY;

const findKept = jest.fn<TokensRepository['findKept']>();
const remove = jest.fn<TokensRepository['delete']>();
let purge: TokenPurge;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  findKept.mockReset().mockResolvedValue([]);
  remove.mockReset().mockResolvedValue();
  purge = new TokenPurge(
    { findKept, delete: remove } as unknown as TokensRepository,
    { deleteBefore: () => Promise.resolve(0) } as unknown as TokenUsageRepository,
    {
      transaction: (work: (tx: WriteTransaction) => unknown) => work({} as WriteTransaction),
      withAdvisoryLock: (_job: string, work: () => unknown) => work(),
    } as Writes,
    { now: () => NOW },
    { isPlausible: () => Promise.resolve(true) } as ClockCheck,
    createLogger('info', { write: () => undefined }),
  );
});

afterEach(() => {
  jest.useRealTimers();
});

/** Returns a token that was revoked the given number of days ago. */
const revoked = (id: string, days: number): KeptToken => ({
  id,
  kind: 'session',
  hasMadeOthers: false,
  stamp: 1,
  tokensRevokedBefore: 0,
  expirationTime: null,
  idleExpirationTime: null,
  revocationTime: NOW - days * DAY,
});

const settle = () => new Promise(setImmediate);

async function pass(milliseconds: number): Promise<void> {
  jest.advanceTimersByTime(milliseconds);
  for (let turn = 0; turn < 5; turn += 1) {
    await settle();
  }
}

describe('TokenPurge', () => {
  it('runs soon after startup, and every 15 minutes', async () => {
    purge.onApplicationBootstrap();
    expect(findKept).toHaveBeenCalledTimes(0);

    await pass(10_000);
    expect(findKept).toHaveBeenCalledTimes(1);

    await pass(15 * 60_000);
    expect(findKept).toHaveBeenCalledTimes(2);
  });

  it('finishes the current slice at shutdown', async () => {
    let end: (slice: KeptToken[]) => void = () => undefined;
    findKept.mockReturnValue(new Promise((resolve) => (end = resolve)));
    purge.onApplicationBootstrap();
    await pass(10_000);

    const stopped = purge.beforeApplicationShutdown();
    end(Array.from({ length: 500 }, (_, index) => revoked(`${index}`, 91)));
    await stopped;

    expect(remove).toHaveBeenCalledTimes(1);
    expect(findKept).toHaveBeenCalledTimes(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('reads the table in slices, and writes nothing if nothing is due', async () => {
    const slice = Array.from({ length: 500 }, (_, index) => revoked(`a-${index}`, 89));
    findKept.mockResolvedValueOnce(slice).mockResolvedValueOnce([revoked('b-1', 91), revoked('b-2', 1)]);

    expect(await purge.purge()).toBe(1);

    expect(findKept.mock.calls).toEqual([
      ['', 500],
      ['a-499', 500],
    ]);
    expect(remove.mock.calls.map(([ids]) => ids)).toEqual([['b-1']]);
  });
});
