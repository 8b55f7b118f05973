import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { type ApiClient, type Headers } from '../support/api-client.js';
import { createUsers, useConsole } from '../support/browser/use-console.js';
import { PASSWORD } from '../support/factories.js';
import { visit } from '../support/browser/visit.js';

/** Users that a test may change. */
const PEOPLE = ['anna', 'ben', 'cleo', 'dora', 'emil', 'fay'];

let api: ApiClient;
let headers: Headers;
let page: Page;
const inUse = useConsole((client, asAdmin) => {
  [api, headers] = [client, asAdmin];
  return createUsers(PEOPLE, api, headers);
});

beforeAll(() => {
  page = inUse.page;
});

const row = (name: string) => page.getByRole('row', { name: new RegExp(name) });
const select = (name: string) => page.getByRole('checkbox', { name: `Select ${name}` }).check();
const bulk = (name: string) => page.getByRole('toolbar').getByRole('button', { name });
const addFilter = async (name: string | RegExp) => {
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('menu').getByText(name).click();
};
const answer = (name: string) => page.getByRole('alertdialog').getByRole('button', { name }).click();

describe('the list of users', () => {
  it('filters by role and last sign-in and keeps the filters in the URL', async () => {
    await visit(page, '/admin/users');
    await addFilter('Role…');
    await page.getByRole('menuitemcheckbox', { name: 'auditor' }).click();
    await row('anna').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await addFilter(/^Never signed in/);
    await row('reader').waitFor();

    expect(new URL(page.url()).search).toBe('?role=auditor&neverLoggedIn=true');
    await addFilter(/^Inactive for 30 days/);
    await page.getByRole('heading', { name: 'No matches' }).waitFor();
    await page.getByRole('button', { name: 'Clear search and filters' }).click();
    await row('anna').waitFor();
  });

  it('filters by several roles, and by a permission that it suggests', async () => {
    await visit(page, '/admin/users');
    await addFilter('Role…');
    await page.getByRole('menuitemcheckbox', { name: 'auditor' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'admin' }).click();
    await page.keyboard.press('Escape');
    await row('admin').waitFor();
    await row('reader').waitFor();
    await row('anna').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Role: auditor, admin' }).waitFor();
    await addFilter('Permission…');
    await page.getByLabel('Permission', { exact: true }).getByRole('combobox').fill('users:w');
    await page.getByRole('option', { name: 'users:write' }).click();
    await row('reader').waitFor({ state: 'detached' });

    await row('admin').waitFor();
    expect(new URL(page.url()).search).toBe('?role=auditor,admin&permission=users:write');
  });

  it('keeps the menu of roles open without a role, and the focus near the chip that then disappears', async () => {
    await visit(page, '/admin/users?role=auditor');
    await row('reader').waitFor();
    const auditor = page.getByRole('menuitemcheckbox', { name: 'auditor' });
    await page.getByRole('button', { name: 'Role: auditor' }).press('Enter');
    await auditor.press('Enter');
    await row('anna').waitFor();
    await auditor.and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Filter', exact: true }).and(page.locator(':focus')).waitFor();
    await page.getByRole('button', { name: /^Role/ }).waitFor({ state: 'detached' });
  });

  it('removes a filter with its button, also after its menu was open', async () => {
    await visit(page, '/admin/users?role=auditor');
    await page.getByRole('button', { name: 'Role: auditor' }).press('Enter');
    await page.getByRole('menuitemcheckbox', { name: 'admin' }).press('Enter');
    await page.getByRole('button', { name: 'Role: auditor, admin', includeHidden: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Remove the filter Role' }).press('Enter');

    await page.getByRole('button', { name: 'Filter', exact: true }).and(page.locator(':focus')).waitFor();
    await page.getByRole('button', { name: /^Role/ }).waitFor({ state: 'detached' });
  });

  it('shows an error in the field for an invalid permission, and applies it once it is corrected', async () => {
    await visit(page, '/admin/users');
    await addFilter('Permission…');
    const form = page.getByRole('dialog', { name: 'Permission' });
    // Suggestions can cover the button.
    await form.getByRole('combobox').fill(' users ');
    await form.getByRole('combobox').press('Enter');
    await form.getByText('Enter a permission, such as orders:read.').waitFor();
    expect(new URL(page.url()).search).toBe('');
    await form.getByRole('combobox').fill('users:read');
    await form.getByText('Enter a permission').waitFor({ state: 'detached' });
    await form.getByRole('combobox').press('Enter');

    await page.getByRole('button', { name: 'Permission: users:read' }).waitFor();
  });

  it('offers periods without a sign-in as radio items', async () => {
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    const periods = page.getByRole('menuitemradio');

    expect(await periods.allTextContents()).toEqual([
      expect.stringContaining('Never signed in'),
      expect.stringContaining('Inactive for 30 days'),
      expect.stringContaining('Inactive for 90 days'),
    ]);
    await page.keyboard.press('Escape');
  });

  it('shows an error for an invalid permission in the URL', async () => {
    await visit(page, '/admin/users?permission=users');

    await page.getByText('A query parameter is unknown or has an invalid value.').waitFor();
    await page.getByRole('button', { name: 'Permission: users' }).waitFor();
  });

  it('undoes a filter with Back', async () => {
    await visit(page, '/admin/users');
    await row('anna').waitFor();
    await addFilter('Kind…');
    await page.getByRole('menuitemradio', { name: 'Service' }).click();
    await page.getByRole('button', { name: 'Kind: Service' }).waitFor();
    await row('anna').waitFor({ state: 'detached' });
    await page.goBack();

    await row('anna').waitFor();
    await page.getByRole('button', { name: 'Kind: Service' }).waitFor({ state: 'detached' });
  });

  it('states the effect of disabling in numbers and undoes it for exactly the changed users', async () => {
    await api.updateUser('ben', { enabled: false, version: 0 }, headers);
    await visit(page, '/admin/users');
    await select('anna');
    await select('ben');
    await select('cleo');
    await bulk('Disable').click();
    await page.getByText('2 users can no longer sign in, and 0 tokens stop working.').waitFor();
    await answer('Disable');

    await row('anna').getByText('Disabled').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await row('cleo').getByText('Enabled').waitFor();
    expect(await row('ben').getByText('Disabled').count()).toBe(1);
  });

  it('removes a role from several users and lists those who keep it with the reason', async () => {
    await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
    await bulk('More').click();
    await page.getByRole('menuitem', { name: 'Remove role' }).click();
    const heading = await page.getByRole('dialog').getByRole('heading').innerText();
    await page.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: 'admin' }).click();
    await page.getByRole('button', { name: 'Remove role' }).click();
    await page.getByRole('alertdialog').getByText('This includes you: you lose the role yourself.').waitFor();
    await answer('Remove role');

    const rejections = page.getByRole('dialog');
    const outcome = await rejections.getByText(/^1 of \d+ could not be changed$/).innerText();
    expect(heading).toBe(`Remove a role from ${outcome.split(' ')[2]} users`);
    await rejections.getByText('The last administrator must keep their access').waitFor();
    await rejections.getByRole('button', { name: 'Close' }).click();
  });

  it('deletes several users only after their number is typed', async () => {
    await visit(page, '/admin/users?q=a');
    await select('anna');
    await select('fay');
    await bulk('More').click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: 'Delete' }).click({ force: true });
    expect(await dialog.count()).toBe(1);
    // The label of the field may be as long as a name.
    await dialog.locator('mat-form-field').waitFor();
    // Widths in the layout, because the dialog grows while it opens.
    const widths = await page.evaluate<number[]>(
      `['mat-form-field', 'p'].map((part) => document.querySelector('[role=alertdialog] ' + part).offsetWidth)`,
    );
    expect(widths[0]).toBe(widths[1]);
    await dialog.getByLabel('Type 2 to confirm').fill('2');
    await answer('Delete');

    await row('fay').waitFor({ state: 'detached' });
    await row('anna').waitFor({ state: 'detached' });
  });

  it('shows auditors everything without actions', async () => {
    const other = await inUse.signedIn('reader', '/admin/users');
    await other.getByRole('row', { name: /dora/ }).waitFor();

    expect(await other.getByRole('checkbox').count()).toBe(0);
    expect(await other.getByRole('button', { name: 'New user' }).count()).toBe(0);
    await other.context().close();
  });
});

describe('the form for a user', () => {
  it('creates a set-up link unless a password is given', async () => {
    await visit(page, '/admin/users');
    await page.getByRole('button', { name: 'New user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('gina');
    await dialog.getByRole('button', { name: 'Create user' }).click();
    await dialog.getByText('gina created').waitFor();
    await dialog.getByText(/Valid until \w+day/).waitFor();
    const link = (await dialog.locator('code').textContent()) ?? '';
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.waitForURL('**/admin/users/gina');
    await page.getByRole('heading', { name: 'gina' }).waitFor();

    const theirs = await inUse.browser.open(new URL(link).pathname + new URL(link).hash);
    await theirs.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await theirs.getByLabel('Confirm password').fill(PASSWORD);
    await theirs.getByRole('button', { name: 'Set password' }).click();
    await theirs.getByText('Your password is set').waitFor();
    await theirs.context().close();
  });

  it('asks before Escape discards the input', async () => {
    await visit(page, '/admin/users');
    await page.getByRole('button', { name: 'New user' }).click();
    const dialog = page.getByRole('dialog', { name: 'New user' });
    await dialog.getByLabel('Name', { exact: true }).fill('half.typed');
    await page.keyboard.press('Escape');
    await answer('Cancel');
    // Until then, it would take the next Escape.
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).toBe('half.typed');

    await page.keyboard.press('Escape');
    await answer('Discard');
    await dialog.waitFor({ state: 'detached' });
  });

  it('continues with the first token for a service', async () => {
    await page.getByRole('button', { name: 'New user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Service' }).click();
    await dialog.getByLabel('Name', { exact: true }).fill('deploy-bot');
    await dialog.getByRole('button', { name: 'Create service' }).click();

    await page.waitForURL(/\/admin\/tokens\/new\?user=deploy-bot$/);
  });
});

describe('the import of users', () => {
  const choose = (content: string) =>
    page
      .locator('input[type=file]')
      .setInputFiles({ name: 'users.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });
  const dialog = () => page.getByRole('dialog', { name: 'Import users' });

  it('shows the errors of all lines, and creates users once they are fixed or skipped', async () => {
    await visit(page, '/admin/users');
    await page.getByRole('button', { name: 'Import' }).click();
    await choose('name,email,roles,kind\nadmin,,,\ngerd,nowhere,,\nhans,,no-such-role,\nhans,,,\n');
    await dialog().getByText('Fix 4 errors before importing').waitFor();

    const rows = await dialog().getByRole('row').allInnerTexts();
    expect(rows.slice(1).map((cells) => cells.replace(/\s+/g, ' '))).toEqual([
      '2 The user admin already exists.',
      '3 email: Enter a complete e-mail address.',
      '4 There is no role no-such-role.',
      '5 The name hans is already on line 4.',
    ]);
    expect(
      await dialog()
        .getByRole('button', { name: /^Create / })
        .isDisabled(),
    ).toBe(true);

    await dialog().getByRole('button', { name: 'Choose another file' }).click();
    await choose('name,email,roles,kind\nadmin,,,\ngerd,gerd@example.org,auditor,\nmailer,,,service\n');
    await dialog().getByRole('checkbox', { name: 'Skip 1 user that already exists' }).check();
    await dialog().getByRole('button', { name: 'Create 2 users' }).click();
    await dialog().getByText('2 users created').waitFor();
    const download = page.waitForEvent('download');
    await dialog().getByRole('button', { name: 'Save set-up links' }).click();
    const links = await text(await (await download).createReadStream());
    await dialog().getByRole('button', { name: 'Done' }).click();
    await dialog().waitFor({ state: 'detached' });

    await row('mailer').waitFor();
    expect(links).toMatch(/^name,link,expirationTime\r\ngerd,http\S+\/admin\/set-up\?name=gerd#\S+,\S+Z$/);
    const [, secret = ''] = /#([^,]+),/.exec(links) ?? [];
    expect((await api.setUp({ secret, password: PASSWORD })).status).toBe(204);
    expect((await api.login('gerd', PASSWORD)).status).toBe(200);
  });

  it('shows all errors in the language of the console', async () => {
    const german = await inUse.signedIn('admin', '/admin/users');
    await german.evaluate("localStorage.setItem('latchkey-language', 'de')");
    await german.reload();
    await german.getByRole('button', { name: 'Importieren' }).click();
    const lines = [
      'admin,,,',
      'a:b,,,',
      'hans,nowhere,,',
      'ilse,,ghost,',
      'jana,,KÖNIG,',
      'karl,,,perhaps',
      ',,,false',
    ];
    const buffer = Buffer.from(['name,email,roles,enabled', ...lines].join('\n'));
    await german
      .locator('input[type=file]')
      .setInputFiles({ name: 'users.csv', mimeType: 'text/csv', buffer });
    await german.getByText('Vor dem Import 7 Fehler beheben').waitFor();

    const rows = await german.getByRole('dialog').getByRole('row').allInnerTexts();
    expect(rows.slice(1).map((cells) => cells.replace(/\s+/g, ' '))).toEqual([
      '2 Den Benutzer admin gibt es schon.',
      expect.stringMatching(/^3 name: 1 bis 64 Buchstaben/),
      '4 email: Geben Sie eine vollständige E-Mail-Adresse ein.',
      '5 Die Rolle ghost gibt es nicht.',
      expect.stringMatching(/^6 roles: Rollen haben Namen aus/),
      '7 enabled: Nur „true“ oder „false“ ist möglich.',
      '8 name: Dieses Feld ist erforderlich.',
    ]);
    await german.context().close();
  });

  it('creates users in steps of 50', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `clone-${index}`);
    await page.getByRole('button', { name: 'Import' }).click();
    await choose(['name', ...names].join('\n'));
    await dialog().getByRole('button', { name: 'Create 120 users' }).click();
    await dialog().getByText('120 users created').waitFor();
    await dialog().getByRole('button', { name: 'Done' }).click();
    await dialog().waitFor({ state: 'detached' });

    expect((await api.user('clone-119', headers)).status).toBe(200);
  });

  it('shows the errors of a step that fails, and the users that were created before', async () => {
    const services = Array.from({ length: 58 }, (_, index) => `worker-${index},service`);
    await page.getByRole('button', { name: 'Import' }).click();
    await choose(['name,kind', 'ina,', 'jan,', ...services].join('\n'));
    await dialog().getByText('No errors. 60 users will be created.').waitFor();
    await createUsers(['worker-57'], api, headers);
    await dialog().getByRole('button', { name: 'Create 60 users' }).click();
    await dialog().getByText('50 of 60 users created').waitFor();

    const rows = await dialog().getByRole('row').allInnerTexts();
    expect(rows.slice(1).map((cells) => cells.replace(/\s+/g, ' '))).toEqual([
      '61 The user worker-57 already exists.',
    ]);
    expect((await api.user('worker-48', headers)).status).toBe(404);
  });

  it('continues after an error with the set-up links that are missing', async () => {
    const saveLinks = async () => {
      const download = page.waitForEvent('download');
      await dialog().getByRole('button', { name: 'Save set-up links' }).click();
      return text(await (await download).createReadStream());
    };
    await page.route('**/users/jan/set-up-link', (route) => route.abort(), { times: 1 });
    const first = await saveLinks();
    await dialog().getByRole('alert').waitFor();
    const second = await saveLinks();
    await dialog().getByText('Saved 2 set-up links.').waitFor();
    const third = await saveLinks();
    await dialog().getByRole('button', { name: 'Done' }).click();
    await dialog().waitFor({ state: 'detached' });

    expect(first).toMatch(/^name,link,expirationTime\r\nina,[^\r]+$/);
    expect(second).toMatch(/\r\njan,[^\r]+$/);
    expect(second.startsWith(first)).toBe(true);
    expect(third).toBe(second);
    const [, secret = ''] = /ina,[^#]+#([^,]+),/.exec(third) ?? [];
    expect((await api.setUp({ secret, password: PASSWORD })).status).toBe(204);
  });
});
