import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { type Page } from 'playwright-core';
import { type Headers } from '../support/api-client.js';
import { ConsoleBrowser } from '../support/browser/console-browser.js';
import { PASSWORD } from '../support/factories.js';
import { layoutShifts, observeTiming } from '../support/browser/page-timing.js';
import { ServerProcess } from '../support/server-process.js';

const DAY = 86_400_000;

let folder: string;
let server: ServerProcess;
let browser: ConsoleBrowser;
let asAdmin: Headers;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
  server = await ServerProcess.start({
    DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
    LATCHKEY_ADMIN_PASSWORD: PASSWORD,
    LATCHKEY_API_TOKEN_NO_EXPIRY: 'true',
  });
  browser = await ConsoleBrowser.launch(server.client.baseUrl);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const card = (heading: string) => page.getByRole('region', { name: new RegExp(heading) });

/** Makes a service with tokens, made so many days ago. */
async function makeTokens(name: string, notes: readonly string[], wish: object, age = 0): Promise<void> {
  await server.client.createUser({ name, kind: 'service' }, asAdmin);
  for (const note of notes) {
    const { status, body } = await server.client.createUserToken(name, asAdmin, { note, ...wish });
    expect(status).toBe(201);
    const database = new Sqlite(join(folder, 'latchkey.sqlite'));
    database
      .prepare('UPDATE tokens SET "creationTime" = "creationTime" - ? WHERE id = ?')
      .run(age * DAY, body.id);
    database.close();
  }
}

const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

// One story, told in order.
describe('the home page', () => {
  it('greets the first administrator with a call, and sees it when it comes', async () => {
    page = await browser.open('/admin/');
    await page.getByLabel('Name', { exact: true }).fill('admin');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Waiting for your request').waitFor();
    await page.getByText(/curl -X POST -u 'admin'/).waitFor();

    // Somebody who signs in to another console has called nothing.
    const other = await browser.open('/admin/');
    await other.getByLabel('Name', { exact: true }).fill('admin');
    await other.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByText('Waiting for your request').waitFor();
    await other.context().close();
    await page.waitForTimeout(2_500);
    await page.getByText('Waiting for your request').waitFor();

    await server.client.login('admin', PASSWORD, { headers: { 'User-Agent': 'curl/8.14.1' } });

    await page.getByText('Request received from curl/8.14.1').waitFor();
    const figure = page.locator('app-server-stats dl > div').filter({ hasText: 'Sign-ins today' });
    await figure.getByText('3', { exact: true }).waitFor();
  });

  it('greets without moving what is there already', async () => {
    await observeTiming(page.context());
    await page.reload();
    await page.getByText('Waiting for your request').waitFor();
    await page.getByRole('heading', { name: 'Sign-ins in the last 30 days' }).waitFor();

    expect(await layoutShifts(page)).toEqual([]);
  });

  it('says when there is nothing to do', async () => {
    await page.getByRole('heading', { name: 'Nothing to do' }).waitFor();
  });

  it('leads on to a service and its first token', async () => {
    await page.getByRole('link', { name: 'Create a service and its first token' }).click();
    await page.getByRole('dialog').getByText('A service has no password').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    await page.getByRole('heading', { name: 'Nothing to do' }).waitFor();
  });

  it('does not greet who has seen it', async () => {
    await page.getByRole('button', { name: 'Do not show again' }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Nothing to do' }).waitFor();

    expect(await page.getByText('Send your first request').count()).toBe(0);
  });

  it('lists tokens by what should be done about them', async () => {
    asAdmin = await server.client.loginHeaders('admin', PASSWORD);
    await makeTokens('deploy', ['production', 'staging'], { expirationTime: inDays(5) });
    await makeTokens('old', ['forgotten one', 'forgotten two', 'forgotten three'], {}, 8);
    await makeTokens('forever', ['no end in sight', 'nor here', 'nor there'], { expirationTime: null });
    await makeTokens('gone', ['of somebody who left'], {});
    await server.client.updateUser('gone', { enabled: false }, { ...asAdmin, 'If-Match': '*' });
    await page.reload();

    await card('Expires within 14 days').getByText('production').waitFor();
    await card('Never used').getByText('forgotten one').waitFor();
    await card('No expiry').getByText('no end in sight').waitFor();
    await card('Owner is disabled').getByText('of somebody who left').waitFor();
  });

  it('extends one, and takes it back', async () => {
    await page.getByRole('button', { name: 'Extend by 90 days: production' }).click();
    await card('Expires within 14 days').getByText('production').waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Undo' }).click();
    await card('Expires within 14 days').getByText('production').waitFor();
  });

  it('extends all of a group, after it has said how many they are', async () => {
    await page.getByRole('button', { name: 'Extend all 2' }).click();
    await page.getByRole('alertdialog').getByText('Extend 2 tokens?').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Extend all 2' }).click();

    await page.getByText('2 tokens changed').waitFor();
    await card('Expires within 14 days').waitFor({ state: 'detached' });
  });

  it('gives a token without an end one, and the next row has the focus', async () => {
    await page.getByRole('button', { name: 'Expire in 90 days: no end in sight' }).click();
    await page.getByText('The token expires on').waitFor();
    await card('No expiry').getByText('no end in sight').waitFor({ state: 'detached' });

    expect(await page.locator(':focus').innerText()).toContain('nor here');
  });

  it('gives all of them one', async () => {
    await page.getByRole('button', { name: 'Set expiry for 2' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Set expiry for 2' }).click();
    await page.getByText('2 tokens changed').waitFor();

    await card('No expiry').waitFor({ state: 'detached' });
    const { body } = await server.client.tokens(asAdmin, '?user=forever');
    expect(body.items.every(({ expirationTime }) => expirationTime !== undefined)).toBe(true);
  });

  it('revokes all of a group', async () => {
    await page.getByRole('button', { name: 'Revoke all 3' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke all 3' }).click();

    await page.getByText('3 tokens changed').waitFor();
    await card('Never used').waitFor({ state: 'detached' });
  });

  it('revokes one, and leaves it when the person thinks better of it', async () => {
    await page.getByRole('button', { name: 'Revoke: of somebody who left' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await card('Owner is disabled').getByText('of somebody who left').waitFor();

    await page.getByRole('button', { name: 'Revoke: of somebody who left' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    await card('Owner is disabled').waitFor({ state: 'detached' });
  });

  it('counts anew what was done', async () => {
    const tile = page.locator('app-server-stats dl > div').filter({ hasText: 'Valid tokens' });
    const { body } = await server.client.stats(asAdmin);

    await tile.getByText(String(body.tokens.live), { exact: true }).waitFor();
  });

  it('leads from the failures of the day to each of them', async () => {
    await page.getByRole('link', { name: 'Failed today' }).click();
    await page.getByRole('button', { name: /^Act: Failed to sign in/ }).waitFor();

    expect(new URL(page.url()).searchParams.get('from')).toMatch(/^\d{4}-\d\d-\d\dT00:00:00.000Z$/);
    await page.goBack();
  });

  it('tells the log-ins of 30 days as a table as well', async () => {
    await page.getByRole('button', { name: 'Show as table' }).click();

    const rows = page.getByRole('region', { name: 'Sign-ins in the last 30 days' }).last().getByRole('row');
    await rows.nth(30).waitFor();
    expect(await rows.count()).toBe(31);
  });

  it('says in place when the server is gone', async () => {
    await server.stop();
    await page.getByRole('link', { name: 'Tokens', exact: true }).click();
    await page.getByText('No connection').first().waitFor();
    await page.getByRole('link', { name: 'Home', exact: true }).click();

    await page.getByText('No connection').first().waitFor();
  });

  it('broke no policy, threw nothing, and asked no other host', () => {
    expect(browser.misbehaviour).toEqual([]);
  });
});
