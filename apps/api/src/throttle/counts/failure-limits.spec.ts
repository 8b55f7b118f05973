import { beforeEach, describe, expect, it } from '@jest/globals';
import { emptyCount, type FailureCount } from './failure-count.entity.js';
import { AccountLimit, AddressLimit, resetExpired, WINDOW_SECONDS } from './failure-limits.js';

const WINDOW = WINDOW_SECONDS * 1_000;
const HOUR = 3_600_000;
const START = Date.UTC(2030, 0, 1);

let count: FailureCount;

beforeEach(() => {
  count = emptyCount({ account: 'anne', network: '' });
});

describe('AccountLimit', () => {
  const policy = new AccountLimit(10);

  /** Fails as often as permitted and returns the times of the failures. */
  function failFor(
    milliseconds: number,
    between: (now: number) => void = () => undefined,
    limit = policy,
  ): number[] {
    const failures: number[] = [];
    for (let now = START; now < START + milliseconds; now = Math.max(now + 1, count.blockedUntil)) {
      between(now);
      limit.addFailure(count, now);
      failures.push(now);
    }
    return failures;
  }

  /** Returns the highest number of failures within any hour. */
  const mostInAnHour = (times: number[]) =>
    Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + HOUR).length));

  it('allows at most a hundred failures per hour, regardless of successes', () => {
    const failures = failFor(5 * HOUR, (now) => policy.addSuccess(count, now));

    expect(mostInAnHour(failures)).toBeLessThanOrEqual(100);
    expect(mostInAnHour(failures)).toBeGreaterThan(90);
  });

  it('allows at most 25 failures per hour without successes', () => {
    expect(mostInAnHour(failFor(5 * HOUR))).toBeLessThanOrEqual(25);
  });

  // The limit on codes of second factors.
  it('allows 17 failures per hour with a limit of 5, and fewer than 50 regardless of successes', () => {
    const codes = new AccountLimit(5);
    const alone = mostInAnHour(failFor(5 * HOUR, undefined, codes));
    count = emptyCount(count);
    const withSuccesses = mostInAnHour(failFor(5 * HOUR, (now) => codes.addSuccess(count, now), codes));

    expect([alone, withSuccesses]).toEqual([17, 49]);
  });

  it('scales the hourly failures with the limit', () => {
    const strict = new AccountLimit(1);
    let failures = 0;
    for (let now = START; now < START + HOUR; now += 1_000) {
      if (now >= count.blockedUntil) {
        strict.addFailure(count, now);
        strict.addSuccess(count, now);
        failures += 1;
      }
    }

    expect(failures).toBeLessThanOrEqual(10);
  });

  it('limits the allowance to what the hour has left', () => {
    for (let index = 0; index < 45; index += 1) {
      policy.addFailure(count, START);
      policy.addSuccess(count, START);
    }

    expect(policy.allowance(count, START)).toBe(5);
  });

  it('resets the delay after a success, but not the pace', () => {
    for (let index = 0; index < 50; index += 1) {
      policy.addFailure(count, START);
    }
    policy.addSuccess(count, START);

    expect(count.failures).toBe(0);
    expect(count.blockedUntil - START).toBe(HOUR / 50);
  });

  it('counts only the failures of the current window', () => {
    policy.addFailure(count, START);
    policy.addFailure(count, START + WINDOW - 1);
    expect(count.failures).toBe(2);

    policy.addFailure(count, START + 2 * WINDOW - 1);
    expect(count.failures).toBe(1);
  });
});

describe('AddressLimit', () => {
  const policy = new AddressLimit(3);

  it('blocks at the limit until the window of the first failure has passed', () => {
    policy.addFailure(count, START);
    policy.addFailure(count, START + 10);
    expect(count.blockedUntil).toBe(0);

    policy.addFailure(count, START + 20);

    expect(count.blockedUntil).toBe(START + WINDOW);
  });

  it('starts a new window with the next failure', () => {
    policy.addFailure(count, START);
    policy.addFailure(count, START + WINDOW);

    expect([count.failures, count.resetTime]).toEqual([1, START + 2 * WINDOW]);
  });

  it('ignores a success', () => {
    policy.addFailure(count, START);
    policy.addSuccess();

    expect(policy.allowance(count)).toBe(2);
  });
});

describe('resetExpired when the clock is set back', () => {
  it.each([
    ['an account', new AccountLimit(3)],
    ['an address', new AddressLimit(3)],
  ])('neither blocks %s until the former time nor removes the limit', (_, policy) => {
    for (let index = 0; index < 20; index += 1) {
      policy.addFailure(count, START + 10 * HOUR);
    }

    resetExpired(count, START);
    expect([count.failures, count.blockedUntil, policy.allowance(count, START)]).toEqual([0, 0, 3]);
    for (let index = 0; index < 3; index += 1) {
      policy.addFailure(count, START);
    }

    expect(count.blockedUntil).toBeGreaterThan(START);
    expect(count.blockedUntil).toBeLessThanOrEqual(START + WINDOW);
  });

  it.each([1, 60_000, HOUR - 1])('shortens no lock by more than the %i ms it was set back', (jump) => {
    const policy = new AddressLimit(1);
    policy.addFailure(count, START + jump);

    resetExpired(count, START);

    expect(count.blockedUntil).toBe(START + WINDOW);
  });
});
