import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AuditEvent } from '../../apps/api/src/audit/trail/audit-event.entity.js';
import { ADMIN, TestServer } from '../support/test-server.js';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start();
});

afterAll(() => server.remove());

/** Returns the trail from the database, oldest first. */
async function trail(): Promise<AuditEvent[]> {
  const rows = await server.database.query<AuditEvent>('SELECT * FROM audit_events ORDER BY sequence');
  return rows.map((row) => ({ ...row, sequence: Number(row.sequence), time: Number(row.time) }));
}

async function unknownNameFailures(): Promise<number> {
  const [row] = await server.database.query<{ failures: number }>(
    'SELECT "unknownNameFailures" AS failures FROM audit_chain',
  );
  return Number(row?.failures);
}

/** Returns the entries that an action adds. */
async function entriesOf(act: () => Promise<unknown>): Promise<AuditEvent[]> {
  const { length } = await trail();
  await act();
  return (await trail()).slice(length);
}

const login = (password: string = ADMIN.password) => server.client.login(ADMIN.name, password);

describe('the audit trail', () => {
  it('has one entry without an actor for a failed login', async () => {
    const entries = await entriesOf(() => login('a wrong password'));

    expect(entries).toMatchObject([
      { action: 'authn_login_fail', outcome: 'failure', actorId: null, subjectName: 'admin' },
    ]);
  });

  it('has a count instead of entries for logins with unknown names', async () => {
    const before = await unknownNameFailures();

    const entries = await entriesOf(() => server.client.login('nobody', 'a wrong password'));

    expect(entries).toEqual([]);
    expect(await unknownNameFailures()).toBe(before + 1);
  });

  it('has no entry for missing credentials, a wrong token or a bump', async () => {
    const asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);

    const entries = await entriesOf(async () => {
      await server.client.request('POST', '/auth/login');
      await server.client.me({ Authorization: 'Bearer latchkey_0' });
      await server.client.bump(asAdmin);
    });

    expect(entries).toEqual([]);
  });

  it('has the request id of the response', async () => {
    let traceId: string | null = '';
    const entries = await entriesOf(async () => (traceId = (await login()).headers.get('x-request-id')));

    expect(entries.map((entry) => entry.traceId)).toEqual([traceId]);
  });
});
