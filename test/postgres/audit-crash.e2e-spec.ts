import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { verifyTrail } from '../support/audit-verifier.js';
import { expectEntriesAfterKills, type AuditedEntry } from '../support/kill-under-load.js';
import { serverIn, ServerProcess, type Environment } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const ROUNDS = 4;

let database: TestDatabase;
let environment: Environment;
let server: ServerProcess | undefined;

beforeEach(async () => {
  database = await createTestDatabase();
  environment = serverIn(database.folder, {
    DATABASE_URL: database.url,
    LATCHKEY_DATA_DIR: database.folder,
    LATCHKEY_STATEMENT_TIMEOUT_MS: '20000',
  });
});

afterEach(async () => {
  await server?.kill();
  await database.drop();
});

describe('kill -9 under load, on PostgreSQL', () => {
  it('leaves no acknowledged change without its entry, and one whole chain', async () => {
    server = await expectEntriesAfterKills(
      ROUNDS,
      () => ServerProcess.start(environment),
      () => database.query<AuditedEntry>('SELECT "traceId", action FROM audit_events'),
    );

    expect(await verifyTrail(environment)).toEqual([]);
  }, 240_000);
});
