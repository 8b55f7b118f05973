import { beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Locator, type Page } from 'playwright-core';
import { tokenHeader } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';

let page: Page;
let token: UserTokenDto;

const inUse = useConsole(async (client, headers) => {
  await client.createUser(newUser({ name: 'ada', roles: ['user'] }), headers);
  token = (await client.createUserToken('ada', headers, { note: 'nightly backup' })).body;
  await client.createMyToken(tokenHeader(token), { note: 'copy of it' });
  await client.createTokenTemplate({ name: 'deploy', expiresIn: 86_400, permissions: [] }, headers);
  await client.requestToken({ template: 'deploy' }, await client.loginHeaders('ada', PASSWORD));
});

beforeAll(() => {
  page = inUse.page;
});

const dialog = () => page.locator('mat-dialog-container:not([role=alertdialog])');
const button = (name: string, within: Page | Locator = page) => within.getByRole('button', { name });

async function answer(name: string): Promise<void> {
  await button(name, page.getByRole('alertdialog')).click();
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
}

/** Opens a page from the home page, then clicks buttons and menu items by name. */
async function open(path: string, ...names: string[]): Promise<void> {
  await visit(page, '/admin/');
  await visit(page, path);
  for (const name of names) {
    await page
      .locator('main')
      .getByRole('button', { name })
      .or(page.locator('.mat-mdc-menu-item', { hasText: name }))
      .click();
  }
}

/** Clicks outside the dialog. The console ignores clicks right after the one that opened it. */
async function clickBeside(): Promise<void> {
  while (!(await page.getByRole('alertdialog').isVisible())) {
    await page.mouse.click(5, 300);
  }
}

/** The dialog, the path of its page, the buttons that open it, and one of its fields. */
const DIALOGS: [dialog: string, open: () => Promise<void>, label: string, text?: string][] = [
  ['a new user', () => open('/admin/users', 'New user'), 'Name'],
  ['a password', () => open('/admin/users/ada', 'More', 'Set password'), 'New password'],
  ['a token', () => open(`/admin/tokens/${token.id}`, 'More', 'Edit'), 'Note'],
  ['a leak', () => open(`/admin/tokens/${token.id}`, 'Respond to a leak'), 'Note for the audit trail'],
  ['a request', () => open('/admin/tokens/offers', 'Approve'), 'Reason (optional)'],
  ['a period', () => open('/admin/audit', 'Filter', 'Period', 'Start and end'), 'From', '2026-11-01T08:00'],
];

/** The page, its path, and one of its fields. */
const PAGES: [page: string, path: string, label: string][] = [
  ['of the account', '/admin/account', 'Display name'],
  ['for a new role', '/admin/roles/_new', 'Name'],
  ['for a new token', '/admin/tokens/new', 'What is it for?'],
];

/** Whether the browser asks before it leaves or reloads the page. */
const asksBeforeReload = async () =>
  !(await page.evaluate<boolean>("dispatchEvent(new Event('beforeunload', { cancelable: true }))"));

const field = (label: string) => dialog().getByLabel(label, { exact: true });

describe('the dialog for', () => {
  it.each(DIALOGS)(
    '%s asks on Back, as often as the user goes back, and before a reload',
    async (_, opened, label, text = 'half') => {
      await opened();
      await field(label).waitFor();
      expect(await asksBeforeReload()).toBe(false);
      await field(label).fill(text);
      expect(await asksBeforeReload()).toBe(true);
      const url = page.url();
      for (let round = 0; round < 2; round += 1) {
        await page.goBack();
        await answer('Cancel');
        await page.waitForURL(url);
        expect(await field(label).inputValue()).toBe(text);
      }

      await page.goBack();
      await answer('Discard');
      await dialog().waitFor({ state: 'detached' });
      expect(new URL(page.url()).pathname).toBe('/admin/');
      expect(await asksBeforeReload()).toBe(false);
    },
  );
});

describe('the dialog for', () => {
  it.each([
    ['Escape', () => page.keyboard.press('Escape')],
    ['a click beside it', clickBeside],
    ['a link in it', () => dialog().getByRole('link', { name: 'copy of it' }).click()],
  ])('a leak asks on %s', async (_, leave) => {
    await open(`/admin/tokens/${token.id}`, 'Respond to a leak');
    await field('Note for the audit trail').fill('half');
    await leave();
    await answer('Discard');

    await dialog().waitFor({ state: 'detached' });
  });

  it('a new user is closed by Back without a question if it is empty', async () => {
    await open('/admin/users', 'New user');
    await field('Name').waitFor();
    await page.goBack();

    await dialog().waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe('/admin/');
  });
});

describe('the page', () => {
  it.each(PAGES)('%s asks on Back, as often as the user goes back', async (_, path, label) => {
    await open(path);
    await page.getByLabel(label, { exact: true }).fill('half');
    for (let round = 0; round < 2; round += 1) {
      await page.goBack();
      await answer('Cancel');
      await page.waitForURL(`**${path}`);
      expect(await page.getByLabel(label, { exact: true }).inputValue()).toBe('half');
    }

    await page.goBack();
    await answer('Leave');
    await page.waitForURL('**/admin/');
  });
});
