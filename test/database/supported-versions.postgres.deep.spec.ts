import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandProcess } from '../support/command-line.js';
import {
  startSystemPostgres,
  systemPostgres,
  type SystemPostgres,
} from '../support/database/system-postgres.mjs';
import { describeIfInstalled } from '../support/external-programs.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { freePort } from '../support/free-port.mjs';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/test-database.js';

/** Starts the built server on a PostgreSQL that reports the version in REPORTED_POSTGRES. */
const OTHER_POSTGRES = join(process.cwd(), 'test/database/other-postgres.mjs');
const UNTESTED = 'This version of Latchkey was not tested with this version of PostgreSQL';
const LONG = 180_000;

describe('a start on PostgreSQL', () => {
  let database: TestDatabase;
  let server: ServerProcess;

  beforeEach(async () => {
    database = await createTestDatabase({ isEmpty: true });
  });

  afterEach(async () => {
    await server.kill();
    await database.drop();
  });

  it('is rejected and changes nothing if the version is too old', async () => {
    const port = await freePort();

    server = await ServerProcess.spawn(
      serverOn(database, { PORT: String(port), LATCHKEY_LOG_LEVEL: undefined, REPORTED_POSTGRES: '14.19' }),
      port,
      OTHER_POSTGRES,
    );

    expect(await server.exit()).toBe(1);
    expect(server.errors).toMatch(
      /^Latchkey cannot start\. DATABASE_URL: this is PostgreSQL 14, and Latchkey needs 15 to 18\. Upgrade PostgreSQL\n$/,
    );
    expect(await database.query("SELECT FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  });

  it('logs a warning if the version is newer than the tested ones', async () => {
    const newer = serverOn(database, { REPORTED_POSTGRES: '99.0' });
    server = await ServerProcess.start(newer, undefined, OTHER_POSTGRES);
    expect(server.output).toContain(`"msg":"${UNTESTED}"`);

    await server.kill();
    server = await ServerProcess.start(serverOn(database));
    expect(server.output).not.toContain(UNTESTED);
  });
});

const oldest = systemPostgres('15');

describeIfInstalled(
  oldest === null ? 'postgresql-15: apt-get install postgresql-15' : null,
  'a server on PostgreSQL 15, the oldest supported version,',
  () => {
    let folder: string;
    let cluster: SystemPostgres;
    let server: ServerProcess;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'latchkey-oldest-'));
      cluster = await startSystemPostgres(oldest ?? '');
    }, LONG);

    afterAll(async () => {
      await server.kill();
      cluster.stop();
      rmSync(folder, { recursive: true });
    });

    it(
      'migrates, lists, revokes and verifies',
      async () => {
        const environment = serverOn({ url: cluster.url, folder });
        server = await ServerProcess.start(environment);
        const { client } = server;
        const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
        expect((await client.createUser({ name: 'anna', password: PASSWORD }, asAdmin)).status).toBe(201);
        const asAnna = await client.loginHeaders('anna', PASSWORD);

        const lists = ['/users?q=ann', '/tokens?state=active', '/audit-events', '/roles', '/stats'];
        const answers = await Promise.all(
          lists.map((path) => client.request('GET', path, { headers: asAdmin })),
        );
        expect(answers.map(({ status }) => status)).toEqual(lists.map(() => 200));
        await client.logout(asAnna);
        expect((await client.me(asAnna)).status).toBe(401);
        expect(await new CommandProcess(environment, folder).json('verify-audit')).toMatchObject({
          problems: [],
        });

        const [row] = await queryOnce<{ server_version: string }>(cluster.url, 'SHOW server_version');
        expect(row?.server_version).toMatch(/^15\./);
      },
      LONG,
    );
  },
);
