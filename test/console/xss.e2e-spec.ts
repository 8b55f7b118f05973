import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { ConsoleBrowser } from '../support/console-browser.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { serverIn, ServerProcess } from '../support/server-process.js';
import { XSS_PAYLOADS } from './xss-payloads.js';

let folder: string;
let server: ServerProcess;
let browser: ConsoleBrowser;
let asAdmin: Headers;
let page: Page;
const dialogs: string[] = [];
const tokenIds: string[] = [];

const nameOf = (index: number) => `mallory-${index}`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
  server = await ServerProcess.start(serverIn(folder, { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' }));
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  for (const [index, payload] of XSS_PAYLOADS.entries()) {
    await plant(nameOf(index), payload, index);
  }
  browser = await ConsoleBrowser.launch(server.client.baseUrl);
  page = await browser.open('/admin/');
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.getByLabel('Name', { exact: true }).fill(ADMIN.name);
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Home', exact: true }).waitFor();
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Puts a payload wherever somebody can put a text: names, notes, descriptions, the user agent and the forwarded address. */
async function plant(name: string, payload: string, index: number): Promise<void> {
  await server.client.createUser(newUser({ name, displayName: payload }), asAdmin);
  await server.client.createRole({ name: `role-${index}`, description: payload, permissions: [] }, asAdmin);
  const { body } = await server.client.createUserToken(name, asAdmin, { note: payload });
  tokenIds.push(body.id);
  const agent = { 'User-Agent': payload, 'X-Forwarded-For': payload };
  await server.client.request('GET', '/me', { headers: { ...tokenHeader(body), ...agent } });
  await server.client.login(name, PASSWORD, { headers: agent });
}

/** Opens a page, and waits until it has all it asks for. */
async function visit(path: string): Promise<string> {
  await page.goto(`/admin${path}`);
  await page.locator('main h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  return page.locator('main').innerText();
}

/** A payload as the page shows it: HTML makes one space of several. */
const shown = (payload: string) => payload.replace(/\s+/g, ' ');

describe('40 texts that would be scripts', () => {
  it('are forty', () => {
    expect(XSS_PAYLOADS).toHaveLength(40);
  });

  it('are shown as they were typed in lists', async () => {
    const users = await visit('/users?q=mallory&size=100');
    const tokens = await visit('/tokens?size=100');
    const roles = await visit('/roles?size=100');

    expect(XSS_PAYLOADS.filter((payload) => !users.includes(shown(payload)))).toEqual([]);
    expect(XSS_PAYLOADS.filter((payload) => !tokens.includes(shown(payload)))).toEqual([]);
    expect(XSS_PAYLOADS.filter((payload) => !roles.includes(shown(payload)))).toEqual([]);
  });

  it('are shown as they were typed on the pages of each', async () => {
    for (const [index, payload] of XSS_PAYLOADS.entries()) {
      expect(await visit(`/users/${nameOf(index)}`)).toContain(shown(payload));
      expect(await visit(`/tokens/${tokenIds[index]}`)).toContain(shown(payload));
    }
  }, 180_000);

  it('do nothing at home, in the audit trail, and opened there', async () => {
    await visit('/');
    await visit('/audit');
    for (const button of (await page.getByRole('button', { name: /^Details/ }).all()).slice(0, 20)) {
      await button.click();
    }
    await page.waitForLoadState('networkidle');
  });

  it('opened no dialog, broke no policy, threw nothing, and asked no other host', () => {
    expect(dialogs).toEqual([]);
    expect(browser.misbehaviour).toEqual([]);
  });
});
