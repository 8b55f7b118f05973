import { describe, expect, it } from '@jest/globals';
import { nextDailyTime } from './event-queue.service.js';
import { pauseAfter } from './event-results.service.js';

const DAY = 86_400_000;

describe('pauseAfter', () => {
  it.each([
    [1, 5_000],
    [2, 20_000],
    [5, 1_280_000],
    [9, DAY],
    [100, DAY],
  ])('returns about the pause after %s failures: %s ms', (attempts, expected) => {
    const pauses = Array.from({ length: 100 }, () => pauseAfter(attempts));

    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(0.8 * expected);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(Math.min(1.2 * expected, DAY));
    expect(new Set(pauses).size).toBeGreaterThan(1);
  });

  it('respects Retry-After, up to a day', () => {
    expect(pauseAfter(1, 600)).toBe(600_000);
    expect(pauseAfter(1, 1e9)).toBe(DAY);
  });
});

describe('nextDailyTime', () => {
  it.each([
    ['2026-12-01T05:59:59.999Z', '2026-12-01T06:00:00.000Z'],
    ['2026-12-01T06:00:00.000Z', '2026-12-02T06:00:00.000Z'],
  ])('returns the next daily time after %s', (now, next) => {
    expect(new Date(nextDailyTime(Date.parse(now))).toISOString()).toBe(next);
  });
});
