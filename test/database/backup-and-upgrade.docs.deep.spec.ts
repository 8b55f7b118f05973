import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { digestOf } from '../../apps/api/src/platform/crypto/secrets.js';
import { type ApiClient, type Headers } from '../support/api-client.js';
import {
  startSystemPostgres,
  systemPostgres,
  type SystemPostgres,
} from '../support/database/system-postgres.mjs';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { Installation } from '../support/installation.js';
import { type Environment } from '../support/server-process.js';
import { encodingsOf } from '../support/secrets.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { TestServer } from '../support/test-server.js';
import { codeOnPage } from '../support/docs/code-on-page.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

const PAGE = 'operations/backup-and-upgrade.md';
const NEW_PASSWORD = 'teapots under seven bridges';
const AUDIT_KEY = Buffer.alloc(32, 7).toString('base64');

/** First commands of the blocks for PostgreSQL. */
const POSTGRES_BLOCKS = ['pg_dump', 'pg_restore'];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'));
  ['backups', 'safe'].forEach((name) => mkdirSync(join(folder, name)));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The page's commands for a server with this environment, with folders inside the folder of the test. */
function commands(environment: Environment, baseUrl: string, dataFolder: string): CommandsOnPage {
  return new CommandsOnPage(PAGE, environment as Record<string, string>, {
    '/var/backups': join(folder, 'backups'),
    '/media/safe': join(folder, 'safe'),
    '/tmp/trial': join(folder, 'trial'),
    'data/': `${dataFolder}/`,
    'http://127.0.0.1:3000': baseUrl,
    // The date must not change between two commands.
    '$(date +%F)': '2026-11-25',
  });
}

/** Creates the state before the backup: a user with a token, and another user. */
async function populate(client: ApiClient): Promise<Headers> {
  const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  for (const name of ['anna', 'ben']) {
    await client.createUser({ name, password: PASSWORD }, asAdmin);
  }
  return client.loginHeaders('anna', PASSWORD);
}

/**
 * Changes the state after the backup: revokes a token, changes a password, deletes a user, and creates
 * another.
 */
async function change(client: ApiClient, asAnna: Headers): Promise<void> {
  const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  await client.logout(asAnna);
  const answers = [
    await client.request('PUT', '/users/anna/password', {
      headers: asAdmin,
      body: { password: NEW_PASSWORD },
    }),
    await client.request('DELETE', '/users/ben', { headers: asAdmin }),
    await client.createUser({ name: 'new', password: PASSWORD }, asAdmin),
    await client.login('anna', NEW_PASSWORD),
    await client.me(asAnna),
  ];
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 201, 200, 401]);
}

const tokenOf = (headers: Headers) =>
  Buffer.from(headers['X-Auth-Token'] ?? '', 'base64')
    .toString()
    .split(':')[1] ?? '';

/** Returns the dump of pg_dump as text. */
function textOfDump(programs: string): string {
  const [name = ''] = readdirSync(join(folder, 'backups')).filter((file) => file.endsWith('.dump'));
  const words = ['--file=-', join(folder, 'backups', name)];
  return spawnSync(join(programs, 'pg_restore'), words, { encoding: 'latin1', maxBuffer: 2 ** 28 }).stdout;
}

/** Returns the statuses of logins with each password, and of a request with the old token. */
async function stateOf(client: ApiClient, asAnna: Headers) {
  const login = async (name: string, password: string) => (await client.login(name, password)).status;
  return {
    anna: await login('anna', PASSWORD),
    annaWithNewPassword: await login('anna', NEW_PASSWORD),
    ben: await login('ben', PASSWORD),
    new: await login('new', PASSWORD),
    token: (await client.me(asAnna)).status,
  };
}

const AS_BACKED_UP = { anna: 200, annaWithNewPassword: 401, ben: 200, new: 401, token: 200 };

// In the order of the page: each step needs those before it.
describe('docs/operations/backup-and-upgrade.md on SQLite', () => {
  let installation: Installation;
  let client: ApiClient;
  let page: CommandsOnPage;
  let asAnna: Headers;

  beforeAll(async () => {
    // The server creates the key of the audit trail.
    installation = await Installation.open({ LATCHKEY_AUDIT_KEY: undefined });
    client = await installation.running();
    asAnna = await populate(client);
    page = commands(installation.environment, client.baseUrl, installation.database.folder);
  });

  afterAll(() => installation.close());

  it('backs up the database of a running server, and the key separately', async () => {
    const output = await page.run('latchkey backup');
    await page.run('cp -p data/audit.key');

    expect(output).toMatch(/The audit trail is intact[^]*Head/);
    expect(readdirSync(join(folder, 'backups'))).toEqual(['latchkey-2026-11-25.sqlite']);
    expect(statSync(join(folder, 'backups', 'latchkey-2026-11-25.sqlite')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'safe'))).toEqual(['audit.key']);
  });

  it('tests the backup while the server runs, without changing its database', async () => {
    expect(await page.runAsProcesses('LATCHKEY_DATA_DIR')).toContain('The audit trail is intact');

    expect(existsSync(join(folder, 'trial'))).toBe(false);
    expect((await client.me(asAnna)).status).toBe(200);
  });

  it('restores the backup without its tokens, and keeps the replaced database', async () => {
    await change(client, asAnna);
    await installation.stop();

    await page.run('latchkey restore');
    // Including the one that was revoked since the backup.
    expect(await page.run('revoke --all')).toMatch(/^Revoked 2 tokens\. Rejected everywhere by \S+Z\.\n$/);
    client = await installation.running();

    expect(await stateOf(client, asAnna)).toEqual({ ...AS_BACKED_UP, token: 401 });
    expect(readdirSync(installation.database.folder)).toContainEqual(
      expect.stringMatching(/^latchkey\.sqlite\.replaced-/),
    );
  });

  it('checks that a version would start, and that it is ready', async () => {
    page.replacements['http://127.0.0.1:3000'] = client.baseUrl;

    expect(await page.run('config check')).toMatch(/^ok\n/);
    expect(await page.run('/health/ready')).toContain('ok');
  });

  it('changes no variables of the reader’s shell', () => {
    expect(codeOnPage(PAGE, 'sh').filter((block) => /^\w+=|^export /m.test(block))).toEqual([]);
  });

  it('has no other commands than these and those for PostgreSQL', () => {
    expect(
      page.notRun.filter((block) => !POSTGRES_BLOCKS.some((command) => block.startsWith(command))),
    ).toEqual([]);
  });
});

const programs = systemPostgres();

if (programs === null) {
  it.skip('docs/operations/backup-and-upgrade.md on PostgreSQL needs PostgreSQL: apt-get install postgresql', () =>
    undefined);
} else {
  describe('docs/operations/backup-and-upgrade.md on PostgreSQL', () => {
    let postgres: SystemPostgres;
    let database: TestDatabase;
    let server: TestServer;

    beforeAll(async () => {
      postgres = await startSystemPostgres(programs);
      database = { ...(await createTestDatabase({ isEmpty: true })), url: postgres.url };
      server = await TestServer.start({ database, environment: { LATCHKEY_AUDIT_KEY: AUDIT_KEY } });
    });

    afterAll(async () => {
      await server.remove();
      postgres.stop();
    });

    it('restores the backup', async () => {
      const asAnna = await populate(server.client);
      const environment = { DATABASE_URL: postgres.url, PATH: `${programs}:${process.env.PATH}` };
      const page = commands(environment, server.client.baseUrl, database.folder);

      await page.run('pg_dump');
      const dump = textOfDump(programs);
      await change(server.client, asAnna);
      await server.stop();
      await page.run('pg_restore');
      server = await TestServer.start({ database, environment: { LATCHKEY_AUDIT_KEY: AUDIT_KEY } });

      expect(await stateOf(server.client, asAnna)).toEqual(AS_BACKED_UP);
      // B9 and B60: the dump contains no usable credentials, and no key of the audit trail.
      const token = tokenOf(asAnna);
      const secrets = [token, `anna:${token}`, PASSWORD, ADMIN.password, AUDIT_KEY];
      expect(dump).toContain(digestOf(token));
      expect(secrets.filter((secret) => encodingsOf(secret).some((text) => dump.includes(text)))).toEqual([]);
    });
  });
}
