import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { openDatabase } from '../support/database/open-database.js';
import { Installation } from '../support/installation.js';

const OLD_KEY = Buffer.alloc(32, 1).toString('base64');
const NEW_KEY = Buffer.alloc(32, 2).toString('base64');

let installation: Installation;

afterEach(() => installation.close());

describe.each([
  ['the server runs', true],
  ['it is stopped', false],
])('rotate-audit-key with the key in the data folder, while %s', (_, isRunning) => {
  beforeEach(async () => {
    installation = await Installation.open({ LATCHKEY_AUDIT_KEY: undefined });
    const client = await installation.running();
    await client.login(ADMIN.name, ADMIN.password);
    if (!isRunning) {
      await installation.stop();
    }
  });

  it('creates a new key, keeps the old one, and the server continues', async () => {
    const path = join(installation.database.folder, 'audit.key');
    const old = readFileSync(path, 'utf8');

    const rotated = await installation.latchkey.json<{ previousKeyFile: string }>('rotate-audit-key');

    expect(rotated).toMatchObject({ mustBeConfigured: false });
    expect(readFileSync(rotated.previousKeyFile, 'utf8')).toBe(old);
    expect(readFileSync(path, 'utf8')).not.toBe(old);
    const client = await installation.running();
    expect((await client.login(ADMIN.name, ADMIN.password)).status).toBe(200);
    expect(await installation.latchkey.json('verify-audit')).toMatchObject({ problems: [] });
  });
});

describe('a backup from before a rotation', () => {
  let file: string;

  beforeEach(async () => {
    installation = await Installation.open({ LATCHKEY_AUDIT_KEY: undefined });
    await installation.running();
    file = join(installation.folder, 'backup.sqlite');
    await installation.latchkey.json('backup', file);
  });

  async function restoreAfterRotation(): Promise<{ keyId: string; previousKeyId: string }> {
    const rotated = await installation.latchkey.json<{ keyId: string; previousKeyId: string }>(
      'rotate-audit-key',
    );
    await installation.stop();
    await installation.latchkey.json('restore', file, '--yes');
    return rotated;
  }

  it('verifies with the available keys, and continues with the new key', async () => {
    const { keyId, previousKeyId } = await restoreAfterRotation();

    const restored = await installation.latchkey.run(['verify-audit']);
    await installation.running();
    const started = await installation.latchkey.run(['verify-audit']);

    expect(restored).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^The audit trail is intact/),
    });
    expect(restored.errors).toContain(`needs key ${previousKeyId}`);
    expect(restored.errors).toContain(`hands over to key ${keyId}`);
    expect(started).toMatchObject({ code: 0, output: expect.stringMatching(/^The audit trail is intact/) });
    expect(started.errors).toBe('');
  });

  it('requires the key it was sealed with, and names its location', async () => {
    const { previousKeyId } = await restoreAfterRotation();
    const path = join(installation.database.folder, `audit.key.${previousKeyId}`);
    const key = readFileSync(path, 'utf8');
    rmSync(path);

    const without = await installation.latchkey.run(['verify-audit']);
    writeFileSync(join(installation.database.folder, 'audit.key.old'), key);
    const beside = await installation.latchkey.run(['verify-audit']);

    expect(without.code).toBe(1);
    expect(without.output).toMatch(/or save it as .*audit\.key\.old/);
    expect(beside.code).toBe(0);
  });
});

describe('rotate-audit-key with a configured key', () => {
  beforeEach(async () => {
    installation = await Installation.open({ LATCHKEY_AUDIT_KEY: OLD_KEY });
    await installation.running();
    await installation.stop();
  });

  it('rotates to the key in a file, which is to be configured next', async () => {
    const newKeyFile = join(installation.folder, 'new.key');
    writeFileSync(newKeyFile, `${NEW_KEY}\n`);
    const oldKeyFile = join(installation.folder, 'old.key');
    writeFileSync(oldKeyFile, `${OLD_KEY}\n`);

    const rejection = await installation.latchkey.failure('rotate-audit-key');
    const rotated = await installation.latchkey.json('rotate-audit-key', '--new-key-file', newKeyFile);

    expect(rejection.message).toContain('openssl rand -base64 32');
    expect(rotated).toMatchObject({ mustBeConfigured: true });
    installation.environment.LATCHKEY_AUDIT_KEY = NEW_KEY;
    await installation.running();
    const verdict = await installation.latchkey.json('verify-audit', '--key-file', oldKeyFile);
    expect(verdict).toMatchObject({ problems: [] });
  });
});

describe('a missing key', () => {
  beforeEach(async () => {
    installation = await Installation.open({ LATCHKEY_AUDIT_KEY: undefined });
    await installation.running();
    await installation.stop();
  });

  it('keeps every command from writing, and is not replaced', async () => {
    const path = join(installation.database.folder, 'audit.key');
    rmSync(path);

    const rejection = await installation.latchkey.failure('create-admin', 'somebody');

    expect(rejection.message).toMatch(/^The audit trail needs key [0-9a-f]{16}, /);
    expect(existsSync(path)).toBe(false);
    expect(await installation.database.query(`SELECT 1 FROM "users" WHERE "name" = 'somebody'`)).toEqual([]);
  });

  it('can be abandoned, which every verification reports', async () => {
    rmSync(join(installation.database.folder, 'audit.key'));
    installation.environment.LATCHKEY_AUDIT_KEY = NEW_KEY;

    const check = await installation.latchkey.failure('config', 'check');
    await installation.latchkey.json('rotate-audit-key', '--old-key-lost');

    expect(check.message).toMatch(/^The audit trail needs key [0-9a-f]{16}, and this server has key/);
    const client = await installation.running();
    expect((await client.login(ADMIN.name, ADMIN.password)).status).toBe(200);
    const verdict = await installation.latchkey.run(['verify-audit']);
    expect(verdict.code).toBe(1);
    expect(verdict.output).toMatch(/^ENTRY .*PROBLEM/);
  });
});

describe('a trail without entries and without a key', () => {
  it('gets no key from a rejected rotation', async () => {
    installation = await Installation.open({ LATCHKEY_AUDIT_KEY: undefined });
    const { url, folder } = installation.database;
    await (await openDatabase({ url, folder })).close();
    const newKeyFile = join(installation.folder, 'new.key');
    writeFileSync(newKeyFile, 'no key');

    const rejections = [
      await installation.latchkey.failure('rotate-audit-key', '--new-key-file', newKeyFile),
      await installation.latchkey.failure('rotate-audit-key', '--old-key-lost'),
    ];

    expect(rejections.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The new key must be 32 bytes/),
      expect.stringMatching(/^There is no key yet/),
    ]);
    expect(existsSync(join(folder, 'audit.key'))).toBe(false);
  });
});
