import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AuditService } from '../../apps/api/src/audit/trail/audit.service.js';
import { recordBackup, recordOf } from '../../apps/api/src/platform/database/sqlite/last-backup.js';
import { Config } from '../../apps/api/src/platform/config/config.js';
import { Operator } from '../support/operator.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { rmSync } from 'node:fs';

const server = useServer();
const asAdmin = useAdmin(server);
let operator: Operator;

beforeAll(async () => {
  operator = await Operator.of(server);
});

afterAll(() => {
  operator.remove();
});

const state = async () => (await server.client.settings(asAdmin)).body.state;

async function verify(head?: string): Promise<void> {
  const { status } = await operator.send('POST', '/operator/audit-verifications', { keys: [], head });
  expect(status).toBe(200);
}

// The steps depend on each other.
describe('the state of the server in GET /settings', () => {
  it('has no verification of the audit trail at first', async () => {
    expect(await state()).toEqual({ knowsBackups: true });
  });

  it('has the last verification, which is an entry of the trail', async () => {
    await verify();

    const { lastAuditVerification } = await state();
    const { items } = (await server.client.auditEvents(asAdmin, '?action=audit_verified')).body;
    expect(items).toMatchObject([
      {
        outcome: 'success',
        actor: { name: 'command line (alice)' },
        after: { problems: 0 },
        time: lastAuditVerification?.time,
      },
    ]);
    expect(lastAuditVerification).toEqual({
      time: expect.stringMatching(/Z$/),
      entries: items[0]?.after?.['entries'],
      problems: 0,
    });
  });

  it('keeps the result of a verification that cannot be recorded', async () => {
    const before = await state();
    const record = jest.spyOn(server.app.get(AuditService, { strict: false }), 'record');
    record.mockRejectedValueOnce(new Error('disk full'));
    await verify();

    expect(await state()).toEqual(before);
    expect(server.log).toContain('The verification of the audit trail could not be recorded');
  });

  it.each([1, 100_000])(
    'has headDiffers when the trail does not contain the given head: entry %d',
    async (sequence) => {
      await verify(`${sequence}:${'A'.repeat(43)}`);

      expect((await state()).lastAuditVerification).toMatchObject({ problems: 0, headDiffers: true });
    },
  );

  it('has the number of problems', async () => {
    await server.database.execute(`UPDATE audit_events SET "actorName" = 'mallory' WHERE "sequence" = 2`);
    await verify();

    expect((await state()).lastAuditVerification).toMatchObject({ problems: 1 });
  });

  it('ignores a verification that was changed', async () => {
    await server.database.execute(
      `UPDATE audit_events SET "after" = '{"entries":9,"problems":0}' WHERE "action" = 'audit_verified'`,
    );

    expect(await state()).not.toHaveProperty('lastAuditVerification');
  });

  it('has the last backup, and ignores a record that cannot be read', async () => {
    const { database } = server.app.get(Config, { strict: false });
    const file = database.kind === 'sqlite' ? database.file : '';
    const backup = { time: '2026-11-25T10:00:00.000Z', file: '/backups/latchkey.sqlite', bytes: 4096 };
    recordBackup(file, backup);
    const known = await state();
    rmSync(recordOf(file));

    expect(known).toMatchObject({ lastBackup: backup });
    expect(await state()).not.toHaveProperty('lastBackup');
  });
});
