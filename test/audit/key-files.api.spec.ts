import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from '#sqlite';
import { SealingKey } from '../../apps/api/src/audit/keys/sealing-key.js';
import { verifyAuditTrail } from '../support/database/audit-events.js';
import { ADMIN } from '../support/factories.js';
import { Installation } from '../support/installation.js';

let installation: Installation;

beforeEach(async () => {
  installation = await Installation.open({ LATCHKEY_AUDIT_KEY: undefined });
  await serve();
});

afterEach(() => installation.close());

const file = (name = 'audit.key') => join(installation.database.folder, name);
const keyIn = (name?: string) => SealingKey.parse(readFileSync(file(name), 'utf8'));

/** Writes a new random key to a file and returns its id. */
function writeKey(name?: string): string | undefined {
  writeFileSync(file(name), `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  return keyIn(name)?.id;
}

/** Starts a server, makes it write an audit entry, and stops it. */
async function serve(): Promise<void> {
  const client = await installation.running();
  await client.login(ADMIN.name, ADMIN.password);
  await installation.stop();
}

/** Returns the error of a start, which `config check` predicts. */
const startError = async () => (await installation.latchkey.failure('config', 'check')).message;

interface Entry {
  action: string;
  keyId: string;
}

function entries(): Entry[] {
  const database = new Database(file('latchkey.sqlite'), { readonly: true });
  try {
    return database.prepare('SELECT action, "keyId" FROM audit_events ORDER BY sequence').all() as Entry[];
  } finally {
    database.close();
  }
}

describe('a server with its audit key in the data folder', () => {
  it('keeps using it', async () => {
    const { id } = keyIn() as SealingKey;

    await serve();

    expect(new Set(entries().map(({ keyId }) => keyId))).toEqual(new Set([id]));
    expect(await verifyAuditTrail(installation.environment)).toEqual([]);
  });

  it('completes a rotation that was interrupted after the key was replaced', async () => {
    const old = keyIn() as SealingKey;
    copyFileSync(file(), file(`audit.key.${old.id}`));
    const next = writeKey();

    await serve();

    expect(entries().slice(-2)).toEqual([
      { action: 'audit_key_rotated', keyId: old.id },
      { action: 'authn_login_success', keyId: next },
    ]);
    expect(await verifyAuditTrail(installation.environment)).toEqual([]);
  });

  it('keeps the old key when a rotation was interrupted before the key was replaced', async () => {
    const { id } = keyIn() as SealingKey;
    copyFileSync(file(), file(`audit.key.${id}`));
    writeFileSync(file('audit.key.part'), 'half a key');

    await serve();

    expect(entries().at(-1)?.keyId).toBe(id);
    expect(await verifyAuditTrail(installation.environment)).toEqual([]);
  });

  it('does not start with a key unknown to the trail', async () => {
    const { id } = keyIn() as SealingKey;
    const other = writeKey();

    expect(await startError()).toContain(
      `The audit trail needs key ${id}, and this server has key ${other}.`,
    );
  });

  it('does not start, and creates no key, when its key is missing', async () => {
    rmSync(file());

    expect(await startError()).toContain('this server has no audit key. Copy your backup of it to');
    expect(() => readFileSync(file())).toThrow('ENOENT');
  });

  it('does not start with a file without a key', async () => {
    writeFileSync(file(), 'not a key');

    expect(await startError()).toContain('audit.key does not hold 32 bytes in base64');
  });
});
