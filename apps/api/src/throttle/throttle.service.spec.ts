import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  CountsInMemory,
  StoppedClock,
  admit,
  throttleInMemory,
} from '../../../../test/support/unit/throttle-in-memory.js';
import { type ApplicationError } from '../common/application-error.js';
import { WINDOW_SECONDS } from './counts/failure-limits.js';
import { codesOf, type ThrottleService } from './throttle.service.js';

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
  await (await admit(throttle, address, name)).succeed();
}

async function failLogin(name = 'anne', address = ADDRESS): Promise<void> {
  await (await admit(throttle, address, name)).fail();
}

async function failLogins(count: number, name?: string, address?: string): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await failLogin(name, address);
  }
}

/** Returns the error of an attempt, or `undefined` if it is admitted. The attempt does not count. */
async function rejectionOf(name = 'anne', address = ADDRESS): Promise<ApplicationError | undefined> {
  try {
    (await admit(throttle, address, name)).end();
    return undefined;
  } catch (error) {
    return error as ApplicationError;
  }
}

describe('ThrottleService, limit per account', () => {
  it('admits ten failures and rejects the eleventh attempt', async () => {
    await failLogins(10);

    expect(await rejectionOf()).toMatchObject({ code: 'throttled', options: { retryAfterSeconds: 1 } });
  });

  it('doubles the delay with each failure, from one second up to the whole window', async () => {
    await failLogins(10);
    const delays: number[] = [];
    while (delays.at(-1) !== WINDOW_SECONDS) {
      const seconds = (await rejectionOf())?.options.retryAfterSeconds ?? 0;
      delays.push(seconds);
      clock.time += seconds * 1_000;
      await failLogin();
    }

    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900]);
  });

  it('admits at most a hundred failures per hour', async () => {
    const end = clock.time + 3_600_000;
    let failures = 0;
    while (clock.time < end) {
      const rejection = await rejectionOf('anne', `192.0.2.${failures}`);
      if (rejection) {
        clock.time += (rejection.options.retryAfterSeconds ?? 0) * 1_000;
      } else {
        await failLogin('anne', `192.0.2.${failures}`);
        failures += 1;
      }
    }

    expect(failures).toBeLessThanOrEqual(100);
  });

  it('resets failures one window after the last one', async () => {
    await failLogins(9);
    clock.time += WINDOW;

    await failLogins(9);

    expect(await rejectionOf()).toBeUndefined();
  });

  it('counts failures until the window has passed', async () => {
    await failLogins(9);
    clock.time += WINDOW - 1;

    await failLogin();

    expect(await rejectionOf()).toMatchObject({ code: 'throttled' });
  });

  it('resets failures after a success', async () => {
    await failLogins(9);
    await succeedLogin();

    await failLogins(9);

    expect(await rejectionOf()).toBeUndefined();
  });

  it('counts a name across addresses', async () => {
    for (let index = 0; index < 10; index += 1) {
      await failLogin('anne', `192.0.2.${index}`);
    }

    expect(await rejectionOf('anne', '198.51.100.1')).toMatchObject({ code: 'throttled' });
    expect(await rejectionOf('bert')).toBeUndefined();
  });

  it('counts names by their first 256 characters', async () => {
    await failLogins(10, `${'x'.repeat(256)}1`);

    expect(await rejectionOf(`${'x'.repeat(256)}2`)).toMatchObject({ code: 'throttled' });
    expect(await rejectionOf('x'.repeat(255))).toBeUndefined();
  });

  it('does not count an attempt without an outcome', async () => {
    for (let index = 0; index < 50; index += 1) {
      (await admit(throttle, ADDRESS, 'anne')).end();
    }

    expect(throttle.limits(ADDRESS, 'anne').map(({ remaining }) => remaining)).toEqual([100, 10]);
  });
});

describe('attempt', () => {
  const ORIGIN = { address: ADDRESS, agent: undefined, traceId: 'trace' };
  const remaining = () => throttle.limits(ADDRESS, 'anne').map((limit) => limit.remaining);

  it('returns the result of the work, and counts its failure once', async () => {
    const result = await throttle.attempt(ORIGIN, 'anne', async (attempt) => {
      await attempt.fail();
      return 7;
    });

    expect([result, remaining()]).toEqual([7, [99, 9]]);
    expect(await rejectionOf()).toBeUndefined();
  });

  it('leaves room for others when the work throws without an outcome', async () => {
    for (let index = 0; index < 20; index += 1) {
      const attempt = throttle.attempt(ORIGIN, 'anne', () => Promise.reject(new Error('busy')));
      await expect(attempt).rejects.toThrow('busy');
    }

    expect(remaining()).toEqual([100, 10]);
    expect(await rejectionOf()).toBeUndefined();
  });
});

describe('ThrottleService, limit per address', () => {
  const spray = async (count: number, address: (index: number) => string) => {
    for (let index = 0; index < count; index += 1) {
      await failLogin(`user-${index}`, address(index));
    }
  };

  it('rejects every name after a hundred failures until the window of the first one has passed', async () => {
    await spray(50, () => ADDRESS);
    clock.time += 600_000;
    await spray(50, () => ADDRESS);

    expect(await rejectionOf('new-name')).toMatchObject({
      code: 'throttled',
      options: { retryAfterSeconds: 300 },
    });
    clock.time += 300_000 - 1;
    expect(await rejectionOf('new-name')).toMatchObject({ code: 'throttled' });
    clock.time += 1;
    expect(await rejectionOf('new-name')).toBeUndefined();
  });

  it('counts an IPv6 /64 as one network', async () => {
    await spray(100, (index) => `2001:db8:1:2::${index.toString(16)}`);

    expect(await rejectionOf('anne', '2001:db8:1:2:ffff::1')).toMatchObject({ code: 'throttled' });
    expect(await rejectionOf('anne', '2001:db8:1:3::1')).toBeUndefined();
  });

  it('does not reset after a success, because attackers could use an account of their own', async () => {
    await spray(99, () => ADDRESS);
    await succeedLogin('own-account');

    await failLogin('one-more');

    expect(await rejectionOf('anne')).toMatchObject({ code: 'throttled' });
  });

  it('counts set-up secrets', async () => {
    for (let index = 0; index < 100; index += 1) {
      await (await admit(throttle, ADDRESS)).fail();
    }

    expect(await rejectionOf('anne')).toMatchObject({ code: 'throttled' });
  });

  it('rejects requests before their body is read once the address is throttled, as counted by another replica', async () => {
    const shared = throttleInMemory({ clock, counts, isShared: true });
    await spray(99, () => ADDRESS);
    await expect(shared.checkAddress(ADDRESS)).resolves.toBeUndefined();

    await failLogin('one-more');
    clock.time += 1_000;

    await expect(shared.checkAddress(ADDRESS)).rejects.toMatchObject({ code: 'throttled' });
    await expect(shared.checkAddress('198.51.100.1')).resolves.toBeUndefined();
  });

  it('does not count attempts that the account limit rejects', async () => {
    await failLogins(10, 'anne', '198.51.100.1');
    for (let index = 0; index < 200; index += 1) {
      await rejectionOf('anne');
    }

    expect(await rejectionOf('bert')).toBeUndefined();
  });
});

describe('ThrottleService, codes of second factors', () => {
  const CODES = codesOf('anne');

  it('admits five wrong codes, counted apart from passwords', async () => {
    await failLogins(4, CODES);
    expect(await rejectionOf(CODES)).toBeUndefined();

    await failLogin(CODES);

    expect(await rejectionOf(CODES)).toMatchObject({ code: 'throttled', options: { retryAfterSeconds: 1 } });
    expect(await rejectionOf()).toBeUndefined();
  });

  it('restores the limit on codes when the delay of the name is lifted', async () => {
    await failLogins(5, CODES);

    await counts.transaction((tx) => throttle.lift('anne', tx));

    expect(await rejectionOf(CODES)).toBeUndefined();
    await failLogins(5, CODES);
    expect(await rejectionOf(CODES)).toMatchObject({ code: 'throttled' });
  });

  it('forgets the known networks of codes with those of the name', async () => {
    await succeedLogin(CODES);
    await failLogins(5, CODES, '203.0.113.9');
    expect(await rejectionOf(CODES)).toBeUndefined();

    await counts.transaction((tx) => throttle.forgetNetworks(['anne'], tx));

    expect(await rejectionOf(CODES)).toMatchObject({ code: 'throttled' });
  });
});

describe('ThrottleService, retry delay', () => {
  it('states the exact time after which the next attempt is admitted', async () => {
    await failLogins(10);
    for (let round = 0; round < 20; round += 1) {
      clock.time += 137;
      const rejection = await rejectionOf();
      if (rejection) {
        expect(rejection.options.retryAfterSeconds).toBeGreaterThan(0);
        clock.time += (rejection.options.retryAfterSeconds ?? 0) * 1_000;
      }
      await failLogin();
      expect(await rejectionOf()).toMatchObject({ code: 'throttled' });
    }
  });

  it('agrees with the RateLimit header', async () => {
    await failLogins(10);
    const seconds = (await rejectionOf())?.options.retryAfterSeconds;

    expect(throttle.limits(ADDRESS, 'anne')).toEqual([
      { policy: 'address', limit: 100, remaining: 90, resetSeconds: 900 },
      { policy: 'account', limit: 10, remaining: 0, resetSeconds: seconds },
    ]);
  });
});

describe('ThrottleService.lift', () => {
  const lift = (name: string) => counts.transaction((tx) => throttle.lift(name, tx));

  it('admits the next attempt and restores the whole limit', async () => {
    await failLogins(10);

    await lift('anne');

    expect(await rejectionOf()).toBeUndefined();
    await failLogins(9);
    expect(await rejectionOf()).toBeUndefined();
    await failLogin();
    expect(await rejectionOf()).toMatchObject({ code: 'throttled' });
  });

  it('does not reset the hourly pace, even when repeated', async () => {
    let guesses = 0;
    while ((await rejectionOf()) === undefined && guesses < 200) {
      await failLogin();
      await lift('anne');
      guesses += 1;
    }

    expect(guesses).toBe(50);
    expect(await rejectionOf()).toMatchObject({ code: 'throttled' });
  });

  it('does not change other names', async () => {
    await failLogins(10);
    await failLogins(10, 'bert');

    await lift('bert');

    expect(await rejectionOf()).toMatchObject({ code: 'throttled' });
  });

  it('does not change the network', async () => {
    for (let index = 0; index < 100; index += 1) {
      await failLogin(`user-${index}`);
    }

    await lift('user-0');

    expect(await rejectionOf('user-0')).toMatchObject({ code: 'throttled' });
  });

  it('keeps counting attempts in flight', async () => {
    await failLogins(9);
    const attempt = await admit(throttle, ADDRESS, 'anne');

    await lift('anne');
    await attempt.fail();

    expect(throttle.limits(ADDRESS, 'anne').at(-1)?.remaining).toBe(9);
  });

  it('does nothing for a name without failures', async () => {
    await expect(lift('nobody')).resolves.toBeUndefined();
  });
});
