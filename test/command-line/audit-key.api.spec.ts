import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { openDatabase } from '../support/database/open-database.js';
import { Place } from '../support/place.js';

const OLD_KEY = Buffer.alloc(32, 1).toString('base64');
const NEW_KEY = Buffer.alloc(32, 2).toString('base64');

let place: Place;

afterEach(() => place.close());

describe.each([
  ['the server runs', true],
  ['it is stopped', false],
])('rotate-audit-key with the key in the data folder, while %s', (_, isRunning) => {
  beforeEach(async () => {
    place = await Place.open({ LATCHKEY_AUDIT_KEY: undefined });
    const client = await place.running();
    await client.login(ADMIN.name, ADMIN.password);
    if (!isRunning) {
      await place.stop();
    }
  });

  it('creates a new key, keeps the old one, and the server continues', async () => {
    const path = join(place.database.folder, 'audit.key');
    const old = readFileSync(path, 'utf8');

    const rotated = await place.latchkey.json<{ previousKeyFile: string }>('rotate-audit-key');

    expect(rotated).toMatchObject({ mustBeConfigured: false });
    expect(readFileSync(rotated.previousKeyFile, 'utf8')).toBe(old);
    expect(readFileSync(path, 'utf8')).not.toBe(old);
    const client = await place.running();
    expect((await client.login(ADMIN.name, ADMIN.password)).status).toBe(200);
    expect(await place.latchkey.json('verify-audit')).toMatchObject({ problems: [] });
  });
});

describe('a backup from before a rotation', () => {
  let file: string;

  beforeEach(async () => {
    place = await Place.open({ LATCHKEY_AUDIT_KEY: undefined });
    await place.running();
    file = join(place.folder, 'backup.sqlite');
    await place.latchkey.json('backup', file);
  });

  async function restoreAfterRotation(): Promise<{ keyId: string; previousKeyId: string }> {
    const rotated = await place.latchkey.json<{ keyId: string; previousKeyId: string }>('rotate-audit-key');
    await place.stop();
    await place.latchkey.json('restore', file, '--yes');
    return rotated;
  }

  it('verifies with the available keys, and continues with the new key', async () => {
    const { keyId, previousKeyId } = await restoreAfterRotation();

    const restored = await place.latchkey.run(['verify-audit']);
    await place.running();
    const started = await place.latchkey.run(['verify-audit']);

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
    const path = join(place.database.folder, `audit.key.${previousKeyId}`);
    const key = readFileSync(path, 'utf8');
    rmSync(path);

    const without = await place.latchkey.run(['verify-audit']);
    writeFileSync(join(place.database.folder, 'audit.key.old'), key);
    const beside = await place.latchkey.run(['verify-audit']);

    expect(without.code).toBe(1);
    expect(without.output).toMatch(/or save it as .*audit\.key\.old/);
    expect(beside.code).toBe(0);
  });
});

describe('rotate-audit-key with a configured key', () => {
  beforeEach(async () => {
    place = await Place.open({ LATCHKEY_AUDIT_KEY: OLD_KEY });
    await place.running();
    await place.stop();
  });

  it('rotates to the key in a file, which is to be configured next', async () => {
    const newKeyFile = join(place.folder, 'new.key');
    writeFileSync(newKeyFile, `${NEW_KEY}\n`);
    const oldKeyFile = join(place.folder, 'old.key');
    writeFileSync(oldKeyFile, `${OLD_KEY}\n`);

    const rejection = await place.latchkey.failure('rotate-audit-key');
    const rotated = await place.latchkey.json('rotate-audit-key', '--new-key-file', newKeyFile);

    expect(rejection.message).toContain('openssl rand -base64 32');
    expect(rotated).toMatchObject({ mustBeConfigured: true });
    place.environment.LATCHKEY_AUDIT_KEY = NEW_KEY;
    await place.running();
    const verdict = await place.latchkey.json('verify-audit', '--key-file', oldKeyFile);
    expect(verdict).toMatchObject({ problems: [] });
  });
});

describe('a missing key', () => {
  beforeEach(async () => {
    place = await Place.open({ LATCHKEY_AUDIT_KEY: undefined });
    await place.running();
    await place.stop();
  });

  it('keeps every command from writing, and is not replaced', async () => {
    const path = join(place.database.folder, 'audit.key');
    rmSync(path);

    const rejection = await place.latchkey.failure('create-admin', 'somebody');

    expect(rejection.message).toMatch(/^The audit trail needs key [0-9a-f]{16}, /);
    expect(existsSync(path)).toBe(false);
    expect(await place.database.query(`SELECT 1 FROM "users" WHERE "name" = 'somebody'`)).toEqual([]);
  });

  it('can be abandoned, which every verification reports', async () => {
    rmSync(join(place.database.folder, 'audit.key'));
    place.environment.LATCHKEY_AUDIT_KEY = NEW_KEY;

    const check = await place.latchkey.failure('config', 'check');
    await place.latchkey.json('rotate-audit-key', '--old-key-lost');

    expect(check.message).toMatch(/^The audit trail needs key [0-9a-f]{16}, and this server has key/);
    const client = await place.running();
    expect((await client.login(ADMIN.name, ADMIN.password)).status).toBe(200);
    const verdict = await place.latchkey.run(['verify-audit']);
    expect(verdict.code).toBe(1);
    expect(verdict.output).toMatch(/^ENTRY .*PROBLEM/);
  });
});

describe('a trail without entries and without a key', () => {
  it('gets no key from a rejected rotation', async () => {
    place = await Place.open({ LATCHKEY_AUDIT_KEY: undefined });
    const { url, folder } = place.database;
    await (await openDatabase({ url, folder })).close();
    const newKeyFile = join(place.folder, 'new.key');
    writeFileSync(newKeyFile, 'no key');

    const rejections = [
      await place.latchkey.failure('rotate-audit-key', '--new-key-file', newKeyFile),
      await place.latchkey.failure('rotate-audit-key', '--old-key-lost'),
    ];

    expect(rejections.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The new key must be 32 bytes/),
      expect.stringMatching(/^There is no key yet/),
    ]);
    expect(existsSync(join(folder, 'audit.key'))).toBe(false);
  });
});
