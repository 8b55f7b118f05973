import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LEASE_MILLISECONDS } from '@latchkey/auth-models';
import { EffectiveWaits } from './effective-by.service.js';

let waits: EffectiveWaits;

beforeEach(() => {
  jest.useFakeTimers();
  waits = new EffectiveWaits();
});

afterEach(() => {
  jest.useRealTimers();
});

const waitOften = (count: number) => Promise.all(Array.from({ length: count }, () => waits.wait()));

describe('EffectiveWaits', () => {
  it('waits for the lease, and a millisecond longer', async () => {
    const ended = jest.fn();
    void waits.wait().then(ended);

    await jest.advanceTimersByTimeAsync(LEASE_MILLISECONDS);
    expect(ended).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledWith(true);
  });

  it('lets 1,000 responses wait at a time', async () => {
    const waiting = waitOften(1_000);
    const beyond = await waits.wait();
    jest.runAllTimers();
    const ended = await waiting;
    const next = waits.wait();
    jest.runAllTimers();

    expect(beyond).toBe(false);
    expect(new Set(ended)).toEqual(new Set([true]));
    expect(await next).toBe(true);
  });

  it('ends all waits when the server stops, and begins none', async () => {
    const waiting = waitOften(2);

    waits.beforeApplicationShutdown();

    expect(await waiting).toEqual([false, false]);
    expect(await waits.wait()).toBe(false);
    expect(jest.getTimerCount()).toBe(0);
  });
});
