import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CommandProcess } from '../support/command-line.js';
import { DatabaseFile, openDatabase } from '../support/database/open-database.js';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { insertTokens } from '../support/token-rows.js';
import { waitUntil } from '../support/wait-until.js';

jest.setTimeout(120_000);

/** Time that the copying of tokens pauses. */
const PAUSE_SECONDS = 2;

let file: DatabaseFile;
let target: TestDatabase;
let child: ChildProcess;

beforeEach(async () => {
  file = new DatabaseFile();
  await file.migrate();
  file.execute(
    `INSERT INTO users (id, name, kind, "creationTime") VALUES ('user-1', 'anne', 'human', 1)`,
    insertTokens({ id: 'token-1', user: 'anne' }),
  );
  target = await createTestDatabase({ isEmpty: true });
  await (await openDatabase(target)).close();
  await target.execute(
    `CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(${PAUSE_SECONDS}); RETURN NULL; END $$`,
    'CREATE TRIGGER pause AFTER INSERT ON tokens EXECUTE FUNCTION pause()',
  );
  child = spawn(
    process.execPath,
    [join(process.cwd(), 'apps/api/bin/latchkey.cjs'), 'migrate-database', file.path],
    {
      env: { PATH: process.env.PATH, ...serverOn(target) },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  await waitUntil(copying);
});

afterEach(async () => {
  await target.drop();
  file.remove();
});

/** Number of connections that are copying tokens. */
const copying = async () =>
  (
    await target.query(
      `SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`,
    )
  ).length;

const namesOfUsers = async () =>
  (await target.query<{ name: string }>('SELECT name FROM users')).map(({ name }) => name);

describe('migrate-database', () => {
  it('rolls back when it is killed, and can be repeated', async () => {
    child.kill('SIGKILL');
    await once(child, 'close');
    await waitUntil(copying, (count) => count === 0);

    expect(await namesOfUsers()).toEqual([]);
    const again = await new CommandProcess(serverOn(target), file.folder).run([
      'migrate-database',
      file.path,
    ]);
    expect(again).toMatchObject({ code: 0, output: expect.stringContaining('compared each with its copy') });
    expect(await namesOfUsers()).toEqual(['anne']);
  });

  it('reports that nothing was moved when PostgreSQL closes the connection', async () => {
    const errors = text(child.stderr as Readable);
    await target.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`,
    );

    expect(await errors).toMatch(/^The move was interrupted: terminating connection .*Nothing was moved/);
    expect(await namesOfUsers()).toEqual([]);
  });

  it('makes a server that starts meanwhile wait', async () => {
    const server = await ServerProcess.start(serverOn(target));

    expect(await namesOfUsers()).toEqual(['anne']);
    await server.stop();
  });
});
