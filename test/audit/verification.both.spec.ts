import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AuditRepository } from '../../apps/api/src/audit/trail/audit.repository.js';
import { AuditService } from '../../apps/api/src/audit/trail/audit.service.js';
import {
  AuditVerification,
  type AuditVerdict,
} from '../../apps/api/src/audit/verification/audit-verification.service.js';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { ADMIN, TestServer } from '../support/test-server.js';

/** More than one batch of the verification. */
const ENTRIES = 1_001;

/** Every column except id and sequence number. */
const COPIED =
  'time, "actorId", "actorName", "subjectKind", "subjectId", "subjectName", action, outcome, address, "traceId", ' +
  '"before", "after", "keyId", "previousMac", mac, "actorTokenId"';

let server: TestServer;
let length: number;

beforeAll(async () => {
  server = await TestServer.start();
  await record(ENTRIES);
  await execute(
    'CREATE TABLE kept_events AS SELECT * FROM audit_events',
    'CREATE TABLE kept_chain AS SELECT * FROM audit_chain',
  );
  ({ entries: length } = await verify());
});

afterEach(() =>
  execute(
    'DELETE FROM audit_events',
    'INSERT INTO audit_events SELECT * FROM kept_events',
    'DELETE FROM audit_chain',
    'INSERT INTO audit_chain SELECT * FROM kept_chain',
  ),
);

afterAll(() => server.remove());

const execute = (...statements: string[]) => server.database.execute(...statements);

const verify = (head?: string, report?: (done: number, total: number) => void): Promise<AuditVerdict> =>
  server.app.get(AuditVerification, { strict: false }).verify({ ...(head && { head }) }, report);

/** Returns the problems as `code sequence`. */
async function found(head?: string): Promise<string[]> {
  return (await verify(head)).problems.map(({ code, sequence }) => `${code} ${sequence}`);
}

/** Appends entries like the server. */
async function record(count: number): Promise<void> {
  const audit = server.app.get(AuditService, { strict: false });
  await server.app.get(Writes, { strict: false }).transaction(async (tx) => {
    for (let index = 0; index < count; index += 1) {
      const subject = { kind: 'user', id: null, name: `user-${index}` } as const;
      await audit.record({ action: 'user_created', subject }, tx);
    }
  });
}

/**
 * Lifts the check of the numbers, like someone who can change the database. On SQLite, for this connection.
 */
const withoutCheck = () =>
  globalThis.DATABASE_KIND === 'postgres'
    ? 'ALTER TABLE audit_events DROP CONSTRAINT IF EXISTS "CHK_audit_events_sequence"'
    : 'PRAGMA ignore_check_constraints = ON';

/** Inserts a copy of an entry with another number and time. */
const insertCopy = (sequence: number | string, time: number | string = 'time') =>
  `INSERT INTO audit_events SELECT 'new', ${sequence}, ${COPIED.replace('time', String(time))} FROM audit_events WHERE sequence = 700`;

// Covers B60 in docs/explanation/security.md.
describe('the verification of the audit trail', () => {
  it('returns no problem and the head for an unchanged trail', async () => {
    const { entries, problems, head } = await verify();

    const [last] = await server.database.query<{ sequence: number; mac: string }>(
      'SELECT sequence, mac FROM audit_events ORDER BY sequence DESC LIMIT 1',
    );
    expect(problems).toEqual([]);
    expect(entries).toBeGreaterThan(ENTRIES);
    expect(head).toBe(`${last?.sequence}:${last?.mac}`);
  });

  it('reports its progress', async () => {
    const reports: number[][] = [];

    await verify(undefined, (done, total) => reports.push([done, total]));

    expect(reports).toEqual([
      [500, length],
      [1_000, length],
      [length, length],
    ]);
  });

  it('returns no problem while entries are written', async () => {
    const [problems] = await Promise.all([
      found(),
      ...Array.from({ length: 10 }, () => server.client.login(ADMIN.name, ADMIN.password)),
    ]);

    expect(problems).toEqual([]);
    expect(await found()).toEqual([]);
  });

  it.each(['"subjectName" = \'mallory\'', 'time = time + 1', '"actorName" = \'x\'', "outcome = 'failure'"])(
    'detects a changed entry: %s',
    async (change) => {
      await execute(`UPDATE audit_events SET ${change} WHERE sequence = 700`);

      const { problems } = await verify();

      expect(problems).toMatchObject([{ sequence: 700, code: 'changed' }]);
      expect(problems[0]?.message).toBe('Entry 700 was changed: its seal does not match its content.');
    },
  );

  it.each([0, -1, -(2 ** 40), '-9223372036854775807 - 1'])(
    'detects an entry that was inserted before the first one, with the number %s',
    async (sequence) => {
      await execute(withoutCheck(), insertCopy(sequence));

      const { entries, problems } = await verify();

      expect(problems).toEqual([
        {
          sequence: Number(typeof sequence === 'number' ? sequence : -(2 ** 63)),
          id: 'new',
          code: 'out_of_place',
          message: expect.stringMatching(/^Entry -?\d+ was inserted: the numbers of entries start with 1\.$/),
        },
      ]);
      expect(entries).toBe(length + 1);
    },
  );

  it('detects an entry that was inserted behind the check while it was running', async () => {
    const trail = server.app.get(AuditRepository, { strict: false });
    const findFrom = trail.findFrom.bind(trail);
    jest.spyOn(trail, 'findFrom').mockImplementationOnce(async (after, limit) => {
      const found = await findFrom(after, limit);
      await execute(withoutCheck(), insertCopy(0));
      return found;
    });

    const verdict = await verify();

    expect(verdict.problems).toMatchObject([{ code: 'not_checked' }]);
  });

  it.each([
    ['setback of the clock', '"clockSetback" = -1000000000000'],
    ['latest time', '"latestTime" = 1'],
  ])('detects a changed %s, with which searches by time miss entries', async (_, change) => {
    await execute(`UPDATE audit_chain SET ${change}`);

    expect(await found()).toEqual([`head_changed ${length}`]);
  });

  it('ignores other rows beside the recorded end', async () => {
    await execute(
      'INSERT INTO audit_chain (id, sequence, mac, "clockSetback") VALUES (0, 0, \'\', -1000000000000)',
    );

    expect(await found()).toEqual([]);
  });

  it('detects a truncated tail with a forged end by an exported head only', async () => {
    const { head } = await verify();
    await execute(
      `DELETE FROM audit_events WHERE sequence > ${length - 5}`,
      `UPDATE audit_chain SET sequence = ${length - 5},
         mac = (SELECT mac FROM audit_events WHERE sequence = ${length - 5})`,
    );

    expect(await found()).toEqual([]);
    expect(await found(head)).toEqual([`tail_cut ${length - 4}`]);
  });

  it.each(["mac = 'x'", 'sequence = sequence - 1', '"keyId" = \'0000000000000000\''])(
    'detects a changed end: %s',
    async (change) => {
      await execute(`UPDATE audit_chain SET ${change}`);

      expect(await found()).toEqual([`head_changed ${length}`]);
    },
  );

  it('returns the first 20 problems', async () => {
    await execute("UPDATE audit_events SET address = '192.0.2.66'");

    const { problems } = await verify();

    expect(problems.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  it.each(['', '1200', 'x:y', '-1:abc'])('rejects a malformed head: %j', async (head) => {
    const verification = server.app.get(AuditVerification, { strict: false });

    await expect(verification.verify({ head })).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it('rejects a malformed key', async () => {
    const verification = server.app.get(AuditVerification, { strict: false });

    await expect(verification.verify({ keys: ['c2hvcnQ='] })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });
});
