import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  CountsInMemory,
  StoppedClock,
  admit,
  throttleInMemory,
} from '../../../../test/support/unit/throttle-in-memory.js';
import { type ThrottleService } from './throttle.service.js';

const DAY = 86_400_000;
const HOME = '192.0.2.1';
const ATTACKER = '203.0.113.9';

let clock: StoppedClock;
let counts: CountsInMemory;
let throttle: ThrottleService;

beforeEach(() => {
  clock = new StoppedClock();
  counts = new CountsInMemory();
  throttle = throttleInMemory({ clock, counts, perAddress: 10_000 });
});

const succeed = async (address: string) => (await admit(throttle, address, 'anne')).succeed();

/** Fails until an attempt is rejected and returns the number of failures. */
async function failAll(address: string): Promise<number> {
  for (let failures = 0; ; failures += 1) {
    const attempt = await admit(throttle, address, 'anne').catch(() => undefined);
    if (!attempt) {
      return failures;
    }
    await attempt.fail();
  }
}

describe('a known network of an account', () => {
  it('is admitted while other networks are throttled', async () => {
    await succeed(HOME);
    await failAll(ATTACKER);

    await expect(succeed(HOME)).resolves.toBeUndefined();
    await expect(admit(throttle, '198.51.100.7', 'anne')).rejects.toMatchObject({ code: 'throttled' });
  });

  it('has a separate counter with the same limit', async () => {
    await succeed(HOME);

    expect(await failAll(HOME)).toBe(10);
    expect(await failAll(ATTACKER)).toBe(10);
  });

  it('does not reset the delay of other networks with a success', async () => {
    await succeed(HOME);
    await failAll(ATTACKER);

    await succeed(HOME);

    await expect(admit(throttle, ATTACKER, 'anne')).rejects.toMatchObject({ code: 'throttled' });
  });

  it('is unknown for another account', async () => {
    await succeed(HOME);
    for (let index = 0; index < 10; index += 1) {
      await (await admit(throttle, ATTACKER, 'bert')).fail();
    }

    await expect(admit(throttle, HOME, 'bert')).rejects.toMatchObject({ code: 'throttled' });
  });

  it('is known for exactly 30 days after the last success', async () => {
    await succeed(HOME);
    clock.time += 30 * DAY - 1;
    await failAll(ATTACKER);
    (await admit(throttle, HOME, 'anne')).end();

    clock.time += 1;

    await expect(admit(throttle, HOME, 'anne')).rejects.toMatchObject({ code: 'throttled' });
  });

  it('is written once a day', async () => {
    await succeed(HOME);
    const { writes } = counts;
    await succeed(HOME);
    expect(counts.writes).toBe(writes);

    clock.time += DAY + 1;
    await succeed(HOME);

    expect(counts.writes).toBe(writes + 1);
  });

  it('stays known when the delay of the account is lifted', async () => {
    await succeed(HOME);
    await failAll(HOME);

    await counts.transaction((tx) => throttle.lift('anne', tx));

    expect(await failAll(ATTACKER)).toBe(10);
    await expect(succeed(HOME)).resolves.toBeUndefined();
  });
});

describe('ThrottleService without a cached counter of the network', () => {
  it.each([
    ['after a restart', false],
    ['on another replica', true],
  ])('admits the owner while others are throttled, %s', async (_, isShared) => {
    await succeed(HOME);
    const other = throttleInMemory({ clock, counts, isShared, perAddress: 10_000 });
    for (let index = 0; index < 12; index += 1) {
      await admit(other, ATTACKER, 'anne').then(
        (attempt) => attempt.fail(),
        () => undefined,
      );
    }
    expect(() => other.rejectIfThrottled(ATTACKER, 'anne')).toThrow();

    expect(() => other.rejectIfThrottled(HOME, 'anne')).not.toThrow();
    await expect(admit(other, HOME, 'anne')).resolves.toBeDefined();
  });
});

describe('forgotten networks of an account', () => {
  it('share the counter of all others, as after a password change', async () => {
    await succeed(HOME);
    await failAll(ATTACKER);

    await counts.transaction((tx) => throttle.forgetNetworks(['anne'], tx));

    await expect(admit(throttle, HOME, 'anne')).rejects.toMatchObject({ code: 'throttled' });
  });

  it('are the oldest ones beyond a hundred per account', async () => {
    for (let index = 0; index <= 100; index += 1) {
      clock.time += 1;
      await succeed(`192.0.2.${index}`);
    }
    await failAll(ATTACKER);

    await expect(admit(throttle, '192.0.2.0', 'anne')).rejects.toMatchObject({ code: 'throttled' });
    await expect(admit(throttle, '192.0.2.1', 'anne')).resolves.toBeDefined();
  });
});
