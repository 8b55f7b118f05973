import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type AuditEvent } from '../../apps/api/src/audit/trail/audit-event.entity.js';
import { AuditKeyRotation } from '../../apps/api/src/audit/keys/audit-key-rotation.service.js';
import { AuditKeys } from '../../apps/api/src/audit/keys/audit-keys.service.js';
import { AuditVerification } from '../../apps/api/src/audit/verification/audit-verification.service.js';
import { sealedText } from '../../apps/api/src/audit/trail/audit-entry.js';
import { type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { storedRows } from '../support/test-database.js';
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

/** Returns the entries that an action adds. */
async function entriesOf(act: () => Promise<unknown>): Promise<AuditEvent[]> {
  const { length } = await trail();
  await act();
  return (await trail()).slice(length);
}

const login = () => server.client.login(ADMIN.name, ADMIN.password);

/** Executes an action while no entry can be written. */
async function withoutTrail<T>(act: () => Promise<T>): Promise<T> {
  await server.database.execute('ALTER TABLE audit_events RENAME TO audit_events_away');
  try {
    return await act();
  } finally {
    await server.database.execute('ALTER TABLE audit_events_away RENAME TO audit_events');
  }
}

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
});

// Covers B59 in docs/explanation/security.md.
describe('requests while the audit trail cannot be written', () => {
  let asAdmin: Headers;

  beforeEach(async () => {
    asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  });

  it('return 503 and change nothing if they would change something', async () => {
    const before = await storedRows(server.database);

    const { name } = newUser();
    const create = () => server.client.createUser({ name, password: PASSWORD }, asAdmin);
    expect((await withoutTrail(create)).status).toBe(503);

    expect(await storedRows(server.database)).toEqual(before);
  });

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

// Covers B60 in docs/explanation/security.md.
describe('a rotation of the audit key', () => {
  const rotate = () =>
    server.app
      .get(AuditKeyRotation, { strict: false })
      .rotate({ newKey: randomBytes(32).toString('base64') });
  const problems = async () => (await server.app.get(AuditVerification, { strict: false }).verify()).problems;
  const keyIds = async () => (await trail()).map(({ keyId }) => keyId);

  it('applies to all parallel writers', async () => {
    const before = new Set(await keyIds());

    const answers = await Promise.all([
      // A busy server rejects more than 20 logins at once.
      ...Array.from({ length: 10 }, () => login()),
      rotate(),
      rotate(),
      ...Array.from({ length: 10 }, () => login()),
    ]);

    expect(answers.filter((answer) => 'status' in answer && answer.status !== 200)).toEqual([]);
    expect(await problems()).toEqual([]);
    expect(new Set(await keyIds()).size).toBe(before.size + 2);
  });

  it('is rolled back when its entry cannot be written', async () => {
    const key = (await keyIds()).at(-1);

    await withoutTrail(() => expect(rotate()).rejects.toMatchObject({ code: 'unavailable' }));

    expect((await login()).status).toBe(200);
    expect(await problems()).toEqual([]);
    expect((await keyIds()).at(-1)).toBe(key);
  });
});
