import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Locator, type Page } from 'playwright-core';
import { type Headers } from '../support/api-client.js';
import { ADMIN, newUser } from '../support/factories.js';
import { signIn, useConsole, useServedConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';
import { findSecrets } from '../support/secrets.js';

const PASSWORD = 'pässwörd: with 暗号 in it';

let page: Page;

async function choosePassword(password: string): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Confirm password').fill(password);
  await page.getByRole('button', { name: 'Set password' }).click();
}

describe('the console of a new server', () => {
  const inUse = useServedConsole(undefined, { LATCHKEY_ADMIN_PASSWORD: undefined });

  afterEach(() => page.context().close());

  /** Path of the set-up link that a first start without a password writes to a file. */
  function setUpPath(): string {
    const text = readFileSync(join(inUse.database.folder, 'first-sign-in.txt'), 'utf8');
    return /http:\/\/[^/]+(\/admin\/set-up\?name=admin#\S+)/.exec(text)?.[1] ?? '';
  }

  it('reports a password that is too common, sets a better one, and then rejects the link', async () => {
    const path = setUpPath();
    page = await inUse.browser.open(path);
    await choosePassword('1qaz2wsx3edc4rfv');
    await page.getByText('Attackers try this password').waitFor();
    expect(new URL(page.url()).hash).toBe('');

    await choosePassword(PASSWORD);
    await page.getByText('Your password is set').waitFor();
    expect((await inUse.client.login('admin', PASSWORD)).status).toBe(200);

    await page.context().close();
    page = await inUse.browser.open(path);
    await choosePassword(PASSWORD);
    await page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
  });

  it('names the user for password managers, and rejects an unknown link', async () => {
    page = await inUse.browser.open('/admin/set-up?name=j%C3%BCrgen#AAAAAAAAAAAAAAAAAAAAAA');
    const form = page.locator('form');
    await form.getByLabel('Name', { exact: true }).waitFor();

    const fields = await Promise.all(
      (await form.locator('input').all()).map(async (input) => [
        await input.getAttribute('autocomplete'),
        await input.inputValue(),
        await input.isEditable(),
      ]),
    );
    expect(fields).toEqual([
      ['username', 'jürgen', false],
      ['new-password', '', true],
      ['new-password', '', true],
    ]);
    expect(await page.evaluate<string>('document.activeElement.autocomplete')).toBe('new-password');
    expect(new URL(page.url()).search).toBe('');

    await choosePassword(PASSWORD);
    await page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
  });
});

describe('the console', () => {
  let headers: Headers;

  const inUse = useConsole((_client, asAdmin) => {
    headers = asAdmin;
  });

  beforeAll(() => {
    page = inUse.page;
  });

  const row = (name: RegExp) => page.getByRole('row', { name });

  async function openNewUser(): Promise<Locator> {
    await page.getByRole('button', { name: 'New user' }).click();
    return page.getByRole('dialog');
  }

  it('leads from sign-in over the home page to the users', async () => {
    const other = await inUse.browser.open('/admin/');
    await signIn(other, ADMIN.name, ADMIN.password);
    await other.getByRole('heading', { name: 'Home', exact: true }).waitFor();
    await other.getByRole('link', { name: 'Users', exact: true }).first().click();

    await other.getByRole('row', { name: /admin/ }).waitFor();
    await other.context().close();
  });

  // Covers B51 in docs/explanation/security.md.
  it('keeps the token out of storage, readable cookies, address and document', async () => {
    await visit(page, '/admin/users');
    await row(/admin/).waitFor();
    const readable = await page.evaluate<string>(`indexedDB.databases().then((databases) =>
      JSON.stringify([
        { ...localStorage }, { ...sessionStorage }, document.cookie, location.href,
        document.documentElement.outerHTML, databases,
      ]))`);

    expect(findSecrets(readable)).toEqual([]);
    expect(await page.context().cookies()).toMatchObject([
      { name: '__Host-latchkey', httpOnly: true, secure: true, sameSite: 'Strict' },
    ]);
  });

  it('creates a user with a form that validates like the server', async () => {
    await visit(page, '/admin/users');
    const dialog = await openNewUser();
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

    await page.waitForURL(/\/admin\/users\/%C3%A4nne$/);
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
  });

  it('reports beside the field that a name is taken', async () => {
    await inUse.client.createUser(newUser({ name: 'zoë' }), headers);
    await visit(page, '/admin/users');
    const dialog = await openNewUser();
    await dialog.getByLabel('Name', { exact: true }).fill('Zoë');
    await dialog.getByRole('button', { name: 'Create user' }).click();

    await dialog.locator('mat-error', { hasText: 'in use' }).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByText('undefined').count()).toBe(0);
  });

  it('reports beside the field that a password contains the name', async () => {
    await visit(page, '/admin/users');
    const dialog = await openNewUser();
    await dialog.getByLabel('Name', { exact: true }).fill('bernadette');
    await dialog.getByLabel('Password', { exact: true }).fill('Bernadette-2026!');
    await dialog.getByRole('button', { name: 'Create user' }).click();

    await dialog.locator('mat-error', { hasText: 'Names, repetitions and sequences' }).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  it('moves the focus into a dialog or menu and back, also with motion', async () => {
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await visit(page, '/admin/users');
    const newUserButton = page.getByRole('button', { name: 'New user' });
    await newUserButton.click();
    await page.locator('input[formcontrolname=name]:focus').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await newUserButton.and(page.locator(':focus')).waitFor();

    const account = page.getByRole('button', { name: /^Account of/ });
    await account.click();
    await page.locator('[role=menuitem]:focus').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await account.and(page.locator(':focus')).waitFor();
    await page.emulateMedia({ reducedMotion: 'reduce' });
  });

  it('searches on the server, and keeps the search in the address across a reload', async () => {
    await inUse.client.createUser(newUser({ name: 'yvonne' }), headers);
    await visit(page, '/admin/users');
    await row(/yvonne/).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('vonn');
    await page.getByText('1 user').waitFor();
    // On a slow machine, a part of the text may have been searched first.
    await page.waitForURL(/[?&]q=vonn(&|$)/);
    expect(await row(/admin/).count()).toBe(0);

    await page.reload();
    await row(/yvonne/).waitFor();
    expect(await row(/admin/).count()).toBe(0);
  });

  it('revokes another session of the user', async () => {
    await inUse.client.login(ADMIN.name, ADMIN.password, { headers: { 'User-Agent': 'a forgotten script' } });
    await visit(page, '/admin/tokens?kind=session');
    await page.getByRole('button', { name: 'Revoke a forgotten script' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();

    await page.getByText('Token revoked').waitFor();
    await row(/a forgotten script/).waitFor({ state: 'detached' });
  });

  it('keeps the dark theme across a reload', async () => {
    await visit(page, '/admin/tokens');
    await page.getByRole('button', { name: /Account of/ }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Tokens', exact: true }).waitFor();

    const scheme = await page.evaluate('getComputedStyle(document.documentElement).colorScheme');
    expect(scheme).toBe('dark');
  });

  // Covers B53 in docs/explanation/security.md.
  it('signs out every tab, and shows nothing when the user goes back', async () => {
    await visit(page, '/admin/tokens');
    await page.getByRole('heading', { name: 'Tokens', exact: true }).waitFor();
    await page.getByRole('link', { name: 'Users', exact: true }).first().click();
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    await row(/admin/).waitFor();
    const tab = await page.context().newPage();
    await tab.goto('/admin/users');
    await tab.getByRole('row', { name: /admin/ }).waitFor();
    await page.getByRole('button', { name: /Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();

    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
    for (let step = 0; step < 2; step += 1) {
      await page.goBack();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      expect(await page.getByRole('row').count()).toBe(0);
    }
    await page.goto('/admin/users');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });
});
