import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type Headers } from '../support/api-client.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { startPostgresCluster } from '../support/database/postgres-cluster.mjs';
import { serverIn, ServerProcess, type Environment } from '../support/server-process.js';
import { codeOnPage } from '../support/docs/code-on-page.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

const PAGE = 'operations/move-to-postgresql.md';

/** Role and database, `latchkey` on the page. The administrator of the test cluster has that name. */
const NAME = 'growing';
const URL_ON_PAGE = 'postgres://latchkey:PASSWORD@127.0.0.1:5432/latchkey';

let folder: string;
let data: string;
let settings: string;
let cluster: Awaited<ReturnType<typeof startPostgresCluster>>;
let environment: Environment;
let server: ServerProcess;
let page: CommandsOnPage;
let asAnna: Headers;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'));
  data = join(folder, 'data');
  settings = join(folder, '.env');
  mkdirSync(join(folder, 'backups'));
  cluster = await startPostgresCluster();
  // The server creates the key of the audit trail.
  environment = serverIn(data, { LATCHKEY_AUDIT_KEY: undefined, LATCHKEY_DATA_DIR: data });
  server = await ServerProcess.start(environment);
  const asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  await server.client.createUser({ name: 'anna', password: PASSWORD }, asAdmin);
  asAnna = await server.client.loginHeaders('anna', PASSWORD);
  page = new CommandsOnPage(PAGE, environment as Record<string, string>, {
    '/var/backups': join(folder, 'backups'),
    'data/': `${data}/`,
    '.env &&': `${settings} &&`,
    '600 .env': `600 ${settings}`,
    'http://127.0.0.1:3000': server.client.baseUrl,
    [URL_ON_PAGE]: urlOf(NAME, 'PASSWORD'),
  });
});

afterAll(async () => {
  await server.kill();
  await asAdministrator(`DROP DATABASE IF EXISTS ${NAME}`, `DROP ROLE IF EXISTS ${NAME}`);
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

function urlOf(name: string, password: string): string {
  const url = new URL(cluster.url);
  Object.assign(url, { username: name, password, pathname: `/${name}` });
  return url.href;
}

async function asAdministrator(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  for (const sql of statements) {
    await client.query(sql);
  }
  await client.end();
}

// In the order of the page: each step needs those before it.
describe('docs/operations/move-to-postgresql.md', () => {
  it('backs up the file and prints the head of the audit trail', async () => {
    const output = await page.run('latchkey backup');

    const [, head = ''] = /Head, to be stored elsewhere: (\S+)/.exec(output) ?? [];
    expect(head).not.toBe('');
    page.environment['HEAD'] = head;
    expect(existsSync(join(folder, 'backups', 'latchkey-before-postgres.sqlite'))).toBe(true);
  });

  it('creates a database that a server can start with', async () => {
    const [sql = ''] = codeOnPage(PAGE, 'sql');
    await asAdministrator(...sql.replaceAll('latchkey', NAME).split(';\n').filter(Boolean));

    expect(await page.run('config check')).toMatch(/^ok\nDatabase: PostgreSQL .* has no tables yet/);
    expect(statSync(join(data, 'cluster.env')).mode & 0o777).toBe(0o600);
  });

  it('moves the data of the stopped server with a valid audit trail', async () => {
    await server.stop();

    expect(await page.run('migrate-database')).toMatch(/compared each with its copy\.\n$/);
    expect(await page.run('verify-audit --head')).toContain('The audit trail is intact');
  });

  it('starts a server on PostgreSQL that still accepts the tokens', async () => {
    writeFileSync(settings, '', { mode: 0o644 });
    await page.run('chmod 600');
    expect(statSync(settings).mode & 0o777).toBe(0o600);
    const written = parseEnv(readFileSync(join(data, 'cluster.env'), 'utf8'));
    const port = Number(new URL(server.client.baseUrl).port);
    server = await ServerProcess.start({ ...environment, ...written }, port);

    expect(await page.run('/health/ready')).toContain('ok');
    expect((await server.client.me(asAnna)).status).toBe(200);
    expect((await server.client.login('anna', PASSWORD)).status).toBe(200);
  });

  it('goes back to the unchanged file', async () => {
    await server.stop();
    server = await ServerProcess.start(environment);

    expect((await server.client.me(asAnna)).status).toBe(200);
    await server.stop();
  });

  it('has no other commands', () => {
    expect(page.untried).toEqual([]);
    expect(codeOnPage(PAGE, 'sql')).toHaveLength(1);
  });
});
