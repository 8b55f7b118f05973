import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StoppedClock, admit, throttleInMemory } from '../../../../test/support/unit/throttle-in-memory.js';
import { type ApplicationError } from '../common/application-error.js';
import { type Attempt, type ThrottleService } from './throttle.service.js';

const ADDRESS = '192.0.2.1';

let clock: StoppedClock;
let throttle: ThrottleService;

beforeEach(() => {
  clock = new StoppedClock();
  throttle = throttleInMemory({ clock });
});

describe('ThrottleService.admit in parallel', () => {
  const admitMany = (count: number) => Array.from({ length: count }, () => admit(throttle, ADDRESS, 'anne'));
  const turn = () => new Promise(setImmediate);

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  /** Collects the attempts admitted so far, and the errors of the others. */
  function collect(pending: Promise<Attempt>[]) {
    const admitted: Attempt[] = [];
    const rejected: ApplicationError[] = [];
    for (const attempt of pending) {
      attempt.then(
        (value) => admitted.push(value),
        (error: ApplicationError) => rejected.push(error),
      );
    }
    return { admitted, rejected };
  }

  it('admits as many as the limit allows and makes the others wait', async () => {
    const { admitted, rejected } = collect(admitMany(50));
    await turn();

    expect([admitted.length, rejected.length]).toEqual([10, 0]);
    admitted.forEach((attempt) => attempt.end());
  });

  it('rejects waiting attempts when all attempts in flight fail', async () => {
    const pending = admitMany(50);
    const { admitted, rejected } = collect(pending);
    await turn();

    await Promise.all(admitted.slice().map((attempt) => attempt.fail()));
    await Promise.allSettled(pending);

    expect(admitted).toHaveLength(10);
    expect(rejected.map(({ code }) => code)).toEqual(Array.from({ length: 40 }, () => 'throttled'));
  });

  it('admits all attempts in turn when those in flight succeed', async () => {
    const pending = admitMany(50);
    const { admitted, rejected } = collect(pending);
    for (let index = 0; index < 50; index += 1) {
      await turn();
      await admitted[index]?.succeed();
    }
    await Promise.allSettled(pending);

    expect([admitted.length, rejected.length]).toEqual([50, 0]);
  });

  it('admits one attempt at a time past the limit', async () => {
    for (let index = 0; index < 10; index += 1) {
      await (await admit(throttle, ADDRESS, 'anne')).fail();
    }
    clock.time += 1_000;

    const { admitted } = collect(admitMany(5));
    await turn();
    expect(admitted).toHaveLength(1);
    await admitted[0]?.fail();
    await turn();

    expect(admitted).toHaveLength(1);
  });

  it('rejects with `overloaded` when attempts in flight take longer than two seconds', async () => {
    collect(admitMany(10));
    await turn();
    const { admitted, rejected } = collect([admit(throttle, ADDRESS, 'anne')]);
    await turn();
    expect([admitted.length, rejected.length]).toEqual([0, 0]);

    clock.time += 2_000;
    jest.advanceTimersByTime(2_000);
    await turn();

    expect(rejected).toMatchObject([{ code: 'overloaded', options: { retryAfterSeconds: 1 } }]);
  });

  it('waits two seconds altogether, even if another attempt takes the place of one that ends', async () => {
    const first = collect(admitMany(10));
    await turn();
    const { admitted, rejected } = collect(admitMany(2));
    await turn();
    clock.time += 1_500;
    first.admitted[0]?.end();
    await turn();
    expect([admitted.length, rejected.length]).toEqual([1, 0]);

    clock.time += 500;
    jest.advanceTimersByTime(500);
    await turn();

    expect(rejected).toMatchObject([{ code: 'overloaded' }]);
  });

  it('leaves the limit of the address to others when the account has no place', async () => {
    throttle = throttleInMemory({ clock, perAddress: 11 });
    collect([...admitMany(10), ...admitMany(1)]);
    await turn();
    clock.time += 2_000;
    jest.advanceTimersByTime(2_000);
    await turn();

    const { admitted } = collect([admit(throttle, ADDRESS, 'bert')]);
    await turn();

    expect(admitted).toHaveLength(1);
  });

  it('counts the end of an attempt once', async () => {
    const attempt = await admit(throttle, ADDRESS, 'anne');
    await attempt.fail();
    attempt.end();

    const { admitted } = collect(admitMany(50));
    await turn();

    expect(admitted).toHaveLength(9);
  });
});
