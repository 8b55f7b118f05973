import { afterEach, beforeEach, jest } from '@jest/globals';
import { type RequestOrigin } from '../../../apps/api/src/common/request/request-origin.js';
import { type Writes } from '../../../apps/api/src/platform/database/writes.service.js';
import { createLogger } from '../../../apps/api/src/platform/logging/logger.js';
import { LastUses } from '../../../apps/api/src/tokens/usage/last-uses.service.js';
import { type TokenLastUsesRepository } from '../../../apps/api/src/tokens/usage/token-last-uses.repository.js';
import { type TokenUsageRepository } from '../../../apps/api/src/tokens/usage/token-usage.repository.js';
import { StoppedClock } from './throttle-in-memory.js';

/** Start of day 20,000. */
export const MIDNIGHT = 20_000 * 86_400_000;
export const ORIGIN: RequestOrigin = { address: '192.0.2.1', agent: 'curl/8', traceId: 'trace' };

/** Writes the counts of uses. */
export const add = jest.fn<TokenUsageRepository['add']>();
/** Writes the last uses. */
export const addLastUses = jest.fn<TokenLastUsesRepository['add']>();
export const transaction = jest.fn<(work: (tx: object) => unknown, affected: string) => unknown>();
/** Clock of the server, one second after {@link MIDNIGHT} at first. */
export const clock = new StoppedClock();
/** Log of the server. */
export let output: string;
/** Service under test, with fake repositories. */
export let uses: LastUses;

/** Creates {@link uses} before each test, with fake timers. */
export function useCountedUses(): void {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick'] });
    add.mockReset().mockResolvedValue();
    addLastUses.mockReset().mockResolvedValue();
    transaction.mockReset().mockImplementation((work) => work({}));
    clock.time = MIDNIGHT + 1_000;
    output = '';
    uses = new LastUses(
      { add } as unknown as TokenUsageRepository,
      { add: addLastUses } as unknown as TokenLastUsesRepository,
      { transaction } as unknown as Writes,
      clock,
      createLogger('info', { write: (line: string) => void (output += line) }),
    );
  });

  afterEach(() => {
    jest.useRealTimers();
  });
}

/** Lets time pass, with the timers that end in it. */
export async function pass(milliseconds: number): Promise<void> {
  clock.time += milliseconds;
  await jest.advanceTimersByTimeAsync(milliseconds);
}

/** Returns the uses in each write, with their addresses and permissions. */
export const lastUses = () => addLastUses.mock.calls.flatMap(([slice]) => slice);
