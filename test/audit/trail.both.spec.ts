import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type AuditEvent } from '../../apps/api/src/audit/trail/audit-event.entity.js';
import { AuditKeys } from '../../apps/api/src/audit/keys/audit-keys.service.js';
import { sealedText } from '../../apps/api/src/audit/trail/audit-entry.js';
import { type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
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
  it('is one unbroken chain after 100 logins, 20 at a time', async () => {
    const asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    const names = Array.from({ length: 20 }, () => newUser()).map(({ name }) => name);
    await Promise.all(names.map((name) => server.client.createUser({ name, password: PASSWORD }, asAdmin)));

    const answers: { status: number }[] = [];
    // A busy server rejects more than 20 at once.
    for (let round = 0; round < 5; round += 1) {
      answers.push(...(await Promise.all(names.map((name) => server.client.login(name, PASSWORD)))));
    }

    const events = await trail();
    const key = server.app.get(AuditKeys, { strict: false }).ownOrCreate();
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200));
    expect(events.filter(({ action }) => action === 'authn_login_success')).toHaveLength(101);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ previousMac }) => previousMac)).toEqual(
      ['', ...events.map(({ mac }) => mac)].slice(0, -1),
    );
    expect(events.filter((event) => event.mac !== key.seal(sealedText(event)))).toEqual([]);
  });

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

// Covers B59 in docs/explanation/security.md.
describe('requests while the audit trail cannot be written', () => {
  let asAdmin: Headers;

  beforeEach(async () => {
    asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  });

  /** Executes an action while no entry can be written. */
  async function withoutTrail<T>(act: () => Promise<T>): Promise<T> {
    await server.database.execute('ALTER TABLE audit_events RENAME TO audit_events_away');
    try {
      return await act();
    } finally {
      await server.database.execute('ALTER TABLE audit_events_away RENAME TO audit_events');
    }
  }

  it('verify tokens, and continue the same chain afterwards', async () => {
    expect((await withoutTrail(() => server.client.verify(asAdmin))).status).toBe(200);

    const entries = await entriesOf(() => login());

    const events = await trail();
    expect(entries).toHaveLength(1);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ previousMac }) => previousMac)).toEqual(
      ['', ...events.map(({ mac }) => mac)].slice(0, -1),
    );
  });
});
