import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SealingKey } from '../../apps/api/src/audit/keys/sealing-key.js';
import { enrol } from '../support/authenticator.js';
import { ADMIN } from '../support/factories.js';
import { Installation } from '../support/installation.js';

const OLD = Buffer.alloc(32, 1).toString('base64');
const NEW = Buffer.alloc(32, 2).toString('base64');
const NEW_ID = SealingKey.parse(NEW)?.id;

describe('rotate-seal-key with LATCHKEY_SEAL_KEY', () => {
  let installation: Installation;

  beforeEach(async () => {
    installation = await Installation.open({ LATCHKEY_SEAL_KEY: OLD, LATCHKEY_EVENT_HOSTS: '127.0.0.1' });
  });

  afterEach(() => installation.close());

  async function restart(keys: string) {
    await installation.stop();
    installation.environment.LATCHKEY_SEAL_KEY = keys;
    return installation.running();
  }

  const logIn = async (code = '') =>
    (await installation.running()).login(ADMIN.name, ADMIN.password, { headers: { 'X-Auth-OTP': code } });

  it('encrypts with the new key, while codes work with both and then with the new one alone', async () => {
    const client = await installation.running();
    const headers = await client.loginHeaders(ADMIN.name, ADMIN.password);
    const authenticator = await enrol(client, headers);
    const webhook = { name: 'hook', kind: 'webhook', url: 'http://127.0.0.1:1/', types: ['token.leaked'] };
    await client.request('POST', '/event-targets', { headers, body: webhook });
    await restart(`${NEW},${OLD}`);
    expect((await logIn(authenticator.code())).status).toBe(200);

    const rotated = await installation.latchkey.json('rotate-seal-key');
    const again = await installation.latchkey.json('rotate-seal-key');

    expect(rotated).toEqual({ keyId: NEW_ID, secrets: 2, unreadable: 0, mustBeConfigured: true });
    expect(again).toMatchObject({ secrets: 0 });
    const renewed = await restart(NEW);
    const { body } = await renewed.request('POST', '/event-targets/hook/test', { headers });
    expect(body).toMatchObject({ error: expect.not.stringContaining('decrypted') });
    // A code works once. This makes the current one valid again, so the test need not wait for the next.
    await installation.database.execute('UPDATE "second_factors" SET "lastStep" = 0');
    expect((await logIn(authenticator.code())).status).toBe(200);
    expect(
      await installation.database.query(
        `SELECT "actorId", "subjectId" FROM "audit_events" WHERE "action" = 'seal_key_rotated'`,
      ),
    ).toEqual([{ actorId: 'command-line', subjectId: NEW_ID }]);
  });

  it('is rejected with one key, and says where the new one goes', async () => {
    await installation.running();

    const { message } = await installation.latchkey.failure('rotate-seal-key');

    expect(message).toMatch(/openssl rand -base64 32.*comma before it/);
  });
});

describe('commands without the key of some secrets', () => {
  let installation: Installation;

  beforeEach(async () => {
    installation = await Installation.open({ LATCHKEY_SEAL_KEY: OLD });
    const client = await installation.running();
    await enrol(client, await client.loginHeaders(ADMIN.name, ADMIN.password));
    await installation.stop();
  });

  afterEach(() => installation.close());

  const MISSING =
    'No key of this server decrypts 1 secret of authenticator apps or webhooks, so it rejects codes and sends no signed webhooks.';
  const ADVICE = 'Add the missing key to LATCHKEY_SEAL_KEY, after a comma, and restart all servers.';

  it('report it, and do not advise to use a new key', async () => {
    installation.environment.LATCHKEY_SEAL_KEY = NEW;

    const { output } = await installation.latchkey.run(['--json', 'doctor']);
    const { message } = await installation.latchkey.failure('rotate-seal-key');

    expect((JSON.parse(output) as { checks: object[] }).checks).toContainEqual({
      check: 'seal key',
      verdict: 'problem',
      message: MISSING,
      advice: expect.stringContaining(ADVICE),
    });
    expect(message).toContain(`${MISSING} ${ADVICE}`);
  });

  it('do not advise to remove the old key after a rotation', async () => {
    installation.environment.LATCHKEY_SEAL_KEY = `${NEW},${Buffer.alloc(32, 3).toString('base64')}`;

    const { code, output, errors } = await installation.latchkey.run(['rotate-seal-key']);

    expect([code, output]).toEqual([1, expect.not.stringContaining('Remove the old key')]);
    expect(errors).toContain(ADVICE);
  });
});
