import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AuditKeyRotation } from '../../apps/api/src/audit/keys/audit-key-rotation.service.js';
import { AuditRetention } from '../../apps/api/src/audit/trail/audit-retention.service.js';
import { AuditVerification } from '../../apps/api/src/audit/verification/audit-verification.service.js';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { ADMIN, TestServer } from '../support/test-server.js';

const key = randomBytes(32).toString('base64');
const environment = { LATCHKEY_AUDIT_KEY: key };

let folder: string;
let first: TestServer;
let second: TestServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-replica-'));
  first = await TestServer.start({ environment });
  second = await TestServer.start({
    environment: { ...environment, LATCHKEY_DATA_DIR: folder },
    database: first.database,
  });
});

afterEach(async () => {
  await second.stop();
  await first.remove();
  rmSync(folder, { recursive: true });
});

const login = (server: TestServer) => server.client.login(ADMIN.name, ADMIN.password);

const problems = async (server = first) =>
  (await server.app.get(AuditVerification, { strict: false }).verify({ keys: [key] })).problems;

const count = async (action: string) =>
  (await first.database.query(`SELECT id FROM audit_events WHERE action = '${action}'`)).length;

// Covers B60 in docs/explanation/security.md.
describe('replicas with one audit trail', () => {
  it('write one chain', async () => {
    const answers: { status: number }[] = [];
    // A busy server rejects more than 20 at once.
    for (let round = 0; round < 3; round += 1) {
      answers.push(
        ...(await Promise.all(Array.from({ length: 20 }, () => [login(first), login(second)]).flat())),
      );
    }

    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(await problems()).toEqual([]);
    expect(await count('authn_login_success')).toBe(120);
  });

  it('return 503 for writes when another replica has rotated the key, and serve reads', async () => {
    const headers = await second.client.loginHeaders(ADMIN.name, ADMIN.password);
    const newKey = randomBytes(32).toString('base64');
    await first.app.get(AuditKeyRotation, { strict: false }).rotate({ newKey });

    const { status, body } = await login(second);

    expect([status, body.code]).toEqual([503, 'unavailable']);
    expect(body.detail).toMatch(/^The audit trail needs key [0-9a-f]{16}, /);
    expect((await second.client.me(headers)).status).toBe(200);
    expect((await login(first)).status).toBe(200);
    expect(await problems()).toEqual([]);
  });

  it('continue without interruption when they have the next key in their data folders', async () => {
    const newKey = randomBytes(32).toString('base64');
    writeFileSync(join(folder, 'audit.key.next'), newKey, { mode: 0o600 });

    const answers = await Promise.all([
      ...Array.from({ length: 10 }, () => [login(first), login(second)]).flat(),
      first.app.get(AuditKeyRotation, { strict: false }).rotate({ newKey }),
      ...Array.from({ length: 10 }, () => [login(first), login(second)]).flat(),
    ]);

    expect(answers.filter((answer) => 'status' in answer && answer.status !== 200)).toEqual([]);
    expect(await problems()).toEqual([]);
  });

  it('trim old days once', async () => {
    const later = Date.now() + 500 * 86_400_000;
    const trims = [first, second].map((server) => {
      server.app.get(Clock).now = () => later;
      return server.app.get(AuditRetention, { strict: false }).trim();
    });

    await Promise.all(trims);

    expect(await count('audit_trail_trimmed')).toBe(1);
    expect(await problems()).toEqual([]);
  });
});
