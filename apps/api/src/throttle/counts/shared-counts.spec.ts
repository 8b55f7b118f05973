import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  CountsInMemory,
  StoppedClock,
  throttleInMemory,
} from '../../../../../test/support/throttle-in-memory.js';
import { type Attempt } from '../attempt.js';
import { type ThrottleService } from '../throttle.service.js';

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
    attempt.abandon();
    return undefined;
  }
}

/** Takes what a replica has admitted to its hash queue, where it fails; returns how many were hashed. */
async function hash(queue: Attempt[]): Promise<number> {
  let hashed = 0;
  for (let turn = queue.splice(0, HASHES_AT_ONCE); turn.length > 0; turn = queue.splice(0, HASHES_AT_ONCE)) {
    // What was read before is out of date.
    clock.time += 10;
    const confirmed = await Promise.all(turn.map(confirm));
    const hashing = confirmed.filter((attempt) => attempt !== undefined);
    hashed += hashing.length;
    await Promise.all(hashing.map((attempt) => attempt.fail()));
  }
  return hashed;
}

describe('two replicas', () => {
  it.each([
    ['an account', 10, (index: number) => ['anne', `192.0.2.${index}`] as const],
    ['an address', 100, (index: number) => [`user-${index}`, ADDRESS] as const],
  ])(
    'together hash no more wrong passwords for %s than one, and those being hashed',
    async (_, limit, tryOf) => {
      const queues: Attempt[][] = [[], []];
      for (const [index, replica] of replicas.entries()) {
        for (let number = 0; number < limit; number += 1) {
          const [name, address] = tryOf(number + index * limit);
          queues[index]?.push(await replica.admit(address, name));
        }
      }

      const hashed = await Promise.all(queues.map(hash));

      expect(hashed[0]! + hashed[1]!).toBeGreaterThanOrEqual(limit);
      expect(hashed[0]! + hashed[1]!).toBeLessThanOrEqual(limit + 2 * HASHES_AT_ONCE);
    },
  );

  it('count one another: what one has refused, the other refuses', async () => {
    for (let index = 0; index < 10; index += 1) {
      await (await replicas[index % 2]!.admit(ADDRESS, 'anne')).fail();
    }

    await expect(replicas[0].admit(ADDRESS, 'anne')).rejects.toMatchObject({ code: 'throttled' });
    await expect(replicas[1].admit(ADDRESS, 'anne')).rejects.toMatchObject({ code: 'throttled' });
  });

  it('let somebody in within a second when the other has lifted the throttle', async () => {
    for (let index = 0; index < 10; index += 1) {
      await (await replicas[0].admit(ADDRESS, 'anne')).fail();
    }

    await counts.transaction((tx) => replicas[1].lift('anne', tx));
    expect(() => replicas[0].refuseIfThrottled(ADDRESS, 'anne')).toThrow();
    clock.time += 999;
    expect(() => replicas[0].refuseIfThrottled(ADDRESS, 'anne')).toThrow();
    clock.time += 1;

    expect(() => replicas[0].refuseIfThrottled(ADDRESS, 'anne')).not.toThrow();
    await expect(replicas[0].admit(ADDRESS, 'anne')).resolves.toBeDefined();
  });
});

describe('a flood of tries that are throttled', () => {
  it('asks the database once a second at most', async () => {
    for (let index = 0; index < 10; index += 1) {
      await (await replicas[0].admit(ADDRESS, 'anne')).fail();
    }
    const { reads } = counts;

    for (let index = 0; index < 1_000; index += 1) {
      expect(() => replicas[0].refuseIfThrottled(ADDRESS, 'anne')).toThrow();
    }

    expect(counts.reads).toBe(reads);
  });
});

describe('a process that writes alone', () => {
  it('reads a count once, and goes by its memory from then on', async () => {
    const alone = throttleInMemory({ clock, counts });
    await (await alone.admit(ADDRESS, 'anne')).fail();
    const { reads } = counts;

    clock.time += 60_000;
    await (await alone.admit(ADDRESS, 'anne')).fail();

    expect([reads, counts.reads]).toEqual([1, 1]);
    expect(alone.limits(ADDRESS, 'anne').map(({ remaining }) => remaining)).toEqual([98, 8]);
  });

  it('goes on after a restart with what it had counted before', async () => {
    for (let index = 0; index < 10; index += 1) {
      await (await throttleInMemory({ clock, counts }).admit(ADDRESS, 'anne')).fail();
    }

    await expect(throttleInMemory({ clock, counts }).admit(ADDRESS, 'anne')).rejects.toMatchObject({
      code: 'throttled',
    });
  });
});

describe('tries that are refused before they are counted', () => {
  it('take no memory, whatever they name', async () => {
    const alone = throttleInMemory({ clock, counts });
    const attempt = await alone.admit(ADDRESS, 'anne');
    for (let index = 0; index < 20_001; index += 1) {
      alone.refuseIfThrottled(ADDRESS, `name-${index}`);
      alone.limits(ADDRESS, `name-${index}`);
    }

    await attempt.fail();

    expect(alone.limits(ADDRESS, 'anne').map(({ remaining }) => remaining)).toEqual([99, 9]);
    expect(counts.reads).toBe(1);
  });
});

describe('a count that memory has forgotten', () => {
  it('is read again, with all that it was', async () => {
    const alone = throttleInMemory({ clock, counts, perAddress: 100_000 });
    for (let index = 0; index < 10; index += 1) {
      await (await alone.admit(ADDRESS, 'anne')).fail();
    }
    for (let index = 0; index < 20_000; index += 1) {
      (await alone.admit(ADDRESS, `name-${index}`)).abandon();
    }

    await expect(alone.admit(ADDRESS, 'anne')).rejects.toMatchObject({ code: 'throttled' });
  });
});

describe('failures that cannot be written down', () => {
  it('count in memory: a full disk is no licence to guess', async () => {
    const alone = throttleInMemory({ clock, counts });
    counts.isBroken = true;
    for (let index = 0; index < 10; index += 1) {
      await expect((await alone.admit(ADDRESS, 'anne')).fail()).rejects.toThrow('full');
    }

    await expect(alone.admit(ADDRESS, 'anne')).rejects.toMatchObject({ code: 'throttled' });
  });
});

describe('a clock that is set back', () => {
  it('keeps no replica from reading what others have counted', async () => {
    (await replicas[0].admit(ADDRESS, 'anne')).abandon();
    clock.time -= 30 * 60_000;
    for (let index = 0; index < 10; index += 1) {
      await (await replicas[1].admit(ADDRESS, 'anne')).fail();
    }

    await expect(replicas[0].admit(ADDRESS, 'anne')).rejects.toMatchObject({ code: 'throttled' });
  });
});
