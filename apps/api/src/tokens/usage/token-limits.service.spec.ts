import { beforeEach, describe, expect, it } from '@jest/globals';
import { StoppedClock } from '../../../../../test/support/unit/throttle-in-memory.js';
import { type Database } from '../../platform/database/database.js';
import { type WriteTransaction, type Writes } from '../../platform/database/writes.service.js';
import { TokenLimits } from './token-limits.service.js';

const HOUR = 3_600_000;
const USE_LIMITS = { hasMaxUses: false, rateLimit: { limit: 2, windowSeconds: 3_600 } };

let clock: StoppedClock;
let limits: TokenLimits;

beforeEach(() => {
  clock = new StoppedClock();
  clock.time = 500_000 * HOUR;
  limits = new TokenLimits({} as Writes, clock, { hasOneWriter: true } as Database);
});

const uses = (useLimits = USE_LIMITS, id = 'token-1') => {
  try {
    return limits.takeReserved(id, useLimits);
  } catch (error) {
    return error;
  }
};

describe('TokenLimits in one process', () => {
  it('accepts as many uses as the limit in a window, and then says when it ends', () => {
    clock.time += HOUR - 1_500;

    expect([uses(), uses(), uses()]).toEqual([
      true,
      true,
      expect.objectContaining({
        code: 'rate_limited',
        options: expect.objectContaining({
          retryAfterSeconds: 2,
          headers: { 'ratelimit-policy': '"token";q=2;w=3600', ratelimit: '"token";r=0;t=2' },
        }),
      }),
    ]);
    clock.time += 1_500;
    expect([uses(), uses()]).toEqual([true, true]);
  });

  it('counts each token by itself', () => {
    expect([uses(), uses(), uses(USE_LIMITS, 'token-2')]).toEqual([true, true, true]);
  });

  it('applies a changed limit to the current window', () => {
    uses();
    expect(uses({ ...USE_LIMITS, rateLimit: { limit: 1, windowSeconds: 3_600 } })).toMatchObject({
      code: 'rate_limited',
    });
    expect(uses({ ...USE_LIMITS, rateLimit: { limit: 3, windowSeconds: 3_600 } })).toBe(true);
  });

  it('does not wait for a window from before the clock was set back', () => {
    uses();
    uses();
    clock.time -= 24 * HOUR;

    expect(uses()).toBe(true);
  });

  it('leaves a token with a maximum number of uses to the database', () => {
    expect(uses({ ...USE_LIMITS, hasMaxUses: true })).toBe(false);
  });
});

describe('TokenLimits on several replicas', () => {
  let rows: { granted: number; start: number; left: number }[];
  let values: unknown[][];
  /** Duration of a reservation. */
  let delay: number;

  beforeEach(() => {
    rows = [];
    values = [];
    delay = 0;
    const tx = {
      dataSource: { driver: { createParameter: () => '?' } },
      query: (_: string, parameters: unknown[]) => {
        clock.time += delay;
        values.push(parameters);
        return Promise.resolve([[rows.shift()], 1]);
      },
    } as unknown as WriteTransaction;
    const writes = { transaction: (work: (tx: WriteTransaction) => Promise<unknown>) => work(tx) };
    limits = new TokenLimits(writes as unknown as Writes, clock, { hasOneWriter: false } as Database);
  });

  const grants = (granted: number, left = HOUR) => ({ granted, start: clock.time, left });

  it('reserves a fiftieth of the limit at a time, once for all requests', async () => {
    rows = [grants(4), grants(1), grants(0)];
    const useLimits = { hasMaxUses: false, rateLimit: { limit: 200, windowSeconds: 3_600 } };

    expect(uses(useLimits)).toBe(false);
    const taken = await Promise.allSettled(
      Array.from({ length: 10 }, () => limits.take('token-1', useLimits)),
    );

    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(values.map(([, , requested]) => requested)).toEqual([4n, 4n, 4n]);
    expect(uses(useLimits)).toMatchObject({ code: 'rate_limited' });
  });

  it('reserves again after the limit of an exhausted window was raised', async () => {
    rows = [grants(0), grants(1)];
    await expect(limits.take('token-1', USE_LIMITS)).rejects.toMatchObject({ code: 'rate_limited' });
    const raised = { ...USE_LIMITS, rateLimit: { limit: 3, windowSeconds: 3_600 } };

    expect(uses(USE_LIMITS)).toMatchObject({ code: 'rate_limited' });
    expect(uses(raised)).toBe(false);
    await expect(limits.take('token-1', raised)).resolves.toBeUndefined();
  });

  it('stops when every reservation arrives after the end of its window', async () => {
    rows = Array.from({ length: 10 }, () => grants(1, 400));
    delay = 500;

    await expect(limits.take('token-1', USE_LIMITS)).rejects.toMatchObject({ code: 'unavailable' });
    expect(values).toHaveLength(3);
  });
});
