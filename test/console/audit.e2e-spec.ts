import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { type Headers } from '../support/api-client.js';
import { ConsoleBrowser } from '../support/browser/console-browser.js';
import { ADMIN, newUser } from '../support/factories.js';
import { freePort } from '../support/free-port.mjs';
import { serverIn, ServerProcess } from '../support/server-process.js';

let folder: string;
let port: number;
let server: ServerProcess;
let browser: ConsoleBrowser;
let asAdmin: Headers;
let page: Page;

const start = () => ServerProcess.start(serverIn(folder), port);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
  port = await freePort();
  server = await start();
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  for (const name of ['hana', 'elif']) {
    await server.client.createUser(newUser({ name }), asAdmin);
  }
  await server.client.updateUser('hana', { displayName: 'Hana Suzuki' }, { ...asAdmin, 'If-Match': '*' });
  browser = await ConsoleBrowser.launch(server.client.baseUrl);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const rows = () => page.getByRole('list', { name: 'Audit trail' }).getByRole('listitem');
const row = (text: string) => rows().filter({ hasText: text }).first();

// One story, told in order: each step begins where the one before ended.
describe('the audit trail', () => {
  it('tells who did what to whom, newest first', async () => {
    page = await browser.open('/admin/audit');
    await page.getByLabel('Name', { exact: true }).fill(ADMIN.name);
    await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await row('Changed a user').waitFor();

    expect(await row('Changed a user').innerText()).toMatch(/admin[^]*Changed a user[^]*hana/);
  });

  it('says in the line what was changed', async () => {
    expect(await row('Changed a user').innerText()).toMatch(/display name:[^]*–[^]*→[^]*Hana Suzuki/);
  });

  it('opens a row by the space bar to what was changed, before and after', async () => {
    await row('Changed a user')
      .getByRole('button', { name: /^Details/ })
      .focus();
    await page.keyboard.press('Space');
    const cells = row('Changed a user').getByRole('row').filter({ hasText: 'displayName' });

    expect(await cells.innerText()).toMatch(/displayName[^]*–[^]*Hana Suzuki/);
  });

  it('shows new entries as they come, without a reload', async () => {
    await server.client.createUser(newUser({ name: 'a.newcomer' }), asAdmin);

    await row('a.newcomer').waitFor({ timeout: 5_000 });
    expect(await rows().first().innerText()).toContain('a.newcomer');
  });

  it('holds new entries back while it is not live', async () => {
    await page.getByRole('button', { name: 'Live' }).click();
    await server.client.createUser(newUser({ name: 'held.back' }), asAdmin);
    await page.waitForTimeout(3_000);

    expect(await row('held.back').count()).toBe(0);
    await page.getByRole('button', { name: 'Live' }).click();
    await row('held.back').waitFor({ timeout: 5_000 });
  });

  it('goes from row to row with the arrow keys', async () => {
    await row('held.back')
      .getByRole('button', { name: /^Details/ })
      .focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await row('a.newcomer').getByText('Entry', { exact: true }).waitFor();
  });

  it('is filtered by a name in a row, which the address keeps', async () => {
    await row('elif').getByRole('button', { name: 'Only what was done to elif' }).click();
    await row('hana').waitFor({ state: 'detached' });

    expect(new URL(page.url()).searchParams.get('subject')).toBe('elif');
    await page.reload();
    await row('elif').waitFor();
    expect(await rows().count()).toBe(1);
  });

  it('is filtered by what is typed, and by a time', async () => {
    await page.getByRole('button', { name: 'Remove the filter Whom or what' }).click();
    await page.getByRole('button', { name: /^Who: any/ }).click();
    await page.getByRole('textbox', { name: 'Who' }).fill('nobody.at.all');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page.getByRole('button', { name: 'Clear search and filters' }).click();

    await page.getByRole('button', { name: /^Until: any/ }).click();
    await page.getByRole('textbox', { name: 'Until' }).fill('2020-01-01T00:00');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page.getByRole('button', { name: 'Clear search and filters' }).click();
    await page.getByRole('button', { name: 'Last 24 hours' }).click();
    await row('elif').waitFor();
  });

  it('leads from a name to the person', async () => {
    await row('elif').getByRole('link', { name: 'elif' }).click();

    await page.getByRole('heading', { name: 'elif' }).waitFor();
    await page.goBack();
    await row('elif').waitFor();
  });

  it('is saved as a file', async () => {
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'As CSV' }).click(),
    ]);

    expect(download.suggestedFilename()).toMatch(/^audit-events-\d{4}-\d{2}-\d{2}\.csv$/);
  });

  it('has a view by one click, which the address keeps', async () => {
    await page.getByRole('button', { name: 'Users and their roles' }).click();
    await row('Changed a user').waitFor();
    await row('Created a user').waitFor({ state: 'detached' });

    expect(new URL(page.url()).searchParams.get('action')).toBe('user_updated');
    await page.getByRole('button', { name: 'Everything' }).click();
    await row('Created a user').first().waitFor();
  });

  it('says in place when the server is gone, and mends when it is back', async () => {
    await server.stop();
    const cutOff = page.locator('p').filter({ hasText: 'No answer from the server' });
    await cutOff.waitFor();
    expect((await cutOff.boundingBox())?.height).toBeGreaterThan(10);
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await page.getByRole('heading', { name: 'No connection' }).waitFor();
    server = await start();
    await page.getByRole('button', { name: 'Try again' }).click();

    await row('elif').waitFor();
  });

  it('broke no policy, threw nothing, and asked no other host', () => {
    expect(browser.misbehaviour).toEqual([]);
  });
});
