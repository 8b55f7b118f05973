import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '../logging/logger.js';
import { RepeatedJob } from './repeated-job.js';

const FIRST = 100;
const INTERVAL = 1_000;

class Job extends RepeatedJob {
  readonly work = jest.fn<() => Promise<void>>().mockResolvedValue();

  constructor(write: (line: string) => void) {
    super(
      { firstMilliseconds: FIRST, intervalMilliseconds: INTERVAL, failure: 'It could not be done' },
      createLogger('info', { write }),
      { isPlausible: () => Promise.resolve(isPlausible) },
    );
  }

  get mustStop(): boolean {
    return this.isStopping;
  }
}

let isPlausible: boolean;
let output: string;
let job: Job;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  isPlausible = true;
  output = '';
  job = new Job((line) => void (output += line));
});

afterEach(async () => {
  await job.beforeApplicationShutdown();
  jest.useRealTimers();
});

async function pass(milliseconds: number): Promise<void> {
  jest.advanceTimersByTime(milliseconds);
  await new Promise(setImmediate);
}

describe('RepeatedJob', () => {
  it('skips the work while the clock is implausible', async () => {
    isPlausible = false;
    await job.runOnce();
    expect(job.work).not.toHaveBeenCalled();

    isPlausible = true;
    await job.runOnce();
    expect(job.work).toHaveBeenCalledTimes(1);
  });

  it('runs soon after startup, and once per interval', async () => {
    job.onApplicationBootstrap();

    await pass(FIRST - 1);
    expect(job.work).not.toHaveBeenCalled();
    await pass(1);
    expect(job.work).toHaveBeenCalledTimes(1);
    await pass(INTERVAL - 1);
    expect(job.work).toHaveBeenCalledTimes(1);
    await pass(1);
    expect(job.work).toHaveBeenCalledTimes(2);
    expect(output).toBe('');
  });

  it('counts the interval from the end of the work', async () => {
    let end: () => void = () => undefined;
    job.work.mockReturnValueOnce(new Promise((resolve) => (end = resolve)));
    job.onApplicationBootstrap();
    await pass(FIRST);

    await pass(5 * INTERVAL);
    expect(job.work).toHaveBeenCalledTimes(1);
    end();
    await pass(0);
    await pass(INTERVAL);

    expect(job.work).toHaveBeenCalledTimes(2);
  });

  it('logs a failure and runs again', async () => {
    job.work.mockRejectedValueOnce(new Error('the disk is gone'));
    job.onApplicationBootstrap();

    await pass(FIRST);
    expect(output).toContain('It could not be done');
    expect(output).toContain('the disk is gone');
    await pass(INTERVAL);

    expect(job.work).toHaveBeenCalledTimes(2);
  });

  it('does not start while the server stops', async () => {
    job.onApplicationBootstrap();
    expect(job.mustStop).toBe(false);

    await job.beforeApplicationShutdown();
    await pass(FIRST + INTERVAL);

    expect(job.mustStop).toBe(true);
    expect(job.work).not.toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('delays a shutdown until the current run ends, and schedules no other', async () => {
    let end: () => void = () => undefined;
    job.work.mockReturnValueOnce(new Promise((resolve) => (end = resolve)));
    job.onApplicationBootstrap();
    await pass(FIRST);

    let hasStopped = false;
    const stopping = job.beforeApplicationShutdown().then(() => (hasStopped = true));
    await pass(0);
    expect(hasStopped).toBe(false);
    end();
    await stopping;

    expect(jest.getTimerCount()).toBe(0);
  });
});
