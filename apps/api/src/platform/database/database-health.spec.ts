import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger, logFailure, type Logger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { DatabaseHealth } from './database-health.js';
import { type Database } from './database.js';
import { DiskTrust } from './sqlite/durability/disk-trust.js';
import { type Writes } from './writes.js';

const FULL = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
const SYNC = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' });

let read: jest.Mock<() => Promise<unknown>>;
let write: jest.Mock<() => Promise<unknown>>;
let disk: DiskTrust;
let logger: Logger;
let lines: { level: number; msg: string; failures?: number }[];
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

afterEach(() => health.beforeApplicationShutdown());

/** Logs failures, and waits for the check that follows. */
async function fail(...errors: unknown[]): Promise<void> {
  errors.forEach((err, index) => logFailure(logger, { err }, `failure ${index}`));
  for (let count = 0; count < 5; count += 1) {
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

  it('logs the loss of the disk, and no rejected write after it', async () => {
    await disk.guard(() => Promise.reject(SYNC)).catch(() => undefined);

    await fail(SYNC, FULL);

    expect(messages()).toEqual([[50, expect.stringMatching('^The disk has failed')]]);
    expect(health.hasLostDisk).toBe(true);
  });
});
