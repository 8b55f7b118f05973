import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  CountsInMemory,
  StoppedClock,
  throttleInMemory,
} from '../../../../test/support/throttle-in-memory.js';
import { type Attempt } from './attempt.js';
import { type ThrottleService } from './throttle.service.js';

const ADDRESS = '192.0.2.1';
const ELSEWHERE = '203.0.113.9';

let clock: StoppedClock;
let counts: CountsInMemory;
let told: string[];
let here: ThrottleService;
let other: ThrottleService;

beforeEach(() => {
  clock = new StoppedClock();
  counts = new CountsInMemory();
  told = [];
  const tries = {
    ofAccount: (name: string) => void told.push(name),
    ofNetwork: (network: string) => void told.push(network),
  };
  here = throttleInMemory({ clock, counts, isShared: true, tries });
  other = throttleInMemory({ clock, counts, isShared: true });
});

const admit = (count: number): Promise<Attempt[]> =>
  Promise.all(Array.from({ length: count }, () => here.admit(ADDRESS, 'anne')));

/** Fails on another replica; what was read here before is out of date then. */
async function failElsewhere(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await (await other.admit(ELSEWHERE, 'anne')).fail();
  }
  clock.time += 10;
}

describe('a try whose turn has come', () => {
  it('goes on as long as those being hashed leave room for it', async () => {
    const [first, second] = await admit(2);
    await failElsewhere(9);

    await expect(first?.confirm()).resolves.toBeUndefined();
    await expect(second?.confirm()).rejects.toMatchObject({
      code: 'throttled',
      options: { retryAfterSeconds: 1 },
    });
    expect(told).toEqual(['anne']);
  });

  it.each([
    ['was abandoned', (attempt: Attempt) => Promise.resolve(attempt.abandon())],
    ['succeeded', (attempt: Attempt) => attempt.succeed()],
  ])('goes on again once one that was hashed %s', async (_, end) => {
    const [first, second] = await admit(2);
    await failElsewhere(9);
    await first?.confirm();

    await end(first!);

    await expect(second?.confirm()).resolves.toBeUndefined();
  });

  it('waits as long as others have brought upon the account meanwhile', async () => {
    const [attempt] = await admit(1);
    await failElsewhere(10);
    clock.time += 500;

    await expect(attempt?.confirm()).rejects.toMatchObject({
      code: 'throttled',
      options: { retryAfterSeconds: 1 },
    });
    expect(told).toEqual(['anne']);
  });

  it('asks the database no more often than every ten milliseconds', async () => {
    const [first, second] = await admit(2);
    const { reads } = counts;

    clock.time += 9;
    await first?.confirm();
    expect(counts.reads).toBe(reads);
    clock.time += 1;
    await second?.confirm();

    expect(counts.reads).toBe(reads + 1);
  });
});

describe('a failure', () => {
  it('is written in one transaction with what belongs to it', async () => {
    const [attempt] = await admit(1);
    const record = jest.fn(() => Promise.resolve());

    await attempt?.fail(record);

    expect(record).toHaveBeenCalledTimes(1);
    expect(here.limits(ADDRESS, 'anne').map(({ remaining }) => remaining)).toEqual([99, 9]);
  });

  it('counts in this process, and is no try on its way any more, when it cannot be written', async () => {
    const attempts = await admit(10);
    counts.isBroken = true;

    const ended = await Promise.allSettled(attempts.map((attempt) => attempt.fail()));

    expect(ended.every(({ status }) => status === 'rejected')).toBe(true);
    expect(here.limits(ADDRESS, 'anne').map(({ remaining }) => remaining)).toEqual([90, 0]);
  });
});

describe('a success', () => {
  const remaining = (address: string) => here.limits(address, 'anne').at(-1)?.remaining;

  it('ends the failures that it counted with, those from anywhere if its network was not known', async () => {
    for (let index = 0; index < 3; index += 1) {
      await (await here.admit(ADDRESS, 'anne')).fail();
    }

    await (await here.admit(ADDRESS, 'anne')).succeed();
    expect(remaining(ELSEWHERE)).toBe(10);
    await (await here.admit(ADDRESS, 'anne')).fail();
    await (await here.admit(ELSEWHERE, 'anne')).fail();
    await (await here.admit(ADDRESS, 'anne')).succeed();

    expect([remaining(ADDRESS), remaining(ELSEWHERE)]).toEqual([10, 9]);
  });

  it('of what names nobody, such as a set-up secret, writes nothing', async () => {
    const { writes } = counts;

    await (await here.admit(ADDRESS)).succeed();

    expect(counts.writes).toBe(writes);
  });

  it('keeps the hundred newest networks of the account', async () => {
    const keepKnown = jest.spyOn(counts, 'keepKnown');

    await (await here.admit(ADDRESS, 'anne')).succeed();

    expect(keepKnown.mock.calls.map(([account, most]) => [account, most])).toEqual([['anne', 100]]);
  });
});
