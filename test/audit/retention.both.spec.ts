import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AuditRetention } from '../../apps/api/src/audit/trail/audit-retention.service.js';
import { AuditService } from '../../apps/api/src/audit/trail/audit.service.js';
import { AuditVerification } from '../../apps/api/src/audit/verification/audit-verification.service.js';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { ADMIN, TestServer } from '../support/test-server.js';
import { stopClock } from '../support/use-server.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** A midnight in UTC, later than anything the server does on its own. */
const START = Date.UTC(2050, 0, 1);

let server: TestServer;

afterEach(() => {
  jest.restoreAllMocks();
});

const at = (now: number) => stopClock(server, now);

const trim = () => server.app.get(AuditRetention, { strict: false }).trim();

const problems = async () => (await server.app.get(AuditVerification, { strict: false }).verify()).problems;

/** Appends entries at one time. */
async function record(time: number, ...names: string[]): Promise<void> {
  at(time);
  const audit = server.app.get(AuditService, { strict: false });
  await server.app.get(Writes, { strict: false }).transaction(async (tx) => {
    for (const name of names) {
      await audit.record({ action: 'user_created', subject: { kind: 'user', id: null, name } }, tx);
    }
  });
}

interface Row {
  action: string;
  actorName: string | null;
  subjectName: string;
  after: string | null;
}

async function entries(): Promise<Row[]> {
  return server.database.query<Row>(
    'SELECT action, "actorName", "subjectName", "after" FROM audit_events ORDER BY sequence',
  );
}

const names = async () => (await entries()).map(({ subjectName }) => subjectName);

// Covers B60 in docs/explanation/security.md.
describe('the retention of the audit trail', () => {
  beforeAll(async () => {
    server = await TestServer.start({ environment: { LATCHKEY_AUDIT_RETENTION_DAYS: '10' } });
    await server.database.execute(
      'CREATE TABLE kept_events AS SELECT * FROM audit_events',
      'CREATE TABLE kept_chain AS SELECT * FROM audit_chain',
    );
  });

  afterEach(async () => {
    await server.database.execute(
      'DELETE FROM audit_events',
      'INSERT INTO audit_events SELECT * FROM kept_events',
      'DELETE FROM audit_event_subjects',
      'DELETE FROM audit_chain',
      'INSERT INTO audit_chain SELECT * FROM kept_chain',
    );
  });

  afterAll(() => server.remove());

  it('deletes whole days, and records it in the trail', async () => {
    await record(START + 23 * HOUR, 'first day');
    await record(START + DAY, 'second day');
    at(START + 11 * DAY + 23 * HOUR);

    const dropped = await trim();

    const [kept, checkpoint, ...others] = await entries();
    expect(others).toEqual([]);
    expect(kept?.subjectName).toBe('second day');
    expect(checkpoint).toMatchObject({
      action: 'audit_trail_trimmed',
      actorName: 'the server',
      subjectName: 'audit trail',
    });
    expect(JSON.parse(checkpoint?.after ?? '')).toMatchObject({
      sequence: dropped,
      keptFrom: new Date(START + DAY).toISOString(),
    });
    expect(await problems()).toEqual([]);
  });

  it('deletes nothing of a day that is too recent, and records nothing', async () => {
    await record(START, 'first day');
    at(START + 11 * DAY - 1);
    await trim();
    const before = await entries();

    expect(await trim()).toBe(0);

    expect(await entries()).toEqual(before);
    expect(await names()).toContain('first day');
  });

  it('deletes more than one batch, and keeps the chain verifiable', async () => {
    await record(START, ...Array.from({ length: 1_001 }, (_, index) => `old-${index}`));
    await record(START + DAY, ...Array.from({ length: 20 }, (_, index) => `new-${index}`));
    at(START + 11 * DAY);

    expect(await trim()).toBeGreaterThanOrEqual(1_001);

    expect((await names()).filter((name) => name.startsWith('old-'))).toEqual([]);
    expect((await names()).filter((name) => name.startsWith('new-'))).toHaveLength(20);
    expect(await problems()).toEqual([]);
  });

  it('deletes the subject index of deleted entries, and keeps the rest', async () => {
    const rows = () =>
      server.database.query<{ id: string }>('SELECT "id" FROM audit_event_subjects ORDER BY "sequence"');
    const recordAbout = async (time: number, id: string) => {
      at(time);
      const subject = { kind: 'user', id: null, name: 'bulk' } as const;
      await server.app
        .get(Writes, { strict: false })
        .transaction((tx) =>
          server.app
            .get(AuditService, { strict: false })
            .record({ action: 'user_updated', subject, about: [{ id, name: id }] }, tx),
        );
    };
    await recordAbout(START, 'old');
    await recordAbout(START + DAY, 'young');
    at(START + 11 * DAY);

    await trim();

    expect((await rows()).map(({ id }) => id)).toEqual(['young']);
    expect(await problems()).toEqual([]);
  });

  it('deletes everything after a long time without entries, except its own record', async () => {
    await record(START, 'first day');
    at(START + 50 * DAY);

    await trim();

    expect(await names()).toEqual(['audit trail']);
    expect(await problems()).toEqual([]);
  });

  it('deletes its older record with a later day', async () => {
    for (let day = 0; day < 15; day += 1) {
      await record(START + day * DAY, `day ${day}`);
      await trim();
    }
    at(START + 40 * DAY);

    await trim();

    expect(await names()).toEqual(['audit trail']);
    expect(await problems()).toEqual([]);
  });

  it('continues after an interruption without a second record', async () => {
    await record(START, 'a', 'b', 'c');
    await record(START + DAY, 'd');
    at(START + 11 * DAY);
    const writes = server.app.get(Writes, { strict: false });
    const transaction = writes.transaction.bind(writes);
    jest
      .spyOn(writes, 'transaction')
      .mockImplementationOnce(transaction)
      .mockRejectedValueOnce(new Error('the server ends'))
      .mockImplementation(transaction);
    await expect(trim()).rejects.toThrow('the server ends');
    expect(await names()).toEqual(expect.arrayContaining(['a', 'b', 'c', 'd', 'audit trail']));
    expect(await problems()).toEqual([]);

    expect(await trim()).toBeGreaterThanOrEqual(3);

    expect(await names()).toEqual(['d', 'audit trail']);
    expect(await problems()).toEqual([]);
  });

  it('stops at the first recent entry, regardless of clock changes', async () => {
    await record(START, 'old');
    await record(START + 20 * DAY, 'young');
    await record(START + HOUR, 'old, after the clock was set back');
    at(START + 11 * DAY);

    await trim();

    expect(await names()).toEqual(['young', 'old, after the clock was set back', 'audit trail']);
    expect(await problems()).toEqual([]);
  });

  it('leaves a chain that still detects further deletions', async () => {
    await record(START, 'a', 'b', 'c');
    await record(START + DAY, 'd', 'e');
    at(START + 11 * DAY);
    await trim();

    await server.database.execute(`DELETE FROM audit_events WHERE "subjectName" = 'd'`);

    expect(await problems()).toMatchObject([{ code: 'missing', sequence: 1 }]);
  });

  it('keeps rows that someone inserted before the first entry, as evidence', async () => {
    await record(START, 'old');
    await server.database.execute(
      globalThis.DATABASE_KIND === 'postgres'
        ? 'ALTER TABLE audit_events DROP CONSTRAINT IF EXISTS "CHK_audit_events_sequence"'
        : 'PRAGMA ignore_check_constraints = ON',
      `INSERT INTO audit_events (id, sequence, time, "subjectKind", "subjectName", action, outcome, "keyId", "previousMac", mac)
       VALUES ('inserted', -9000000000000000, 1, 'user', 'inserted', 'user_created', 'success', '', '', '')`,
    );
    at(START + 20 * DAY);

    await trim();

    expect(await names()).toEqual(['inserted', 'audit trail']);
    expect(await problems()).toMatchObject([{ code: 'out_of_place', id: 'inserted' }]);
  });

  it('makes a deleted entry unknown to after', async () => {
    await record(START, 'first day');
    const [{ id }] = (await server.database.query<{ id: string }>(
      `SELECT id FROM audit_events WHERE "subjectName" = 'first day'`,
    )) as [{ id: string }];
    at(START + 11 * DAY);
    await trim();
    jest.restoreAllMocks();
    const asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);

    const { status, body } = await server.client.auditEvents(asAdmin, `?after=${id}`);

    expect([status, body.errors?.[0]?.code]).toEqual([400, 'event_unknown']);
  });
});

describe('LATCHKEY_AUDIT_RETENTION_DAYS=0', () => {
  beforeAll(async () => {
    server = await TestServer.start({ environment: { LATCHKEY_AUDIT_RETENTION_DAYS: '0' } });
  });

  afterAll(() => server.remove());

  it('deletes nothing', async () => {
    await record(START, 'first day');
    at(START + 36_500 * DAY);

    expect(await trim()).toBe(0);

    expect(await names()).toContain('first day');
  });
});
