import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  CountsInMemory,
  StoppedClock,
  throttleInMemory,
} from '../../../../test/support/throttle-in-memory.js';
import { type ApplicationError } from '../common/application-error.js';
import { WINDOW_SECONDS } from './policies.js';
import { type ThrottleService } from './throttle.service.js';

const ADDRESS = '192.0.2.1';
const WINDOW = WINDOW_SECONDS * 1_000;

let clock: StoppedClock;
let counts: CountsInMemory;
let throttle: ThrottleService;

beforeEach(() => {
  clock = new StoppedClock();
  counts = new CountsInMemory();
  throttle = throttleInMemory({ clock, counts });
});

/** Logs in with the right password. */
async function succeedLogin(name = 'anne', address = ADDRESS): Promise<void> {
  await (await throttle.admit(address, name)).succeed();
}

async function failLogin(name = 'anne', address = ADDRESS): Promise<void> {
  await (await throttle.admit(address, name)).fail();
}

async function failLogins(count: number, name?: string, address?: string): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await failLogin(name, address);
  }
}

/** How a try is refused, or `undefined` if it is let through; it leaves no trace. */
async function refusalOf(name = 'anne', address = ADDRESS): Promise<ApplicationError | undefined> {
  try {
    (await throttle.admit(address, name)).abandon();
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
    await succeedLogin();

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
      (await throttle.admit(ADDRESS, 'anne')).abandon();
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
    await succeedLogin('own-account');

    await failLogin('one-more');

    expect(await refusalOf('anne')).toMatchObject({ code: 'throttled' });
  });

  it('counts set-up secrets, too', async () => {
    for (let index = 0; index < 100; index += 1) {
      await (await throttle.admit(ADDRESS)).fail();
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

describe('lifting', () => {
  const lift = (name: string) => counts.transaction((tx) => throttle.lift(name, tx));

  it('lets the next try of the name through, with the whole limit before it again', async () => {
    await failLogins(10);

    await lift('anne');

    expect(await refusalOf()).toBeUndefined();
    await failLogins(9);
    expect(await refusalOf()).toBeUndefined();
    await failLogin();
    expect(await refusalOf()).toMatchObject({ code: 'throttled' });
  });

  it('leaves the hourly pace as it is, however often it is done', async () => {
    let guesses = 0;
    while ((await refusalOf()) === undefined && guesses < 200) {
      await failLogin();
      await lift('anne');
      guesses += 1;
    }

    expect(guesses).toBe(50);
    expect(await refusalOf()).toMatchObject({ code: 'throttled' });
  });

  it('leaves other names alone', async () => {
    await failLogins(10);
    await failLogins(10, 'bert');

    await lift('bert');

    expect(await refusalOf()).toMatchObject({ code: 'throttled' });
  });

  it('leaves the network alone', async () => {
    for (let index = 0; index < 100; index += 1) {
      await failLogin(`user-${index}`);
    }

    await lift('user-0');

    expect(await refusalOf('user-0')).toMatchObject({ code: 'throttled' });
  });

  it('goes on counting tries in flight', async () => {
    await failLogins(9);
    const attempt = await throttle.admit(ADDRESS, 'anne');

    await lift('anne');
    await attempt.fail();

    expect(throttle.limits(ADDRESS, 'anne').at(-1)?.remaining).toBe(9);
  });

  it('does nothing for a name that never failed', async () => {
    await expect(lift('nobody')).resolves.toBeUndefined();
  });
});
