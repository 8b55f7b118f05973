import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AuditKeyRotation } from '../../apps/api/src/audit/keys/audit-key-rotation.service.js';
import { AuditVerification } from '../../apps/api/src/audit/verification/audit-verification.service.js';
import { SealingKey } from '../../apps/api/src/audit/keys/sealing-key.js';
import { ConfigurationError } from '../../apps/api/src/common/application-error.js';
import { ADMIN, TestServer } from '../support/test-server.js';

const newKey = () => randomBytes(32).toString('base64');
const idOf = (key: string) => SealingKey.parse(key)?.id;

let key: string;
let server: TestServer;

beforeEach(async () => {
  key = newKey();
  server = await start(key);
});

afterEach(() => server.remove());

const start = (auditKey: string, from?: TestServer) =>
  TestServer.start({
    environment: { LATCHKEY_AUDIT_KEY: auditKey },
    ...(from && { database: from.database }),
  });

/** Restarts the server on the same database. */
async function restart(auditKey: string): Promise<void> {
  await server.stop();
  server = await start(auditKey, server);
}

const rotate = (options?: Parameters<AuditKeyRotation['rotate']>[0]) =>
  server.app.get(AuditKeyRotation, { strict: false }).rotate(options);

const verify = (...keys: string[]) => server.app.get(AuditVerification, { strict: false }).verify({ keys });

const login = () => server.client.login(ADMIN.name, ADMIN.password);

interface Row {
  action: string;
  keyId: string;
  before: string;
  after: string;
}

const entries = () =>
  server.database.query<Row>('SELECT action, "keyId", "before", "after" FROM audit_events ORDER BY sequence');

// Covers B60 in docs/explanation/security.md.
describe('a rotation of the audit key', () => {
  it('seals one last entry, which names the new key, with the old key', async () => {
    const next = newKey();

    const rotated = await rotate({ newKey: next });
    await login();

    expect(rotated).toEqual({ keyId: idOf(next), previousKeyId: idOf(key), mustBeConfigured: true });
    expect((await entries()).slice(-2)).toMatchObject([
      {
        action: 'audit_key_rotated',
        keyId: idOf(key),
        before: JSON.stringify({ keyId: idOf(key) }),
        after: JSON.stringify({ keyId: idOf(next) }),
      },
      { action: 'authn_login_success', keyId: idOf(next) },
    ]);
    expect((await verify()).problems).toEqual([]);
  });

  it('stores neither key in the database', async () => {
    const next = newKey();

    await rotate({ newKey: next });

    const text = JSON.stringify([
      await server.database.query('SELECT * FROM audit_events'),
      await server.database.query('SELECT * FROM audit_chain'),
    ]);
    expect(text).not.toContain(key);
    expect(text).not.toContain(next);
  });

  it('makes the verification name a missing key, and accept it as an option', async () => {
    const next = newKey();
    await rotate({ newKey: next });
    await restart(next);

    const { problems } = await verify();

    expect(problems).toMatchObject([{ code: 'key_unknown', sequence: 1 }]);
    expect(problems[0]?.message).toContain(idOf(key));
    expect((await verify(key)).problems).toEqual([]);
  });

  it.each<[string, () => Parameters<AuditKeyRotation['rotate']>[0]]>([
    ['the new key is missing', () => ({})],
    ['the new key is malformed', () => ({ newKey: 'c2hvcnQ=' })],
    ['the new key is in use', () => ({ newKey: key })],
    ['the old key is reported lost, but available', () => ({ newKey: newKey(), isOldKeyLost: true })],
  ])('is rejected when %s', async (_, options) => {
    await expect(rotate(options())).rejects.toMatchObject({ code: 'validation_failed' });
  });
});

describe('a server start with another audit key', () => {
  it('is rejected, and names the expected key', async () => {
    await server.stop();

    const started = start(newKey(), server);

    await expect(started).rejects.toThrow(ConfigurationError);
    await expect(started).rejects.toThrow(`The audit trail needs key ${idOf(key)}`);
    server = await start(key, server);
  });

  it('is rejected with the old key after a rotation', async () => {
    const next = newKey();
    await rotate({ newKey: next });
    await server.stop();

    await expect(start(key, server)).rejects.toThrow(`needs key ${idOf(next)}`);

    server = await start(next, server);
    expect((await login()).status).toBe(200);
  });

  it('succeeds with a warning if the data folder has the expected key', async () => {
    writeFileSync(join(server.database.folder, 'audit.key.old'), `${key}\n`, { mode: 0o600 });

    await restart(newKey());
    await login();

    expect(server.log).toContain('LATCHKEY_AUDIT_KEY is not the key that the audit trail needs');
    expect((await entries()).at(-1)?.keyId).toBe(idOf(key));
    expect((await verify()).problems).toMatchObject([{ code: 'key_not_configured' }]);
  });

  it('allows a rotation to its own key', async () => {
    writeFileSync(join(server.database.folder, 'audit.key.old'), `${key}\n`, { mode: 0o600 });
    const next = newKey();
    await restart(next);

    expect(await rotate()).toMatchObject({ keyId: idOf(next), previousKeyId: idOf(key) });

    await restart(next);
    expect((await verify(key)).problems).toEqual([]);
  });
});
