import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '../../platform/logging/logger.js';
import { AuditTallies } from './audit-tallies.service.js';
import { type AuditRecord, type AuditService } from '../trail/audit.service.js';

const START = Date.UTC(2030, 0, 1);
const MINUTE = 60_000;

const record = jest.fn<AuditService['recordEvent']>();
let now: number;
let output: string;
let tallies: AuditTallies;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  record.mockReset().mockResolvedValue();
  now = START;
  output = '';
  tallies = new AuditTallies(
    { recordEvent: record } as unknown as AuditService,
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

/** Recorded entries, as names with their counts. */
const recorded = () =>
  record.mock.calls.map(([{ subject, after }]) => `${subject.name} ${(after as { count: number }).count}`);

describe('AuditTallies', () => {
  it('records one entry per window, with the count and the first time', async () => {
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

  it('records nothing before the window closes', async () => {
    count();
    now += 10 * MINUTE - 1;

    await tallies.flush();

    expect(recorded()).toEqual([]);
  });

  it('counts each key separately', async () => {
    count('anne');
    count('bert');
    count('bert');
    now += 10 * MINUTE;

    await tallies.flush();

    expect(recorded()).toEqual(['anne 1', 'bert 2']);
  });

  it('records by a timer, which stops when no tally is open', async () => {
    count();
    now += 10 * MINUTE;

    jest.advanceTimersByTime(30_000);
    await new Promise(setImmediate);

    expect(recorded()).toEqual(['anne 1']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('restarts the timer while a window is open', async () => {
    count();
    jest.advanceTimersByTime(30_000);
    await new Promise(setImmediate);
    now += 10 * MINUTE;

    jest.advanceTimersByTime(30_000);
    await new Promise(setImmediate);

    expect(recorded()).toEqual(['anne 1']);
  });

  it('records all open tallies when the server stops', async () => {
    count('anne');
    count('bert');

    await tallies.beforeApplicationShutdown();

    expect(recorded()).toEqual(['anne 1', 'bert 1']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('records nothing when the tally has no entry', async () => {
    tallies.count('deleted-user', MINUTE, () => Promise.resolve(undefined));
    now += MINUTE;

    await tallies.flush();

    expect(recorded()).toEqual([]);
    expect(output).toBe('');
  });

  it('records the oldest tally early when more than 10,000 are open', async () => {
    for (let index = 0; index < 10_001; index += 1) {
      count(`user-${index}`);
    }
    await new Promise(setImmediate);

    expect(recorded()).toEqual(['user-0 1']);
  });

  it('logs a failure to record, and continues with the next tally', async () => {
    record.mockRejectedValueOnce(new Error('the disk is full'));
    count('anne');
    count('bert');
    now += 10 * MINUTE;

    await tallies.flush();

    expect(JSON.parse(output)).toMatchObject({
      count: 1,
      msg: 'Could not record counted events in the audit trail',
    });
    expect(recorded()).toEqual(['anne 1', 'bert 1']);
  });

  it('does not log the key of a tally, which may contain a mistyped password', async () => {
    record.mockRejectedValueOnce(new Error('the disk is full'));
    tallies.count('attempts for a mistyped password', MINUTE, () => entryFor('anne'));
    now += MINUTE;

    await tallies.flush();

    expect(output).toContain('the disk is full');
    expect(output).not.toContain('mistyped');
  });
});
