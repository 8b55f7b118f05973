import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { ConsoleBrowser } from '../support/browser/console-browser.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { freePort } from '../support/free-port.mjs';
import { serverIn, ServerProcess } from '../support/server-process.js';

const member = newUser({ name: 'member' });

let folder: string;
let port: number;
let server: ServerProcess;
let browser: ConsoleBrowser;
let page: Page;

const start = () => ServerProcess.start(serverIn(folder, { LATCHKEY_SESSION_IDLE_SECONDS: '129600' }), port);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
  port = await freePort();
  server = await start();
  await server.client.createUser(member, await server.client.loginHeaders(ADMIN.name, ADMIN.password));
  browser = await ConsoleBrowser.launch(server.client.baseUrl);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(target: Page, name: string, password: string): Promise<void> {
  await target.getByLabel('Name', { exact: true }).fill(name);
  await target.getByLabel('Password', { exact: true }).fill(password);
  await target.getByRole('button', { name: 'Sign in' }).click();
}

const row = (name: string) => page.getByRole('listitem').filter({ hasText: name });

// The steps depend on each other.
describe('the settings page', () => {
  it('opens with g s, and shows each variable with value, description and source', async () => {
    page = await browser.open('/admin/');
    await signIn(page, ADMIN.name, ADMIN.password);
    await page.getByRole('link', { name: 'Settings' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByText(/\d{2} variables/).waitFor();
    await row('LATCHKEY_AUDIT_KEY').waitFor();
    await row('LATCHKEY_METRICS').waitFor({ state: 'hidden' });
    await page.getByRole('heading', { name: 'Advanced settings' }).click();

    const idle = await row('LATCHKEY_SESSION_IDLE_SECONDS').innerText();
    expect(idle).toContain('129600 · 1 day 12 hours');
    expect(idle).toContain('Time after which an unused session expires.');
    expect(idle).toMatch(/Source: *\n? *Environment/);
    expect(await row('LATCHKEY_METRICS').innerText()).toContain('for no one (off).');
  });

  it('names the commands while there is neither a backup nor a verification of the audit trail', async () => {
    const text = await page.locator('app-server-state').innerText();
    expect(text).toContain('No backup recorded');
    expect(text).toContain('latchkey backup FILE');
    expect(text).toContain('Never verified');
    expect(text).toContain('latchkey verify-audit');
  });

  it('hides secrets', async () => {
    expect(await row('LATCHKEY_ADMIN_PASSWORD').innerText()).toContain('set, value hidden');
    expect(await page.locator('main').innerText()).not.toContain(ADMIN.password);
  });

  it('filters variables by their description', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('failed sign-ins');
    await page.getByText('2 variables').waitFor();
    await page.getByLabel('Filter by name or description').fill('nothing like this');
    await page.getByRole('heading', { name: 'No matching variables' }).waitFor();
    await page.getByRole('button', { name: 'Clear filter' }).click();
    await page.getByText(/\d{2} variables/).waitFor();
  });

  it('copies the name of a variable', async () => {
    await page.getByRole('button', { name: 'Copy DATABASE_URL' }).click();

    await row('DATABASE_URL').getByText('Copied').waitFor({ state: 'attached' });
  });

  it('shows the version and links the API documentation', async () => {
    const { body } = await server.client.request<{ info: { version: string } }>('GET', '/openapi.json');
    await page.getByText(body.info.version, { exact: true }).waitFor();
    const urls = await page.evaluate<string[]>(
      "performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)",
    );
    expect(urls).not.toContain('/openapi.json');

    expect(await page.getByRole('link', { name: 'Documentation' }).getAttribute('href')).toBe('/docs');
  });

  it('reports an unreachable server, and its return', async () => {
    await page.getByText('Ready to serve').waitFor();
    await server.stop();
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText('Not ready').waitFor();
    server = await start();
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText('Ready to serve').waitFor();
  });

  it('shows warnings of a ready server', async () => {
    const remark =
      'Notifications from other replicas do not arrive, so the server reads every token from the database.';
    const json = { status: 'ok', remarks: [remark] };
    await page.route('**/health/ready', (route) => route.fulfill({ json }), { times: 1 });
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByRole('list', { name: 'Server warnings' }).getByText(remark).waitFor();
    await page.getByText('Tokens are still verified securely').waitFor();
    await page.getByText('Ready to serve').waitFor();
    await page.getByRole('button', { name: 'Check again' }).click();

    await page.getByText('Tokens are still verified securely').waitFor({ state: 'detached' });
  });

  it('opens from the menu More on a narrow screen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('link', { name: 'Tokens' }).click();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Settings' }).click();

    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  });

  it('states the missing permission to users without it', async () => {
    const other = await browser.open('/admin/settings');
    await signIn(other, member.name, PASSWORD);
    await other.getByRole('heading', { name: 'No access to this page' }).waitFor();
    await other.getByText('It requires the permission settings:read.').waitFor();

    expect(await other.getByRole('link', { name: 'Settings' }).count()).toBe(0);
    await other.context().close();
  });

  it('causes no CSP violations, exceptions or requests to other hosts', () => {
    expect(browser.misbehaviour).toEqual([]);
  });
});
