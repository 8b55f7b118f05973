import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type ApiClient, type Headers } from '../support/api-client.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { Installation } from '../support/installation.js';
import { TestServer } from '../support/test-server.js';
import { codeOnPage } from '../support/docs/code-on-page.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

const PAGE = 'operations/move-to-postgresql.md';

/** Role and database, `latchkey` on the page. The administrator of the test cluster has that name. */
const NAME = 'growing';
const URL_ON_PAGE = 'postgres://latchkey:PASSWORD@127.0.0.1:5432/latchkey';

/** URL of the administrator of the cluster. */
const ADMINISTRATOR = process.env.LATCHKEYTEST_POSTGRES_URL ?? '';

let installation: Installation;
let data: string;
let settings: string;
let client: ApiClient;
let page: CommandsOnPage;
let asAnna: Headers;

beforeAll(async () => {
  // The server creates the key of the audit trail.
  installation = await Installation.open({ LATCHKEY_AUDIT_KEY: undefined });
  data = installation.database.folder;
  settings = join(installation.folder, '.env');
  mkdirSync(join(installation.folder, 'backups'));
  client = await installation.running();
  const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  await client.createUser({ name: 'anna', password: PASSWORD }, asAdmin);
  asAnna = await client.loginHeaders('anna', PASSWORD);
  page = new CommandsOnPage(PAGE, installation.environment as Record<string, string>, {
    '/var/backups': join(installation.folder, 'backups'),
    'data/': `${data}/`,
    '.env &&': `${settings} &&`,
    '600 .env': `600 ${settings}`,
    [URL_ON_PAGE]: urlOf(NAME, 'PASSWORD'),
  });
});

afterAll(async () => {
  await installation.close();
  await asAdministrator(`DROP DATABASE IF EXISTS ${NAME}`, `DROP ROLE IF EXISTS ${NAME}`);
});

function urlOf(name: string, password: string): string {
  const url = new URL(ADMINISTRATOR);
  Object.assign(url, { username: name, password, pathname: `/${name}` });
  return url.href;
}

async function asAdministrator(...statements: string[]): Promise<void> {
  const connection = new pg.Client({ connectionString: ADMINISTRATOR });
  await connection.connect();
  for (const sql of statements) {
    await connection.query(sql);
  }
  await connection.end();
}

// In the order of the page: each step needs those before it.
describe('docs/operations/move-to-postgresql.md', () => {
  it('backs up the file and prints the head of the audit trail', async () => {
    const output = await page.run('latchkey backup');

    const [, head = ''] = /Head, to be stored elsewhere: (\S+)/.exec(output) ?? [];
    expect(head).not.toBe('');
    page.environment['HEAD'] = head;
    expect(existsSync(join(installation.folder, 'backups', 'latchkey-before-postgres.sqlite'))).toBe(true);
  });

  it('creates a database that a server can start with', async () => {
    const [sql = ''] = codeOnPage(PAGE, 'sql');
    await asAdministrator(...sql.replaceAll('latchkey', NAME).split(';\n').filter(Boolean));

    expect(await page.run('config check')).toMatch(/^ok\nDatabase: PostgreSQL .* has no tables yet/);
    expect(statSync(join(data, 'cluster.env')).mode & 0o777).toBe(0o600);
  });

  it('moves the data of the stopped server with a valid audit trail', async () => {
    await installation.stop();

    expect(await page.run('migrate-database')).toMatch(/compared each with its copy\.\n$/);
    expect(await page.run('verify-audit --head')).toContain('The audit trail is intact');
  });

  it('starts a server on PostgreSQL that still accepts the tokens', async () => {
    writeFileSync(settings, '', { mode: 0o644 });
    await page.run('chmod 600');
    expect(statSync(settings).mode & 0o777).toBe(0o600);
    const written = parseEnv(readFileSync(join(data, 'cluster.env'), 'utf8'));
    const server = await TestServer.start({
      database: { ...installation.database, url: written.DATABASE_URL ?? '' },
      environment: { ...installation.environment, ...written },
    });
    page.replacements['http://127.0.0.1:3000'] = server.client.baseUrl;

    expect(await page.run('/health/ready')).toContain('ok');
    expect((await server.client.me(asAnna)).status).toBe(200);
    expect((await server.client.login('anna', PASSWORD)).status).toBe(200);
    await server.stop();
  });

  it('goes back to the unchanged file', async () => {
    client = await installation.running();

    expect((await client.me(asAnna)).status).toBe(200);
  });

  it('has no other commands', () => {
    expect(page.notRun).toEqual([]);
    expect(codeOnPage(PAGE, 'sql')).toHaveLength(1);
  });
});
