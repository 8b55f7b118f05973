import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { verifyTrail } from '../support/audit-verifier.js';
import { expectEntriesAfterKills, type AuditedEntry } from '../support/kill-under-load.js';
import { serverIn, ServerProcess } from '../support/server-process.js';

const ROUNDS = 5;

let folder: string;
let server: ServerProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-process-'));
});

afterEach(async () => {
  await server?.kill();
  rmSync(folder, { recursive: true });
});

/** All entries, while the server runs. */
function entries(): AuditedEntry[] {
  const database = new Database(join(folder, 'latchkey.sqlite'), { readonly: true });
  try {
    return database.prepare('SELECT "traceId", action FROM audit_events').all() as AuditedEntry[];
  } finally {
    database.close();
  }
}

describe('kill -9 under load, on SQLite', () => {
  it('leaves no acknowledged change without its entry, and one whole chain', async () => {
    server = await expectEntriesAfterKills(
      ROUNDS,
      () => ServerProcess.start(serverIn(folder)),
      () => Promise.resolve(entries()),
    );
    await server?.stop();

    expect(await verifyTrail(serverIn(folder))).toEqual([]);
  }, 240_000);
});
