import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ProblemDto, type UserTokenDto } from '@latchkey/auth-models';
import { type Locator, type Page } from 'playwright-core';
import { type Headers } from '../support/api-client.js';
import { ConsoleBrowser } from '../support/browser/console-browser.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { freePort } from '../support/free-port.mjs';
import { serverIn, ServerProcess } from '../support/server-process.js';

const CLICKS_MAX = 4;

let folder: string;
let server: ServerProcess;
let browser: ConsoleBrowser;
let asAdmin: Headers;
let page: Page;
let clicks: number;
let startTime: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
  server = await ServerProcess.start(serverIn(folder), await freePort());
  const { client } = server;
  asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  for (const name of ['deploy-bot', 'backup-bot']) {
    await client.createUser({ name, kind: 'service' }, asAdmin);
    for (let count = 0; count < 20; count += 1) {
      await client.createUserToken(name, asAdmin, { note: `${name} ${count}` });
    }
  }
  await client.createUser(newUser({ name: 'elif', roles: ['admin'] }), asAdmin);
  await client.createUser(newUser({ name: 'boss', roles: ['admin'] }), asAdmin);
  browser = await ConsoleBrowser.launch(client.baseUrl);
  page = await browser.open('/admin/', { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.getByLabel('Name', { exact: true }).fill(ADMIN.name);
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await page.goto('/admin/');
  await page.getByRole('heading', { name: 'Home' }).waitFor();
  clicks = 0;
  startTime = performance.now();
});

async function click(target: Locator): Promise<void> {
  clicks += 1;
  await target.click();
}

const destination = (name: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true });

/** Prints the clicks and the time that a task took. */
function printEffort(task: string): void {
  const seconds = ((performance.now() - startTime) / 1_000).toFixed(1);
  process.stdout.write(`${task}: ${clicks} clicks, ${seconds} s\n`);
}

const credentialOf = ({ user }: UserTokenDto, secret = ''): Headers => ({
  'X-Auth-Token': Buffer.from(`${user}:${secret}`).toString('base64'),
});

describe('the tasks of an administrator, from the home page', () => {
  it('revokes a leaked token, found by its last characters, in four clicks', async () => {
    const { body: leaked } = await server.client.createUserToken('backup-bot', asAdmin, { note: 'leaked' });

    await click(destination('Tokens'));
    await page.getByRole('heading', { name: 'Tokens', exact: true }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(leaked.token?.slice(-4) ?? '');
    await page.getByText('1 token found').waitFor();
    expect(await page.getByRole('row', { name: /leaked/ }).innerText()).toContain('backup-bot');
    await click(page.getByRole('button', { name: 'Revoke leaked' }));
    await click(page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }));
    await page.getByText('Token revoked').waitFor();
    printEffort('Revoke a leaked token');

    expect((await server.client.me(credentialOf(leaked, leaked.token))).status).toBe(401);
    expect(clicks).toBeLessThanOrEqual(CLICKS_MAX);
  });

  it('rotates the token of a service without an outage in four clicks', async () => {
    const { body: former } = await server.client.createUserToken('deploy-bot', asAdmin, { note: 'ships' });

    await click(destination('Tokens'));
    await page.getByRole('heading', { name: 'Tokens', exact: true }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('ships');
    await click(page.getByRole('button', { name: 'Rotate ships' }));
    await click(page.getByRole('dialog').getByRole('button', { name: 'Rotate' }));
    const secret = await page.locator('app-secret-panel pre').first().innerText();
    await click(page.getByRole('button', { name: /^Copy/ }).first());
    printEffort('Rotate the token of a service');

    const answers = [former.token, secret].map((each) => server.client.me(credentialOf(former, each)));
    expect(secret).not.toBe(former.token);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect(clicks).toBeLessThanOrEqual(CLICKS_MAX);
  });

  it('finds the actor and the target of a removed role in four clicks', async () => {
    const asBoss = await server.client.loginHeaders('boss', PASSWORD);
    await server.client.updateUser('elif', { roles: ['user'] }, { ...asBoss, 'If-Match': '*' });

    await click(destination('Audit trail'));
    await click(page.getByRole('button', { name: 'Users changed' }));
    await click(page.getByRole('button', { name: /^Period/ }));
    await click(page.getByRole('menuitemradio', { name: 'Last 7 days' }));
    const row = page.getByRole('listitem').filter({ hasText: 'elif' });
    await row.waitFor();
    const entry = await row.innerText();
    printEffort('Find the actor of a demotion');

    expect(entry).toMatch(/boss[^]*Changed a user[^]*elif[^]*roles:[^]*admin[^]*→[^]*user/);
    expect(clicks).toBeLessThanOrEqual(CLICKS_MAX);
  });

  it('enables the disabled token of a CI job, from the trace id of its failure, in four clicks', async () => {
    const { body: token } = await server.client.createUserToken('deploy-bot', asAdmin, { note: 'pipeline' });
    await server.client.updateToken(token.id, { enabled: false }, { ...asAdmin, 'If-Match': '*' });
    const rejected = await server.client.me(credentialOf(token, token.token));
    const traceId = (rejected.body as unknown as ProblemDto).traceId;
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(traceId)})`);

    await click(destination('Rejections'));
    await click(page.getByLabel('Trace ID'));
    await page.keyboard.press('Control+V');
    await page.getByRole('heading', { name: 'Token disabled' }).waitFor();
    const steps = page.locator('mat-accordion').getByRole('button');
    const openStep = await steps.and(page.locator('[aria-expanded=true]')).innerText();
    await click(page.getByRole('link', { name: 'Enable the token' }));
    await click(page.getByRole('button', { name: 'Enable', exact: true }));
    await page.getByText('“pipeline” enabled').waitFor();
    printEffort('Enable the disabled token of a CI job');

    expect(openStep).toMatch(/Token enabled\s+Failed/);
    expect((await server.client.me(credentialOf(token, token.token))).status).toBe(200);
    expect(clicks).toBeLessThanOrEqual(CLICKS_MAX);
  });

  it('causes no CSP violations, exceptions or requests to other hosts', () => {
    expect(browser.misbehaviour).toEqual([]);
  });
});
