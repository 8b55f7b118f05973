import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { ConsoleBrowser } from '../support/browser/console-browser.js';
import { findSecrets } from '../support/secrets.js';
import { ServerProcess } from '../support/server-process.js';

const PASSWORD = 'pässwörd: with 暗号 in it';

let folder: string;
let server: ServerProcess;
let browser: ConsoleBrowser;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
  server = await ServerProcess.start({ DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}` });
  browser = await ConsoleBrowser.launch(server.client.baseUrl);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The address in the file that a first start without a terminal leaves. */
function setUpPath(): string {
  const [, path] =
    /http:\/\/[^/]+(\/admin\/set-up#\S+)/.exec(readFileSync(join(folder, 'first-sign-in.txt'), 'utf8')) ?? [];
  return path ?? '';
}

async function signIn(target: Page): Promise<void> {
  await target.getByLabel('Name', { exact: true }).fill('admin');
  await target.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await target.getByRole('button', { name: 'Sign in' }).click();
  await target.getByRole('heading', { name: 'Home', exact: true }).waitFor();
}

// One story, told in order: each step begins where the one before ended.
describe('the console, from the first start to sign-out', () => {
  it('tells beside the field that a password is too common, and does not use the link up', async () => {
    const other = await browser.open(setUpPath());
    await other.getByLabel('Password', { exact: true }).fill('1qaz2wsx3edc4rfv');
    await other.getByLabel('Confirm password').fill('1qaz2wsx3edc4rfv');
    await other.getByRole('button', { name: 'Set password' }).click();

    await other.getByText('Attackers try this password').waitFor();
    await other.context().close();
  });

  it('lets the first administrator choose a password, and takes the secret out of the address', async () => {
    page = await browser.open(setUpPath());
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Confirm password').fill(PASSWORD);

    expect(new URL(page.url()).hash).toBe('');
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.getByText('Your password is set').waitFor();
  });

  it('refuses the link a second time', async () => {
    const other = await browser.open('/admin/set-up#AAAAAAAAAAAAAAAAAAAAAA');
    await other.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await other.getByLabel('Confirm password').fill(PASSWORD);
    await other.getByRole('button', { name: 'Set password' }).click();

    await other.getByRole('heading', { name: 'This link no longer works' }).waitFor();
    await other.context().close();
  });

  it('signs in and shows the users', async () => {
    await signIn(page);
    await page.getByRole('link', { name: 'Users', exact: true }).first().click();

    await page.getByRole('row', { name: /admin/ }).waitFor();
  });

  it('B51 keeps the token out of storage, cookies that scripts see, address and document', async () => {
    const seen = await page.evaluate<string>(`indexedDB.databases().then((databases) =>
      JSON.stringify([
        { ...localStorage }, { ...sessionStorage }, document.cookie, location.href,
        document.documentElement.outerHTML, databases,
      ]))`);

    expect(findSecrets(seen)).toEqual([]);
    expect(await page.context().cookies()).toMatchObject([
      { name: '__Host-latchkey', httpOnly: true, secure: true, sameSite: 'Strict' },
    ]);
  });

  it('creates a user with the form that validates like the server', async () => {
    await page.getByRole('button', { name: 'New user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('a:b');
    await dialog.getByRole('button', { name: 'Create user' }).click();
    await dialog.getByText('letters or digits of one script').waitFor();

    await dialog.getByLabel('Name', { exact: true }).fill('ÄNNE');
    await dialog.getByText('änne').waitFor();
    await dialog.getByLabel('Display name').fill('<img src=x onerror=alert(1)>');
    await dialog.getByRole('button', { name: 'Create user' }).click();
    await dialog.getByText('Give this link to the user').waitFor();
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();

    await page.getByRole('row', { name: /änne/ }).waitFor();
    expect(await page.getByText('<img src=x onerror=alert(1)>').count()).toBeGreaterThan(0);
  });

  it('tells beside the field that a name is taken', async () => {
    await page.getByRole('button', { name: 'New user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('Änne');
    await dialog.getByRole('button', { name: 'Create user' }).click();

    await dialog.getByText(/in use/).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });

    expect(await page.getByText('undefined created').count()).toBe(0);
  });

  it('tells beside the field that a password is made of names', async () => {
    await page.getByRole('button', { name: 'New user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('bernadette');
    await dialog.getByLabel('Password', { exact: true }).fill('Bernadette-2026!');
    await dialog.getByRole('button', { name: 'Create user' }).click();

    await dialog.getByText('Names, repetitions and sequences are easy to guess').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('searches on the server and keeps the search in the address', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('nne');
    await page.getByText('1 user').waitFor();

    expect(new URL(page.url()).searchParams.get('q')).toBe('nne');
    expect(await page.getByRole('row', { name: /admin/ }).count()).toBe(0);
  });

  it('survives a reload, with the search', async () => {
    await page.reload();
    await page.getByRole('row', { name: /änne/ }).waitFor();

    expect(await page.getByRole('row', { name: /admin/ }).count()).toBe(0);
  });

  it('lists own tokens and revokes another session', async () => {
    await server.client.login('admin', PASSWORD, { headers: { 'User-Agent': 'a forgotten script' } });
    await page.getByRole('link', { name: 'Tokens' }).click();
    await page.getByRole('button', { name: 'Revoke a forgotten script' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();

    await page.getByText('Token revoked').waitFor();
    await page.getByRole('row', { name: /a forgotten script/ }).waitFor({ state: 'detached' });
  });

  it('remembers the dark theme', async () => {
    await page.getByRole('button', { name: /Account of/ }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.keyboard.press('Escape');
    await page.reload();
    await page.getByRole('heading', { name: 'Tokens' }).waitFor();

    const scheme = await page.evaluate('getComputedStyle(document.documentElement).colorScheme');
    expect(scheme).toBe('dark');
  });

  it('B53 clean exit: signs out every tab, and shows nothing by going back', async () => {
    const tab = await page.context().newPage();
    await tab.goto('/admin/users');
    await tab.getByRole('heading', { name: 'Users' }).waitFor();
    await page.getByRole('button', { name: /Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();

    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await tab.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: 2_000 });
    for (let step = 0; step < 3; step += 1) {
      await page.goBack();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      expect(await page.getByRole('row').count()).toBe(0);
    }
    await page.goto('/admin/users');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('broke no policy, threw nothing, and asked no other host', () => {
    expect(browser.misbehaviour).toEqual([]);
  });
});
