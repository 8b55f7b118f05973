import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newRole, newUser } from '../support/factories.js';
import { useConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';

const role = newRole({ permissions: ['users:read'] });
const member = newUser({ name: 'member', roles: [role.name] });

let asAdmin: Headers;
let administrator: Page;
let user: Page;

const inUse = useConsole(async (client, headers) => {
  asAdmin = headers;
  await client.createRole(role, asAdmin);
  await client.createUser(member, asAdmin);
});

beforeAll(() => {
  administrator = inUse.page;
});

/** Sends the event that the browser sends when the user returns to its window. */
const returnTo = (page: Page) => page.evaluate("dispatchEvent(new Event('focus'))");

// The steps depend on each other.
describe('requests for tokens', () => {
  it('need a template', async () => {
    user = await inUse.signedIn('member', '/admin/tokens/offers');
    await user.route('**/token-templates*', (route) => route.abort(), { times: 1 });
    await user.getByRole('link', { name: 'Request a token' }).click();
    await user.getByRole('alert').waitFor();
    expect(await user.getByRole('button', { name: 'Send request' }).count()).toBe(0);
    await user.getByRole('button', { name: 'Try again' }).click();
    await user.getByText('There are no templates yet.').waitFor();

    expect(await user.getByRole('button', { name: 'Send request' }).count()).toBe(0);
  });

  it('start with a template of an administrator', async () => {
    await administrator.getByRole('link', { name: 'Tokens', exact: true }).first().click();
    await administrator.getByRole('link', { name: 'Hand out a token' }).click();
    await administrator.getByRole('link', { name: 'New template' }).click();
    await administrator.getByLabel('Name', { exact: true }).fill('backup');
    await administrator.getByLabel('Description').fill('Nightly backups');
    await administrator.getByRole('radio', { name: '7 days' }).check();
    await administrator.getByRole('checkbox', { name: /users:read/ }).check();
    await administrator.getByRole('link', { name: 'Cancel' }).click();
    await administrator.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await administrator.getByRole('alertdialog').waitFor({ state: 'detached' });
    await administrator.getByRole('button', { name: 'Save' }).click();

    await administrator.getByRole('listitem').filter({ hasText: 'Nightly backups' }).waitFor();
    const { body } = await inUse.client.tokenTemplates(asAdmin);
    expect(body.items).toMatchObject([{ name: 'backup', permissions: ['users:read'], expiresIn: 604_800 }]);
  });

  it('start with the current version of a template, after a change that came too late', async () => {
    const edit = administrator.getByRole('link', { name: 'Edit backup' });
    await edit.click();
    // The heading is there before the template.
    await administrator.getByLabel('Description').waitFor();
    const note = 'Changed elsewhere';
    await inUse.client.updateTokenTemplate('backup', { note, version: 0 }, asAdmin);
    await administrator.getByLabel('Description').fill('Backups');
    await administrator.getByRole('button', { name: 'Save' }).click();
    await administrator.getByRole('alert').waitFor();
    await administrator.getByRole('link', { name: 'Cancel' }).click();
    await administrator.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click();
    await edit.click();
    await administrator.getByLabel('Description').fill('Backups');
    await administrator.getByRole('button', { name: 'Save' }).click();

    await administrator.getByRole('listitem').filter({ hasText: 'Backups' }).waitFor();
  });

  it('start with a template that also fills the form for a token', async () => {
    await visit(administrator, '/admin/tokens/new?user=member');
    await administrator.getByRole('combobox', { name: 'Template' }).click();
    await administrator.getByRole('option', { name: 'backup' }).click();
    await administrator
      .getByRole('checkbox', { name: /users:read/ })
      .and(administrator.locator(':checked'))
      .waitFor();

    expect(await administrator.getByLabel('What is it for?').inputValue()).toBe('Changed elsewhere');
    expect(await administrator.getByRole('radio', { name: '7 days' }).isChecked()).toBe(true);
  });

  it('have a template without permissions until some are selected', async () => {
    await visit(administrator, '/admin/tokens/new/template');

    await administrator.getByRole('checkbox', { name: /users:read/ }).waitFor();
    expect(await administrator.getByRole('checkbox', { checked: true }).count()).toBe(0);
  });

  it('are not started with a template that does not exist', async () => {
    await visit(administrator, '/admin/tokens/new/template?template=unknown');

    await administrator.getByText('The address is wrong, or the page was removed.').waitFor();
    expect(await administrator.getByRole('button', { name: 'Save' }).count()).toBe(0);
  });

  it('have no page for a template without the permission to save one', async () => {
    await visit(user, '/admin/tokens/new/template');

    await user.getByRole('heading', { name: 'No access to this page' }).waitFor();
    await user.getByText('It requires the permission tokens:write.').waitFor();
  });

  it('are sent by users, who see scope and lifetime', async () => {
    await visit(administrator, '/admin/');
    await administrator.getByRole('heading', { name: /without a second factor/ }).waitFor();
    await visit(user, '/admin/account');
    await user.getByRole('link', { name: 'Request a token' }).click();
    await user.getByRole('link', { name: 'Request a token' }).click();
    await user.getByRole('combobox', { name: 'Template' }).click();
    await user.getByRole('option', { name: 'backup' }).click();
    await user.getByText('users:read').waitFor();
    await user.getByText('for 7 days').waitFor();
    await user.getByLabel('Why do you need it?').fill('Shop backups');
    await user.getByRole('button', { name: 'Send request' }).click();

    await user
      .getByRole('listitem')
      .filter({ hasText: 'Reason: Shop backups' })
      .getByText('pending')
      .waitFor();
  });

  it('are counted on the open home page of administrators, and approved with a reason', async () => {
    await returnTo(administrator);
    await administrator.getByRole('link', { name: /1 pending token request/ }).click();
    await administrator.getByRole('button', { name: 'Approve: backup, member' }).click();
    const dialog = administrator.getByRole('dialog');
    await dialog.getByLabel('Reason (optional)').fill('Fine');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await dialog.waitFor({ state: 'detached' });

    await administrator.getByText('There are no offers.').waitFor();
    await administrator.getByRole('combobox', { name: 'State' }).click();
    await administrator.getByRole('option', { name: 'approved' }).click();
    await administrator.getByText('Decided by admin: Fine').waitFor();
  });

  it('give the secret to the user alone, once', async () => {
    await returnTo(user);
    await user.getByText('Decided by admin: Fine').waitFor();
    await user.getByRole('button', { name: 'Get the token: backup, member' }).click();
    await user.getByRole('heading', { name: 'Token created' }).waitFor();
    const [token] =
      /latchkey_[0-9A-Za-z]{33}/.exec((await user.locator('app-secret-panel').textContent()) ?? '') ?? [];

    const { status } = await inUse.client.users(tokenHeader({ user: 'member', token }));
    expect(status).toBe(200);
    await user.getByRole('button', { name: /^Copy/ }).first().click();
    await user.getByRole('link', { name: 'Done' }).click();
    await visit(user, '/admin/tokens/offers');
    await user.getByRole('listitem').filter({ hasText: 'backup' }).getByText('claimed').waitFor();
    expect(await user.getByRole('button', { name: /^Get the token/ }).count()).toBe(0);
  });
});
