import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  CountsInMemory,
  StoppedClock,
  admit,
  throttleInMemory,
} from '../../../../test/support/unit/throttle-in-memory.js';
import { type Attempt, type ThrottleService } from './throttle.service.js';

const ADDRESS = '192.0.2.1';
const ELSEWHERE = '203.0.113.9';

let clock: StoppedClock;
let counts: CountsInMemory;
let recorded: string[];
let here: ThrottleService;
let other: ThrottleService;

beforeEach(() => {
  clock = new StoppedClock();
  counts = new CountsInMemory();
  recorded = [];
  const audit = {
    recordAccount: (name: string) => void recorded.push(name),
    recordNetwork: (network: string) => void recorded.push(network),
  };
  here = throttleInMemory({ clock, counts, isShared: true, audit });
  other = throttleInMemory({ clock, counts, isShared: true });
});

const admitMany = (count: number): Promise<Attempt[]> =>
  Promise.all(Array.from({ length: count }, () => admit(here, ADDRESS, 'anne')));

/** Fails on another replica, so that the counts cached here are outdated. */
async function failElsewhere(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await (await admit(other, ELSEWHERE, 'anne')).fail();
  }
  clock.time += 10;
}

describe('confirm', () => {
  it('passes while the attempts being hashed leave room in the limit', async () => {
    const [first, second] = await admitMany(2);
    await failElsewhere(9);

    await expect(first?.confirm()).resolves.toBeUndefined();
    await expect(second?.confirm()).rejects.toMatchObject({
      code: 'throttled',
      options: { retryAfterSeconds: 1 },
    });
    expect(recorded).toEqual(['anne']);
  });

  it.each([
    ['has no outcome', (attempt: Attempt) => Promise.resolve(attempt.end())],
    ['succeeded', (attempt: Attempt) => attempt.succeed()],
  ])('passes once an attempt being hashed %s', async (_, end) => {
    const [first, second] = await admitMany(2);
    await failElsewhere(9);
    await first?.confirm();

    await end(first!);

    await expect(second?.confirm()).resolves.toBeUndefined();
  });

  it.each([
    ['failed', async (attempt: Attempt) => (await attempt.confirm(), attempt.fail()), 8],
    ['ended before its password was hashed', (attempt: Attempt) => Promise.resolve(attempt.end()), 9],
  ])('passes for one attempt at a time at the limit, after another %s', async (_, end, failures) => {
    const [first, second, third] = await admitMany(3);
    await end(first!);
    await failElsewhere(failures);

    await expect(second?.confirm()).resolves.toBeUndefined();
    await expect(third?.confirm()).rejects.toMatchObject({ code: 'throttled' });
  });

  it('rejects for as long as failures on other replicas block the account', async () => {
    const [attempt] = await admitMany(1);
    await failElsewhere(10);
    clock.time += 500;

    await expect(attempt?.confirm()).rejects.toMatchObject({
      code: 'throttled',
      options: { retryAfterSeconds: 1 },
    });
    expect(recorded).toEqual(['anne']);
  });

  it('reads the database at most every ten milliseconds', async () => {
    const [first, second] = await admitMany(2);
    const { reads } = counts;

    clock.time += 9;
    await first?.confirm();
    expect(counts.reads).toBe(reads);
    clock.time += 1;
    await second?.confirm();

    expect(counts.reads).toBe(reads + 1);
  });
});

describe('fail', () => {
  it('calls `record` in its transaction', async () => {
    const [attempt] = await admitMany(1);
    const record = jest.fn(() => Promise.resolve());

    await attempt?.fail(record);

    expect(record).toHaveBeenCalledTimes(1);
    expect(here.limits(ADDRESS, 'anne').map(({ remaining }) => remaining)).toEqual([99, 9]);
  });

  it('counts in memory and leaves no attempt in flight when the transaction fails', async () => {
    const attempts = await admitMany(10);
    counts.isBroken = true;

    const ended = await Promise.allSettled(attempts.map((attempt) => attempt.fail()));

    expect(ended.every(({ status }) => status === 'rejected')).toBe(true);
    expect(here.limits(ADDRESS, 'anne').map(({ remaining }) => remaining)).toEqual([90, 0]);
  });
});

describe('succeed', () => {
  const remaining = (address: string) => here.limits(address, 'anne').at(-1)?.remaining;

  it('resets the counter that limited it: that of the known network, else that of all others', async () => {
    for (let index = 0; index < 3; index += 1) {
      await (await admit(here, ADDRESS, 'anne')).fail();
    }

    await (await admit(here, ADDRESS, 'anne')).succeed();
    expect(remaining(ELSEWHERE)).toBe(10);
    await (await admit(here, ADDRESS, 'anne')).fail();
    await (await admit(here, ELSEWHERE, 'anne')).fail();
    await (await admit(here, ADDRESS, 'anne')).succeed();

    expect([remaining(ADDRESS), remaining(ELSEWHERE)]).toEqual([10, 9]);
  });

  it('writes nothing without a name, such as for a set-up secret', async () => {
    const transaction = jest.spyOn(counts, 'transaction');

    await (await admit(here, ADDRESS)).succeed();

    expect(transaction).not.toHaveBeenCalled();
  });

  it('writes nothing on a known network without failures', async () => {
    await (await admit(here, ADDRESS, 'anne')).succeed();
    const transaction = jest.spyOn(counts, 'transaction');

    await (await admit(here, ADDRESS, 'anne')).succeed();

    expect(transaction).not.toHaveBeenCalled();
  });

  it('keeps the hundred most recent networks of the account', async () => {
    const keepKnown = jest.spyOn(counts, 'keepKnown');

    await (await admit(here, ADDRESS, 'anne')).succeed();

    expect(keepKnown.mock.calls.map(([account, most]) => [account, most])).toEqual([['anne', 100]]);
  });
});
