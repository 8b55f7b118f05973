import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger, logFailure, type Logger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.service.js';
import { DatabaseHealth } from './database-health.service.js';
import { type Database } from './database.js';
import { DiskTrust } from './sqlite/durability/log-sync.js';
import { type Writes } from './writes.service.js';

const FULL = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
const SYNC = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' });

let read: jest.Mock<() => Promise<unknown>>;
let write: jest.Mock<() => Promise<unknown>>;
let disk: DiskTrust;
let logger: Logger;
let lines: { level: number; msg: string; failures?: number; seconds?: number }[];
let health: DatabaseHealth;

beforeEach(() => {
  read = jest.fn(() => Promise.resolve());
  write = jest.fn(() => Promise.resolve());
  disk = new DiskTrust();
  lines = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(JSON.parse(chunk.toString()) as (typeof lines)[number]);
      done();
    },
  });
  logger = createLogger('info', sink);
  health = new DatabaseHealth(
    { reader: { query: read }, hasOneWriter: true } as unknown as Database,
    { transaction: write, disk } as unknown as Writes,
    new Metrics(),
    logger,
  );
});

afterEach(() => {
  jest.useRealTimers();
  health.beforeApplicationShutdown();
});

/** Logs failures and waits for the check that follows. */
async function fail(...errors: unknown[]): Promise<void> {
  errors.forEach((err, index) => logFailure(logger, { err }, `failure ${index}`));
  for (let count = 0; count < 5; count += 1) {
    await turn();
  }
}

/** Advances fake timers. */
async function later(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    await jest.advanceTimersByTimeAsync(100);
    await turn();
  }
}

const messages = () => lines.map(({ level, msg }) => [level, msg]);

describe('DatabaseHealth', () => {
  it('logs the failure of a single operation when writes succeed', async () => {
    await fail(FULL);

    expect([messages(), health.outage]).toEqual([[[40, 'failure 0']], undefined]);
  });

  it('logs one line for all failures while writes fail', async () => {
    write.mockRejectedValue(FULL);

    await fail(FULL, new Error('in the audit trail', { cause: FULL }));
    await fail(FULL, FULL);

    expect(messages()).toEqual([[50, expect.stringMatching('^The database accepts no changes')]]);
    expect(health.outage).toBe('unwritable');
  });

  it('logs all failures that are not those of the database', async () => {
    write.mockRejectedValue(FULL);

    await fail(FULL, new Error('a fault'), undefined);

    expect(messages()).toEqual([
      [40, 'failure 1'],
      [40, 'failure 2'],
      [50, expect.stringMatching('^The database accepts no changes')],
    ]);
  });

  it('does not take a full queue for an outage', async () => {
    write.mockRejectedValue(new Error('overloaded'));

    await fail(FULL);

    expect([messages(), health.outage]).toEqual([[[40, 'failure 0']], undefined]);
  });

  it('prefers that the database does not respond', async () => {
    read.mockRejectedValue(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    write.mockRejectedValue(FULL);

    expect(await health.check()).toBe('unavailable');
    expect(messages()).toEqual([[50, 'The database does not respond']]);
  });

  it('logs how many failures of single operations it did not log', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });

    await fail(...Array.from({ length: 12 }, () => FULL));
    await later(1_000);

    expect(lines.filter(({ msg }) => msg.startsWith('failure'))).toHaveLength(10);
    expect(lines.find(({ failures }) => failures)).toMatchObject({
      level: 40,
      failures: 2,
      msg: expect.stringMatching('^More operations'),
    });
  });

  it('counts all failures before an outage', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    write.mockRejectedValueOnce(FULL);

    await fail(...Array.from({ length: 12 }, () => FULL));
    await later(2_000);

    expect(lines.at(-1)).toMatchObject({ failures: 12, msg: 'The database accepts changes again' });
  });

  it('logs another kind of outage without a recovery, and the duration of both', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    write.mockRejectedValue(FULL);
    await fail(FULL);
    await later(3_000);

    read.mockRejectedValue(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    await later(2_000);
    expect(health.outage).toBe('unavailable');
    read.mockResolvedValue(undefined);
    write.mockResolvedValue(undefined);
    await later(2_000);

    expect(messages()).toEqual([
      [50, expect.stringMatching('^The database accepts no changes')],
      [50, 'The database does not respond'],
      [30, 'The database responds again'],
    ]);
    expect(lines.at(-1)).toMatchObject({ failures: 1 });
    expect(lines.at(-1)?.seconds).toBeGreaterThanOrEqual(5);
  });

  it('logs the loss of the disk, and no rejected write after it', async () => {
    await disk.guard(() => Promise.reject(SYNC)).catch(() => undefined);

    await fail(SYNC, FULL);

    expect(messages()).toEqual([[50, expect.stringMatching('^The disk has failed')]]);
    expect(health.hasLostDisk).toBe(true);
  });
});
