import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ApplicationError } from '../common/application-error.js';
import { Clock } from '../common/clock.js';
import { type Config } from '../config/config.js';
import { WINDOW_SECONDS } from './policies.js';
import { ThrottleService, type Attempt } from './throttle.service.js';
import { type ThrottledTries } from './throttled-tries.js';

const ADDRESS = '192.0.2.1';
const WINDOW = WINDOW_SECONDS * 1_000;

/** A clock that stands until it is moved. */
class StoppedClock extends Clock {
  time = Date.UTC(2030, 0, 1);

  override now(): number {
    return this.time;
  }
}

const UNRECORDED = { ofAccount: () => undefined, ofNetwork: () => undefined } as unknown as ThrottledTries;
const LIMITS = { loginLimitPerAccount: 10, loginLimitPerAddress: 100 } as Config;

let clock: StoppedClock;
let throttle: ThrottleService;

beforeEach(() => {
  clock = new StoppedClock();
  throttle = new ThrottleService(clock, UNRECORDED, LIMITS);
});

async function failLogin(name = 'anne', address = ADDRESS): Promise<void> {
  (await throttle.admitLogin(name, address)).fail();
}

async function failLogins(count: number, name?: string, address?: string): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await failLogin(name, address);
  }
}

/** How a try is refused, or `undefined` if it is let through; it leaves no trace. */
async function refusalOf(name = 'anne', address = ADDRESS): Promise<ApplicationError | undefined> {
  try {
    (await throttle.admitLogin(name, address)).abandon();
    return undefined;
  } catch (error) {
    return error as ApplicationError;
  }
}

describe('the limit per account', () => {
  it('lets ten failures through and refuses the eleventh try', async () => {
    await failLogins(10);

    expect(await refusalOf()).toMatchObject({ code: 'throttled', options: { retryAfterSeconds: 1 } });
  });

  it('doubles the delay with each failure, from a second to the whole window', async () => {
    await failLogins(10);
    const delays: number[] = [];
    while (delays.at(-1) !== WINDOW_SECONDS) {
      const seconds = (await refusalOf())?.options.retryAfterSeconds ?? 0;
      delays.push(seconds);
      clock.time += seconds * 1_000;
      await failLogin();
    }

    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900]);
  });

  it('never lets more than a hundred failures an hour through', async () => {
    const end = clock.time + 3_600_000;
    let failures = 0;
    while (clock.time < end) {
      const refusal = await refusalOf('anne', `192.0.2.${failures}`);
      if (refusal) {
        clock.time += (refusal.options.retryAfterSeconds ?? 0) * 1_000;
      } else {
        await failLogin('anne', `192.0.2.${failures}`);
        failures += 1;
      }
    }

    expect(failures).toBeLessThanOrEqual(100);
  });

  it('forgets failures a window after the last one', async () => {
    await failLogins(9);
    clock.time += WINDOW;

    await failLogins(9);

    expect(await refusalOf()).toBeUndefined();
  });

  it('still counts failures a moment before that', async () => {
    await failLogins(9);
    clock.time += WINDOW - 1;

    await failLogin();

    expect(await refusalOf()).toMatchObject({ code: 'throttled' });
  });

  it('starts anew after a success', async () => {
    await failLogins(9);
    (await throttle.admitLogin('anne', ADDRESS)).succeed();

    await failLogins(9);

    expect(await refusalOf()).toBeUndefined();
  });

  it('counts one name whatever the address', async () => {
    for (let index = 0; index < 10; index += 1) {
      await failLogin('anne', `192.0.2.${index}`);
    }

    expect(await refusalOf('anne', '198.51.100.1')).toMatchObject({ code: 'throttled' });
    expect(await refusalOf('bert')).toBeUndefined();
  });

  it('does not count a try that ended without an outcome', async () => {
    for (let index = 0; index < 50; index += 1) {
      (await throttle.admitLogin('anne', ADDRESS)).abandon();
    }

    expect(throttle.limits(ADDRESS, 'anne').map(({ remaining }) => remaining)).toEqual([100, 10]);
  });
});

describe('the limit per address', () => {
  const spray = async (count: number, address: (index: number) => string) => {
    for (let index = 0; index < count; index += 1) {
      await failLogin(`user-${index}`, address(index));
    }
  };

  it('refuses every name after a hundred failures, until the window that the first one opened has passed', async () => {
    await spray(50, () => ADDRESS);
    clock.time += 600_000;
    await spray(50, () => ADDRESS);

    expect(await refusalOf('nobody-yet')).toMatchObject({
      code: 'throttled',
      options: { retryAfterSeconds: 300 },
    });
    clock.time += 300_000 - 1;
    expect(await refusalOf('nobody-yet')).toMatchObject({ code: 'throttled' });
    clock.time += 1;
    expect(await refusalOf('nobody-yet')).toBeUndefined();
  });

  it('counts an IPv6 /64 as one', async () => {
    await spray(100, (index) => `2001:db8:1:2::${index.toString(16)}`);

    expect(await refusalOf('anne', '2001:db8:1:2:ffff::1')).toMatchObject({ code: 'throttled' });
    expect(await refusalOf('anne', '2001:db8:1:3::1')).toBeUndefined();
  });

  it('is not reset by a success, or one account would pay for attacks on all others', async () => {
    await spray(99, () => ADDRESS);
    (await throttle.admitLogin('own-account', ADDRESS)).succeed();

    await failLogin('one-more');

    expect(await refusalOf('anne')).toMatchObject({ code: 'throttled' });
  });

  it('counts set-up secrets, too', async () => {
    for (let index = 0; index < 100; index += 1) {
      (await throttle.admitAddress(ADDRESS)).fail();
    }

    expect(await refusalOf('anne')).toMatchObject({ code: 'throttled' });
  });

  it('gives back what it admitted when the account refuses', async () => {
    await failLogins(10, 'anne', '198.51.100.1');
    for (let index = 0; index < 200; index += 1) {
      await refusalOf('anne');
    }

    expect(await refusalOf('bert')).toBeUndefined();
  });
});

describe('Retry-After', () => {
  it('tells the truth: waiting that long lets the next try through, and a moment less does not', async () => {
    await failLogins(10);
    for (let round = 0; round < 20; round += 1) {
      clock.time += 137;
      const refusal = await refusalOf();
      if (refusal) {
        expect(refusal.options.retryAfterSeconds).toBeGreaterThan(0);
        clock.time += (refusal.options.retryAfterSeconds ?? 0) * 1_000;
      }
      await failLogin();
      expect(await refusalOf()).toMatchObject({ code: 'throttled' });
    }
  });

  it('agrees with what is told of the limits', async () => {
    await failLogins(10);
    const seconds = (await refusalOf())?.options.retryAfterSeconds;

    expect(throttle.limits(ADDRESS, 'anne')[1]).toEqual({
      policy: 'account',
      limit: 10,
      remaining: 0,
      resetSeconds: seconds,
    });
  });
});

describe('parallel tries', () => {
  const admitMany = (count: number) =>
    Array.from({ length: count }, () => throttle.admitLogin('anne', ADDRESS));
  const turn = () => new Promise(setImmediate);

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  /** Collects who has been admitted so far. */
  function collect(tries: Promise<Attempt>[]) {
    const admitted: Attempt[] = [];
    const refused: ApplicationError[] = [];
    for (const attempt of tries) {
      attempt.then(
        (value) => admitted.push(value),
        (error: ApplicationError) => refused.push(error),
      );
    }
    return { admitted, refused };
  }

  it('lets no more than the allowance in at once, and makes the others wait', async () => {
    const { admitted, refused } = collect(admitMany(50));
    await turn();

    expect([admitted.length, refused.length]).toEqual([10, 0]);
    admitted.forEach((attempt) => attempt.abandon());
  });

  it('refuses those who waited when all in flight failed', async () => {
    const tries = admitMany(50);
    const { admitted, refused } = collect(tries);
    await turn();

    admitted.slice().forEach((attempt) => attempt.fail());
    await Promise.allSettled(tries);

    expect(admitted).toHaveLength(10);
    expect(refused.map(({ code }) => code)).toEqual(Array.from({ length: 40 }, () => 'throttled'));
  });

  it('lets everybody in, one after another, when those in flight succeed', async () => {
    const tries = admitMany(50);
    const { admitted, refused } = collect(tries);
    for (let index = 0; index < 50; index += 1) {
      await turn();
      admitted[index]?.succeed();
    }
    await Promise.allSettled(tries);

    expect([admitted.length, refused.length]).toEqual([50, 0]);
  });

  it('past the limit lets one at a time in, so that a delay buys a single guess', async () => {
    await failLogins(10);
    clock.time += 1_000;

    const { admitted } = collect(admitMany(5));
    await turn();
    expect(admitted).toHaveLength(1);
    admitted[0]?.fail();
    await turn();

    expect(admitted).toHaveLength(1);
  });

  it('answers `overloaded` when those in flight take longer than two seconds', async () => {
    collect(admitMany(10));
    await turn();
    const { admitted, refused } = collect([throttle.admitLogin('anne', ADDRESS)]);
    await turn();
    expect([admitted.length, refused.length]).toEqual([0, 0]);

    clock.time += 2_000;
    jest.advanceTimersByTime(2_000);
    await turn();

    expect(refused).toMatchObject([{ code: 'overloaded', options: { retryAfterSeconds: 1 } }]);
  });
});

describe('lifting', () => {
  it('lets the next try of the name through, with the whole limit before it again', async () => {
    await failLogins(10);

    throttle.lift('anne');

    expect(await refusalOf()).toBeUndefined();
    await failLogins(9);
    expect(await refusalOf()).toBeUndefined();
    await failLogin();
    expect(await refusalOf()).toMatchObject({ code: 'throttled' });
  });

  it('leaves other names alone', async () => {
    await failLogins(10);
    await failLogins(10, 'bert');

    throttle.lift('bert');

    expect(await refusalOf()).toMatchObject({ code: 'throttled' });
  });

  it('leaves the network alone', async () => {
    for (let index = 0; index < 100; index += 1) {
      await failLogin(`user-${index}`);
    }

    throttle.lift('user-0');

    expect(await refusalOf('user-0')).toMatchObject({ code: 'throttled' });
  });

  it('goes on counting tries in flight', async () => {
    await failLogins(9);
    const attempt = await throttle.admitLogin('anne', ADDRESS);

    throttle.lift('anne');
    attempt.fail();

    expect(throttle.limits(ADDRESS, 'anne').at(-1)?.remaining).toBe(9);
  });

  it('does nothing for a name that never failed', () => {
    expect(() => throttle.lift('nobody')).not.toThrow();
  });
});
