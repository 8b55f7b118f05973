import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Writes, type WriteTransaction } from '../../platform/database/writes.js';
import { createLogger } from '../../platform/logging/logger.js';
import { AuditTallies } from './audit-tallies.js';
import { type AuditRecord, type AuditService } from '../trail/audit.service.js';

const START = Date.UTC(2030, 0, 1);
const MINUTE = 60_000;

const record = jest.fn<AuditService['record']>();
let now: number;
let output: string;
let tallies: AuditTallies;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  record.mockReset().mockResolvedValue();
  now = START;
  output = '';
  tallies = new AuditTallies(
    { record } as unknown as AuditService,
    { transaction: (work: (tx: WriteTransaction) => unknown) => work({} as WriteTransaction) } as Writes,
    { now: () => now },
    createLogger('info', { write: (line: string) => void (output += line) }),
  );
});

afterEach(() => {
  jest.useRealTimers();
});

const entryFor = (name: string): AuditRecord => ({
  action: 'excess_rate_limit_exceeded',
  outcome: 'failure',
  subject: { kind: 'user', id: null, name },
});

const count = (name = 'anne') => tallies.count(name, 10 * MINUTE, () => entryFor(name));

/** What was recorded, as names with their numbers. */
const recorded = () =>
  record.mock.calls.map(([{ subject, after }]) => `${subject.name} ${(after as { count: number }).count}`);

describe('AuditTallies', () => {
  it('records once a window, with how often and since when', async () => {
    count();
    now += MINUTE;
    count();
    count();
    now = START + 10 * MINUTE;

    await tallies.flush();
    await tallies.flush();

    expect(record).toHaveBeenCalledTimes(1);
    expect(record.mock.calls[0]?.[0]).toEqual({
      ...entryFor('anne'),
      after: { count: 3, firstTime: '2030-01-01T00:00:00.000Z' },
    });
  });

  it('waits until the window is over', async () => {
    count();
    now += 10 * MINUTE - 1;

    await tallies.flush();

    expect(recorded()).toEqual([]);
  });

  it('counts each key apart', async () => {
    count('anne');
    count('bert');
    count('bert');
    now += 10 * MINUTE;

    await tallies.flush();

    expect(recorded()).toEqual(['anne 1', 'bert 2']);
  });

  it('looks by itself, as long as there is something to look for', async () => {
    count();
    now += 10 * MINUTE;

    jest.advanceTimersByTime(30_000);
    await new Promise(setImmediate);

    expect(recorded()).toEqual(['anne 1']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('looks again when the window is not over yet', async () => {
    count();
    jest.advanceTimersByTime(30_000);
    await new Promise(setImmediate);
    now += 10 * MINUTE;

    jest.advanceTimersByTime(30_000);
    await new Promise(setImmediate);

    expect(recorded()).toEqual(['anne 1']);
  });

  it('records what it has when the server stops', async () => {
    count('anne');
    count('bert');

    await tallies.beforeApplicationShutdown();

    expect(recorded()).toEqual(['anne 1', 'bert 1']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('records nothing for whom there is no entry', async () => {
    tallies.count('nobody', MINUTE, () => Promise.resolve(undefined));
    now += MINUTE;

    await tallies.flush();

    expect(recorded()).toEqual([]);
  });

  it('holds ten thousand, and records the oldest early', async () => {
    for (let index = 0; index < 10_001; index += 1) {
      count(`user-${index}`);
    }
    await new Promise(setImmediate);

    expect(recorded()).toEqual(['user-0 1']);
  });

  it('logs what could not be recorded, and goes on', async () => {
    record.mockRejectedValueOnce(new Error('the disk is full'));
    count('anne');
    count('bert');
    now += 10 * MINUTE;

    await tallies.flush();

    expect(JSON.parse(output)).toMatchObject({ count: 1, msg: 'What was counted could not be recorded' });
    expect(recorded()).toEqual(['anne 1', 'bert 1']);
  });

  it('logs nothing of the key of what could not be recorded, which may hold a mistyped password', async () => {
    record.mockRejectedValueOnce(new Error('the disk is full'));
    tallies.count('tries for a mistyped password', MINUTE, () => entryFor('anne'));
    now += MINUTE;

    await tallies.flush();

    expect(output).toContain('the disk is full');
    expect(output).not.toContain('mistyped');
  });
});
