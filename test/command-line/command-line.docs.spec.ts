import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ImportResultDto, type UserTokenDto } from '@latchkey/auth-models';
import { markdownPages } from '../../docs/site/pages.mjs';
import { type ApiClient } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';
import { Installation } from '../support/installation.js';
import { codeOnPage } from '../support/docs/code-on-page.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

const PAGE = 'reference/command-line.md';
const IMPORT_PAGE = 'guides/import-users.md';

/** The password of the hash on the page. */
const PASSWORD = 'anna has always used this';

/** Returns the text of a section of the page. */
const section = (heading: string): string =>
  readFileSync(`docs/${PAGE}`, 'utf8')
    .split(/^## /m)
    .find((text) => text.startsWith(`${heading}\n`)) ?? '';

let installation: Installation;
let client: ApiClient;
let page: CommandsOnPage;
let importPage: CommandsOnPage;

beforeAll(async () => {
  installation = await Installation.open();
  client = await installation.running();
  const { folder, environment } = installation;
  const file = join(folder, 'users.csv');
  writeFileSync(file, codeOnPage(IMPORT_PAGE, 'csv').join('\n'));
  const settings = join(folder, '.env');
  page = new CommandsOnPage(PAGE, environment as Record<string, string>, {
    'config init\nnpx --no-install latchkey config check': `config init ${settings}\nnpx --no-install latchkey config check --environment-file ${settings}`,
  });
  for (const name of ['clara.txt', 'new-secret.txt', 'secret.txt']) {
    page.replacements[`--out ${name}`] = `--out ${join(folder, name)}`;
  }
  importPage = new CommandsOnPage(IMPORT_PAGE, environment as Record<string, string>, {
    'users.csv': file,
    'http://127.0.0.1:3000': client.baseUrl,
  });
});

afterAll(() => installation.close());

// In the order of the page: each step needs those before it.
describe('docs/reference/command-line.md and docs/guides/import-users.md', () => {
  it('lists every command', async () => {
    const help = await page.run('--all');

    const commands = [...help.matchAll(/^ {2}([a-z][a-z-]+) /gm)].map(([, name = '']) => name);
    const listed = [...section('Commands').matchAll(/^\| \[`([a-z-]+)/gm)].map(([, name]) => name);
    expect(new Set(listed)).toEqual(new Set(commands.filter((name) => name !== 'help')));
  });

  it('writes settings with which a server would start', async () => {
    expect(await page.run('config init')).toMatch(/^Created .*\nok\n/);
  });

  it('checks the installation', async () => {
    expect(await page.run('doctor')).toMatch(
      /^ok +start +The server is running, and would start again with these settings\.$/m,
    );
  });

  it('imports the users of the example, with an old password', async () => {
    const output = await importPage.run('import-users');

    expect(output).toContain('2 users would be created');
    expect(output).toContain('Created 2 users');
    expect((await client.login('anna', PASSWORD)).status).toBe(200);
  });

  it('checks users through the API', async () => {
    importPage.environment['TOKEN'] = (await client.loginHeaders(ADMIN.name, ADMIN.password))[
      'X-Auth-Token'
    ] as string;

    const result = JSON.parse(await importPage.run('users/import')) as ImportResultDto;

    expect(result).toMatchObject({ imported: 0, skipped: 0, problems: [{ index: 0, code: 'name_taken' }] });
  });

  it('creates a set-up link for each name', async () => {
    expect(await importPage.run('for name in')).toContain('/admin/set-up?name=anna#');
  });

  it('lists tokens and revokes them', async () => {
    const asAnna = await client.loginHeaders('anna', PASSWORD);
    const { items } = (await client.myTokens(asAnna)).body;
    page.environment['ID'] = items[0]?.id ?? '';

    const listed = await page.run('list-tokens\n');
    const holders = await page.run('list-users --permission');
    await page.run('revoke "$ID"');

    expect(listed).toContain(items[0]?.id);
    expect(holders).toMatch(/^admin /m);
    expect((await client.me(asAnna)).status).toBe(401);
  });

  it('creates a role, a person with it, and a service', async () => {
    const output = await page.run('create-role');

    expect(output).toMatch(/^Created the role clerks with users:read\.\nCreated the user clara\. The link /);
    expect(output).toContain('\nCreated the user nightly-report.');
    expect(statSync(join(installation.folder, 'clara.txt')).mode & 0o777).toBe(0o600);
  });

  it('creates and rotates a token, and writes the secrets to files', async () => {
    const file = join(installation.folder, 'new-secret.txt');
    const { items } = (await client.tokens(await client.loginHeaders(ADMIN.name, ADMIN.password))).body;
    page.environment['ID'] = items[0]?.id ?? '';

    expect(await page.run('create-token')).toMatch(/^NAME .*\nanna /);

    expect(readFileSync(file, 'utf8')).toMatch(/^latchkey_\w{33}\n$/);
  });

  it('registers, lists and deletes an API', async () => {
    expect(await page.run('apis create')).toMatch(/^invoices +read write +0$/m);
  });

  it('confirms the clock', async () => {
    expect(await page.run('trust-clock')).toMatch(
      /^The time is \S+Z\. The last recorded time was \S+Z; .*\. There was nothing to confirm\.$/m,
    );
  });

  it('prints each result as one JSON document', async () => {
    await client.login('anna', PASSWORD);

    const [checked, listed] = (await page.run('config check --json')).split(/(?<=^\})\n/m);

    expect(JSON.parse(checked ?? '')).toMatchObject({ ok: true });
    const { items } = JSON.parse(listed ?? '') as { items: UserTokenDto[] };
    expect(items.map(({ user }) => user)).toEqual(['anna', 'anna']);
  });

  it('calls the program as all other pages do', () => {
    const calls = [...markdownPages().keys()]
      .filter((name) => !name.endsWith('reference/command-line.md'))
      .flatMap((name) => readFileSync(name, 'utf8').match(/npx .{0,25}/g) ?? []);

    expect(calls.length).toBeGreaterThan(10);
    expect(calls.filter((call) => !call.startsWith('npx --no-install latchkey '))).toEqual([]);
    expect(codeOnPage(PAGE, 'sh').join('')).not.toMatch(/npx (?!--no-install latchkey )/);
  });

  it('has no other commands', () => {
    expect([...page.notRun, ...importPage.notRun]).toEqual([]);
  });
});
