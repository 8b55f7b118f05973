import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from '#sqlite';
import { type Page } from 'playwright-core';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { ConsoleBrowser } from '../support/browser/console-browser.js';
import { visit } from '../support/browser/visit.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { serverIn, ServerProcess } from '../support/server-process.js';
import { XSS_PAYLOADS } from './xss-payloads.js';

/** Number of rejections that the console lists. */
const LISTED = 20;

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

/** Prefix of a payload, which identifies its place. */
type Place = 'named' | 'called' | 'note' | 'agent' | 'role';
const textAt = (place: Place, payload: string) => `${place} ${payload}`;

/**
 * Stores a payload in every text that a client can set: names, notes, descriptions, user agent and forwarded
 * address.
 */
async function plant(name: string, payload: string, index: number): Promise<void> {
  await server.client.createUser(newUser({ name, displayName: textAt('called', payload) }), asAdmin);
  const role = { name: `role-${index}`, description: textAt('role', payload), permissions: [] };
  await server.client.createRole(role, asAdmin);
  const { body } = await server.client.createUserToken(name, asAdmin, { note: textAt('note', payload) });
  tokenIds.push(body.id);
  const agent = { 'User-Agent': textAt('agent', payload), 'X-Forwarded-For': payload };
  await server.client.request('GET', '/me', { headers: { ...tokenHeader(body), ...agent } });
  await server.client.login(name, PASSWORD, { headers: agent });
}

/** Renames users in the database. The API rejects such names, but the console must not rely on it. */
function rename(): void {
  const database = new Database(join(folder, 'latchkey.sqlite'), { timeout: 30_000 });
  const statement = database.prepare('UPDATE users SET name = ? WHERE name = ?');
  XSS_PAYLOADS.forEach((payload, index) => statement.run(textAt('named', payload), nameOf(index)));
  database.close();
}

/** Waits until the page shows these texts as they are. HTML collapses white space. */
async function expectTexts(...texts: string[]): Promise<void> {
  for (const text of texts) {
    await page
      .locator('main')
      .filter({ hasText: text.replace(/\s+/g, ' ') })
      .waitFor();
  }
}

const all = (place: Place) => XSS_PAYLOADS.map((payload) => textAt(place, payload));

// Covers B54 in docs/explanation/security.md.
describe('40 texts that would run scripts as markup', () => {
  it('are all in the list', () => {
    expect(XSS_PAYLOADS).toHaveLength(40);
  });

  it('are shown as text on their pages', async () => {
    for (const [index, payload] of XSS_PAYLOADS.entries()) {
      await visit(page, `/admin/users/${nameOf(index)}`);
      await expectTexts(textAt('called', payload));
      await visit(page, `/admin/tokens/${tokenIds[index]}`);
      await expectTexts(textAt('note', payload), textAt('agent', payload));
    }
  }, 180_000);

  it('are shown as text in lists', async () => {
    rename();
    for (const agent of all('agent').slice(-LISTED)) {
      await server.client.me({ 'User-Agent': agent });
    }

    await page.goto('/admin/users?size=100');
    await expectTexts(...all('named'), ...all('called'));
    await page.goto('/admin/tokens?size=100');
    await expectTexts(...all('named'), ...all('note'));
    await page.goto('/admin/explanations');
    await expectTexts(...all('agent').slice(-LISTED));
    await page.goto('/admin/roles?size=100');
    await expectTexts(...all('role'));
  });

  it('are shown as text in the audit trail', async () => {
    await page.goto('/admin/audit?action=role_created');
    await page
      .getByRole('button', { name: /^Details/ })
      .first()
      .waitFor();
    for (const button of await page.getByRole('button', { name: /^Details/ }).all()) {
      await button.click();
    }
    await expectTexts(...all('role'));
  });

  it('run no script on the home page', async () => {
    await page.goto('/admin/');
    await expectTexts('Needs attention');
    await page.waitForLoadState('networkidle');
  });

  it('caused no dialogs, CSP violations, exceptions or requests to other hosts', () => {
    expect(dialogs).toEqual([]);
    expect(browser.misbehaviour).toEqual([]);
  });
});
