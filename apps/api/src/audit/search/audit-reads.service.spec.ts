import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { principalWith } from '../../../../../test/support/unit/fake-call.js';
import { StoppedClock } from '../../../../../test/support/unit/throttle-in-memory.js';
import { AuditReads } from './audit-reads.service.js';
import { type AuditRecord, type AuditService } from '../trail/audit.service.js';

const QUIET = 600_000;
const ANNE = principalWith();

let clock: StoppedClock;
let record: jest.Mock<(record: AuditRecord) => Promise<void>>;
let reads: AuditReads;

beforeEach(() => {
  clock = new StoppedClock();
  record = jest.fn(() => Promise.resolve());
  reads = new AuditReads({ recordEvent: record } as unknown as AuditService, clock);
});

describe('AuditReads', () => {
  it('records a reader', async () => {
    await reads.recordOnce(ANNE);

    expect(record.mock.calls[0]?.[0]).toEqual({
      action: 'audit_read',
      actor: ANNE,
      subject: { kind: 'audit', id: null, name: 'audit trail' },
    });
  });

  it.each([
    [QUIET - 1, 1],
    [QUIET, 2],
    [-QUIET + 1, 1],
    [-QUIET, 2],
  ])('after a second read %d ms later has %d entries', async (milliseconds, entries) => {
    await reads.recordOnce(ANNE);
    clock.time += milliseconds;

    await reads.recordOnce(ANNE);

    expect(record).toHaveBeenCalledTimes(entries);
  });

  it('records each reader separately', async () => {
    await reads.recordOnce(ANNE);

    await reads.recordOnce(principalWith({ id: 'id-bert' }));

    expect(record).toHaveBeenCalledTimes(2);
  });

  it('rejects a read that cannot be recorded, and records the next attempt', async () => {
    record.mockRejectedValueOnce(new Error('full'));

    const attempts = [reads.recordOnce(ANNE), reads.recordOnce(ANNE)];

    expect(await Promise.allSettled(attempts)).toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ]);
    await expect(reads.recordOnce(ANNE)).resolves.toBeUndefined();
    expect(record).toHaveBeenCalledTimes(2);
  });
});
