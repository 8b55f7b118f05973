import { beforeEach, describe, expect, it } from '@jest/globals';
import { nothingOf, type FailureCount } from './counts/failure-count.entity.js';
import { AccountPolicy, AddressPolicy, forgetOld, WINDOW_SECONDS } from './policies.js';

const WINDOW = WINDOW_SECONDS * 1_000;
const HOUR = 3_600_000;
const START = Date.UTC(2030, 0, 1);

let count: FailureCount;

beforeEach(() => {
  count = nothingOf({ account: 'anne', network: '' });
});

describe('AccountPolicy', () => {
  const policy = new AccountPolicy(10);

  /** Fails as often as it is let, and returns when each failure was. */
  function failFor(milliseconds: number, between: (now: number) => void = () => undefined): number[] {
    const failures: number[] = [];
    for (let now = START; now < START + milliseconds; now = Math.max(now + 1, count.blockedUntil)) {
      between(now);
      policy.fail(count, now);
      failures.push(now);
    }
    return failures;
  }

  /** The most of them within any hour. */
  const mostInAnHour = (times: number[]) =>
    Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + HOUR).length));

  it('lets no more than a hundred fail in any hour, however often the owner succeeds between them', () => {
    const failures = failFor(5 * HOUR, (now) => policy.succeed(count, now));

    expect(mostInAnHour(failures)).toBeLessThanOrEqual(100);
    expect(mostInAnHour(failures)).toBeGreaterThan(90);
  });

  it('lets far fewer fail when nobody succeeds', () => {
    expect(mostInAnHour(failFor(5 * HOUR))).toBeLessThanOrEqual(25);
  });

  it('scales the hour with the limit', () => {
    const strict = new AccountPolicy(1);
    let failures = 0;
    for (let now = START; now < START + HOUR; now += 1_000) {
      if (now >= count.blockedUntil) {
        strict.fail(count, now);
        strict.succeed(count, now);
        failures += 1;
      }
    }

    expect(failures).toBeLessThanOrEqual(10);
  });

  it('allows no more at once than the hour has left', () => {
    for (let index = 0; index < 45; index += 1) {
      policy.fail(count, START);
      policy.succeed(count, START);
    }

    expect(policy.allowance(count, START)).toBe(5);
  });

  it('ends delays with a success, and leaves the pace', () => {
    for (let index = 0; index < 50; index += 1) {
      policy.fail(count, START);
    }
    policy.succeed(count, START);

    expect(count.failures).toBe(0);
    expect(count.blockedUntil - START).toBe(HOUR / 50);
  });

  it('counts on with the failures of less than a window ago alone', () => {
    policy.fail(count, START);
    policy.fail(count, START + WINDOW - 1);
    expect(count.failures).toBe(2);

    policy.fail(count, START + 2 * WINDOW - 1);
    expect(count.failures).toBe(1);
  });
});

describe('AddressPolicy', () => {
  const policy = new AddressPolicy(3);

  it('is closed at the limit, until the window that the first failure opened is over', () => {
    policy.fail(count, START);
    policy.fail(count, START + 10);
    expect(count.blockedUntil).toBe(0);

    policy.fail(count, START + 20);

    expect(count.blockedUntil).toBe(START + WINDOW);
  });

  it('opens a new window with the first failure after it', () => {
    policy.fail(count, START);
    policy.fail(count, START + WINDOW);

    expect([count.failures, count.resetTime]).toEqual([1, START + 2 * WINDOW]);
  });

  it('is changed by no success', () => {
    policy.fail(count, START);
    policy.succeed();

    expect(policy.allowance(count)).toBe(2);
  });
});

describe('a clock that was set back', () => {
  it.each([
    ['an account', new AccountPolicy(3)],
    ['an address', new AddressPolicy(3)],
  ])('locks out nobody for %s until it is there again, and unlocks no guessing', (_, policy) => {
    for (let index = 0; index < 20; index += 1) {
      policy.fail(count, START + 10 * HOUR);
    }

    forgetOld(count, START);
    expect([count.failures, count.blockedUntil, policy.allowance(count, START)]).toEqual([0, 0, 3]);
    for (let index = 0; index < 3; index += 1) {
      policy.fail(count, START);
    }

    expect(count.blockedUntil).toBeGreaterThan(START);
    expect(count.blockedUntil).toBeLessThanOrEqual(START + WINDOW);
  });

  it.each([1, 60_000, HOUR - 1])('shortens no lock by more than it was set back: %i ms', (jump) => {
    const policy = new AddressPolicy(1);
    policy.fail(count, START + jump);

    forgetOld(count, START);

    expect(count.blockedUntil).toBe(START + WINDOW);
  });
});
