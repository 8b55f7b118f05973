import { readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SealKeyRotated } from '../../apps/api/src/factors/seal-key-rotation.service.js';
import { type ApiClient } from '../support/api-client.js';
import { enrol, type Authenticator } from '../support/authenticator.js';
import { ADMIN } from '../support/factories.js';
import { Installation } from '../support/installation.js';

let installation: Installation;
let client: ApiClient;

beforeEach(async () => {
  installation = await Installation.open({ LATCHKEY_SEAL_KEY: undefined });
  client = await installation.running();
});

afterEach(() => installation.close());

const enrolAdmin = async (): Promise<Authenticator> =>
  enrol(client, await client.loginHeaders(ADMIN.name, ADMIN.password));

const path = () => join(installation.database.folder, 'seal.key');

describe.each([
  ['the server runs', true],
  ['it is stopped', false],
])('rotate-seal-key with the key in the data folder, while %s', (_, isRunning) => {
  it('encrypts the secrets with a new key, and keeps the old one for backups', async () => {
    const authenticator = await enrolAdmin();
    const old = readFileSync(path(), 'utf8');
    if (!isRunning) {
      await installation.stop();
    }

    const rotated = await installation.latchkey.json<SealKeyRotated>('rotate-seal-key');

    expect(rotated).toMatchObject({ secrets: 1, unreadable: 0, mustBeConfigured: false });
    expect(readFileSync(rotated.previousKeyFile ?? '', 'utf8')).toBe(old);
    expect(statSync(rotated.previousKeyFile ?? '').mode & 0o777).toBe(0o600);
    expect(readFileSync(path(), 'utf8')).not.toBe(old);
    rmSync(rotated.previousKeyFile ?? '');
    client = await installation.running();
    const headers = { 'X-Auth-OTP': authenticator.code() };
    expect((await client.login(ADMIN.name, ADMIN.password, { headers })).status).toBe(200);
  });
});

describe('rotate-seal-key', () => {
  it('is rejected before the first second factor', async () => {
    const { message } = await installation.latchkey.failure('rotate-seal-key');

    expect(message).toMatch(/^There is no key yet/);
  });

  it('completes a rotation that stopped after the new key was written', async () => {
    await enrolAdmin();
    const [before] = await installation.database.query<{ sealedSecret: string }>(
      'SELECT "sealedSecret" FROM "second_factors"',
    );
    const { keyId } = await installation.latchkey.json<SealKeyRotated>('rotate-seal-key');
    await installation.database.execute(
      `UPDATE "second_factors" SET "sealedSecret" = '${before?.sealedSecret}'`,
    );

    const completed = await installation.latchkey.json<SealKeyRotated>('rotate-seal-key');

    expect(completed).toEqual({ keyId, secrets: 1, unreadable: 0, mustBeConfigured: false });
  });

  it('keeps the key if the rotation cannot be recorded', async () => {
    await enrolAdmin();
    const old = readFileSync(path(), 'utf8');
    await installation.database.execute('DROP TABLE "audit_events"');

    await installation.latchkey.failure('rotate-seal-key');

    expect(readFileSync(path(), 'utf8')).toBe(old);
  });

  it('is rejected with the way out if the key is lost, and works once it is restored', async () => {
    await enrolAdmin();
    await installation.stop();
    renameSync(path(), join(installation.database.folder, 'lost.key'));
    await installation.running();

    const { message } = await installation.latchkey.failure('rotate-seal-key');
    renameSync(join(installation.database.folder, 'lost.key'), path());

    expect(message).toMatch(
      /^No key of this server decrypts 1 secret of authenticator apps or webhooks, .* Copy your backup of the key to .*seal\.key, .*recovery code.*reset-second-factors NAME$/,
    );
    expect(await installation.latchkey.json('rotate-seal-key')).toMatchObject({ secrets: 1, unreadable: 0 });
  });

  it('exits with 1 if a secret cannot be decrypted', async () => {
    await enrolAdmin();
    await installation.database.execute(`UPDATE "second_factors" SET "sealedSecret" = 'unknown:text'`);

    const { code, errors } = await installation.latchkey.run(['rotate-seal-key']);

    expect([code, errors]).toEqual([
      1,
      expect.stringMatching(
        /no key of this server decrypts: 1\..*Save the missing key as .*seal\.key\.old\./s,
      ),
    ]);
  });
});
