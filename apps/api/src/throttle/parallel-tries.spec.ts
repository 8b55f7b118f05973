import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StoppedClock, throttleInMemory } from '../../../../test/support/throttle-in-memory.js';
import { type ApplicationError } from '../common/application-error.js';
import { type Attempt } from './attempt.js';
import { type ThrottleService } from './throttle.service.js';

const ADDRESS = '192.0.2.1';

let clock: StoppedClock;
let throttle: ThrottleService;

beforeEach(() => {
  clock = new StoppedClock();
  throttle = throttleInMemory({ clock });
});

describe('parallel tries', () => {
  const admitMany = (count: number) => Array.from({ length: count }, () => throttle.admit(ADDRESS, 'anne'));
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

    await Promise.all(admitted.slice().map((attempt) => attempt.fail()));
    await Promise.allSettled(tries);

    expect(admitted).toHaveLength(10);
    expect(refused.map(({ code }) => code)).toEqual(Array.from({ length: 40 }, () => 'throttled'));
  });

  it('lets everybody in, one after another, when those in flight succeed', async () => {
    const tries = admitMany(50);
    const { admitted, refused } = collect(tries);
    for (let index = 0; index < 50; index += 1) {
      await turn();
      await admitted[index]?.succeed();
    }
    await Promise.allSettled(tries);

    expect([admitted.length, refused.length]).toEqual([50, 0]);
  });

  it('past the limit lets one at a time in, so that a delay buys a single guess', async () => {
    for (let index = 0; index < 10; index += 1) {
      await (await throttle.admit(ADDRESS, 'anne')).fail();
    }
    clock.time += 1_000;

    const { admitted } = collect(admitMany(5));
    await turn();
    expect(admitted).toHaveLength(1);
    await admitted[0]?.fail();
    await turn();

    expect(admitted).toHaveLength(1);
  });

  it('answers `overloaded` when those in flight take longer than two seconds', async () => {
    collect(admitMany(10));
    await turn();
    const { admitted, refused } = collect([throttle.admit(ADDRESS, 'anne')]);
    await turn();
    expect([admitted.length, refused.length]).toEqual([0, 0]);

    clock.time += 2_000;
    jest.advanceTimersByTime(2_000);
    await turn();

    expect(refused).toMatchObject([{ code: 'overloaded', options: { retryAfterSeconds: 1 } }]);
  });
});
