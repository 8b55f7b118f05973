import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  CountsInMemory,
  StoppedClock,
  admit,
  throttleInMemory,
} from '../../../../../test/support/unit/throttle-in-memory.js';
import { type Attempt, type ThrottleService } from '../throttle.service.js';

const ADDRESS = '192.0.2.1';
const HASHES_AT_ONCE = 2;

let clock: StoppedClock;
let counts: CountsInMemory;
let replicas: [ThrottleService, ThrottleService];

beforeEach(() => {
  clock = new StoppedClock();
  counts = new CountsInMemory();
  const replica = () => throttleInMemory({ clock, counts, isShared: true });
  replicas = [replica(), replica()];
});

async function confirm(attempt: Attempt): Promise<Attempt | undefined> {
  try {
    await attempt.confirm();
    return attempt;
  } catch {
    attempt.end();
    return undefined;
  }
}

/** Hashes the admitted attempts of a replica, which fail, and returns how many were hashed. */
async function hash(queue: Attempt[]): Promise<number> {
  let hashed = 0;
  for (let turn = queue.splice(0, HASHES_AT_ONCE); turn.length > 0; turn = queue.splice(0, HASHES_AT_ONCE)) {
    // Makes the cached counts outdated.
    clock.time += 10;
    const confirmed = await Promise.all(turn.map(confirm));
    const hashing = confirmed.filter((attempt) => attempt !== undefined);
    hashed += hashing.length;
    await Promise.all(hashing.map((attempt) => attempt.fail()));
  }
  return hashed;
}

describe('SharedCounts of two replicas', () => {
  it.each([
    ['an account', 10, (index: number) => ['anne', `192.0.2.${index}`] as const],
    ['an address', 100, (index: number) => [`user-${index}`, ADDRESS] as const],
  ])(
    'allow as many failures for %s as those of one replica, plus the hashes in progress',
    async (_, limit, attemptOf) => {
      const queues: Attempt[][] = [[], []];
      for (const [index, replica] of replicas.entries()) {
        for (let number = 0; number < limit; number += 1) {
          const [name, address] = attemptOf(number + index * limit);
          queues[index]?.push(await admit(replica, address, name));
        }
      }

      const hashed = await Promise.all(queues.map(hash));

      expect(hashed[0]! + hashed[1]!).toBeGreaterThanOrEqual(limit);
      expect(hashed[0]! + hashed[1]!).toBeLessThanOrEqual(limit + 2 * HASHES_AT_ONCE);
    },
  );

  it('include the failures of both', async () => {
    for (let index = 0; index < 10; index += 1) {
      await (await admit(replicas[index % 2]!, ADDRESS, 'anne')).fail();
    }

    await expect(admit(replicas[0], ADDRESS, 'anne')).rejects.toMatchObject({ code: 'throttled' });
    await expect(admit(replicas[1], ADDRESS, 'anne')).rejects.toMatchObject({ code: 'throttled' });
  });

  it('include a failure here that was written while the count was read', async () => {
    const attempt = await admit(replicas[0], ADDRESS, 'anne');
    jest.spyOn(counts, 'findAll').mockImplementationOnce(async (keys) => {
      const read = await counts.findAll(keys);
      await attempt.fail();
      return read;
    });

    await admit(replicas[0], ADDRESS, 'anne');

    expect(replicas[0].limits(ADDRESS, 'anne').map(({ remaining }) => remaining)).toEqual([99, 9]);
  });

  it('admit attempts within a second after the other replica has removed the delay', async () => {
    for (let index = 0; index < 10; index += 1) {
      await (await admit(replicas[0], ADDRESS, 'anne')).fail();
    }

    await counts.transaction((tx) => replicas[1].lift('anne', tx));
    expect(() => replicas[0].rejectIfThrottled(ADDRESS, 'anne')).toThrow();
    clock.time += 999;
    expect(() => replicas[0].rejectIfThrottled(ADDRESS, 'anne')).toThrow();
    clock.time += 1;

    expect(() => replicas[0].rejectIfThrottled(ADDRESS, 'anne')).not.toThrow();
    await expect(admit(replicas[0], ADDRESS, 'anne')).resolves.toBeDefined();
  });
});

describe('SharedCounts during a flood of throttled attempts', () => {
  it('do not read the database', async () => {
    for (let index = 0; index < 10; index += 1) {
      await (await admit(replicas[0], ADDRESS, 'anne')).fail();
    }
    const { reads } = counts;

    const admitted = Array.from({ length: 1_000 }).filter(() => {
      try {
        replicas[0].rejectIfThrottled(ADDRESS, 'anne');
        return true;
      } catch {
        return false;
      }
    });

    expect([admitted.length, counts.reads]).toEqual([0, reads]);
  });
});

describe('SharedCounts of a single process', () => {
  it('read a count once, and use the cached one afterwards', async () => {
    const single = throttleInMemory({ clock, counts });
    await (await admit(single, ADDRESS, 'anne')).fail();
    const { reads } = counts;

    clock.time += 60_000;
    await (await admit(single, ADDRESS, 'anne')).fail();

    expect([reads, counts.reads]).toEqual([1, 1]);
    expect(single.limits(ADDRESS, 'anne').map(({ remaining }) => remaining)).toEqual([98, 8]);
  });

  it('survive a restart', async () => {
    for (let index = 0; index < 10; index += 1) {
      await (await admit(throttleInMemory({ clock, counts }), ADDRESS, 'anne')).fail();
    }

    await expect(admit(throttleInMemory({ clock, counts }), ADDRESS, 'anne')).rejects.toMatchObject({
      code: 'throttled',
    });
  });
});

describe('SharedCounts of names that were only checked', () => {
  it('do not displace cached counts', async () => {
    const single = throttleInMemory({ clock, counts });
    const attempt = await admit(single, ADDRESS, 'anne');
    for (let index = 0; index < 20_001; index += 1) {
      single.rejectIfThrottled(ADDRESS, `name-${index}`);
      single.limits(ADDRESS, `name-${index}`);
    }

    await attempt.fail();

    expect(single.limits(ADDRESS, 'anne').map(({ remaining }) => remaining)).toEqual([99, 9]);
    expect(counts.reads).toBe(1);
  });
});

describe('SharedCounts after an eviction', () => {
  it('read the evicted count again', async () => {
    const single = throttleInMemory({ clock, counts, perAddress: 100_000 });
    for (let index = 0; index < 10; index += 1) {
      await (await admit(single, ADDRESS, 'anne')).fail();
    }
    for (let index = 0; index < 20_000; index += 1) {
      (await admit(single, ADDRESS, `name-${index}`)).end();
    }

    await expect(admit(single, ADDRESS, 'anne')).rejects.toMatchObject({ code: 'throttled' });
  });
});

describe('SharedCounts that cannot be written', () => {
  it('count failures in memory, so that a full disk does not allow unlimited guesses', async () => {
    const single = throttleInMemory({ clock, counts });
    counts.isBroken = true;
    for (let index = 0; index < 10; index += 1) {
      await expect((await admit(single, ADDRESS, 'anne')).fail()).rejects.toThrow('full');
    }

    await expect(admit(single, ADDRESS, 'anne')).rejects.toMatchObject({ code: 'throttled' });
  });
});

describe('SharedCounts when the clock is set back', () => {
  it('still include the failures of other replicas', async () => {
    (await admit(replicas[0], ADDRESS, 'anne')).end();
    clock.time -= 30 * 60_000;
    for (let index = 0; index < 10; index += 1) {
      await (await admit(replicas[1], ADDRESS, 'anne')).fail();
    }

    await expect(admit(replicas[0], ADDRESS, 'anne')).rejects.toMatchObject({ code: 'throttled' });
  });
});
