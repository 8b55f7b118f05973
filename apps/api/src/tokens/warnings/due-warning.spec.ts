import { describe, expect, it } from '@jest/globals';
import { dueWarning } from './due-warning.js';

const DAY = 86_400_000;
const NOW = 1_000 * DAY;
/** Start of a life that is longer than all warnings. */
const LONG_AGO = NOW - 100 * DAY;

const due = (left: number, { life = LONG_AGO, warned }: { life?: number; warned?: number } = {}) =>
  dueWarning({ expirationTime: NOW + left, lifeStartTime: life, expiryWarningTime: warned ?? null }, NOW);

describe('dueWarning', () => {
  it.each([
    [31 * DAY, undefined],
    [30 * DAY + 1, undefined],
    [30 * DAY, 30],
    [14 * DAY + 1, 30],
    [14 * DAY, 14],
    [7 * DAY, 7],
    [DAY + 1, 7],
    [DAY, 1],
    [1, 1],
    [0, undefined],
    [-DAY, undefined],
  ])('for a token that expires in %d ms is %p days', (left, days) => {
    expect(due(left)).toBe(days);
  });

  it('is none for a token without an expiry', () => {
    expect(
      dueWarning({ expirationTime: null, lifeStartTime: LONG_AGO, expiryWarningTime: null }, NOW),
    ).toBeUndefined();
  });

  it('is given once for each number of days', () => {
    const warned = NOW - 2 * DAY;

    expect(due(10 * DAY, { warned })).toBeUndefined();
    expect(due(13 * DAY, { warned })).toBe(14);
    expect(due(7 * DAY, { warned })).toBe(7);
    expect(due(7 * DAY, { warned: NOW })).toBeUndefined();
  });

  it('is none if the token does not live longer than the warning', () => {
    expect(due(7 * DAY, { life: NOW })).toBeUndefined();
    expect(due(6 * DAY, { life: NOW })).toBeUndefined();
    expect(due(7 * DAY, { life: NOW - 1 })).toBe(7);
    expect(due(DAY, { life: NOW - 1 })).toBe(1);
  });

  it('is given again in a new life', () => {
    const warned = NOW - 20 * DAY;

    expect(due(13 * DAY, { warned, life: warned + 1 })).toBe(14);
  });
});
