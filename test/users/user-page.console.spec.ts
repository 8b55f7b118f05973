import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { type ApiClient, type Headers } from '../support/api-client.js';
import { createUsers, useConsole } from '../support/browser/use-console.js';
import { newUser } from '../support/factories.js';
import { visit } from '../support/browser/visit.js';

/** Users that a test may change. */
const PEOPLE = ['cleo', 'dora', 'emil'];

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
const answer = (name: string) => page.getByRole('alertdialog').getByRole('button', { name }).click();

describe('the page of a user', () => {
  it('opens from its row and keeps the tab in the URL', async () => {
    await visit(page, '/admin/users');
    await row('cleo').getByText('cleo', { exact: true }).click();
    await page.getByRole('heading', { name: 'cleo' }).waitFor();
    await page.getByRole('tab', { name: 'Access' }).click();
    await page.getByRole('combobox', { name: 'Add a role' }).waitFor();

    expect(new URL(page.url()).searchParams.get('tab')).toBe('access');
    await page.reload();
    await page.getByRole('combobox', { name: 'Add a role' }).waitFor();
  });

  it('shows its JSON from the menu, and returns the focus to it', async () => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Raw JSON' }).click();
    const dialog = page.getByRole('dialog', { name: 'Raw JSON' });
    await dialog.getByText(/curl -H "X-Auth-Token: \$TOKEN" .*\/users\/cleo/).waitFor();
    await dialog.getByText('"name": "cleo"').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();

    await page.getByRole('button', { name: 'More', exact: true }).and(page.locator(':focus')).waitFor();
  });

  it('merges concurrent changes of different fields and asks about conflicts', async () => {
    await page.getByRole('tab', { name: 'Profile' }).click();
    await page.getByLabel('Display name').fill('Cleo C.');
    const { version } = (await api.user('cleo', headers)).body;
    await api.updateUser('cleo', { email: 'cleo@example.org', version }, headers);
    await page.getByRole('button', { name: 'Save profile' }).click();
    await page.getByText('Profile of cleo saved.').waitFor();
    await page.getByText('cleo@example.org').waitFor();

    const after = (await api.user('cleo', headers)).body;
    await api.updateUser('cleo', { displayName: 'Cléo', version: after.version }, headers);
    await page.getByLabel('Display name').fill('Kleo');
    await page.getByRole('button', { name: 'Save profile' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Cléo').waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.locator('app-user-header').getByText('Kleo').waitFor();
    expect((await api.user('cleo', headers)).body).toMatchObject({
      displayName: 'Kleo',
      email: 'cleo@example.org',
    });
  });

  it('disables immediately and undoes it', async () => {
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByText('cleo disabled. Rejected everywhere by').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Disable' }).waitFor();

    expect((await api.user('cleo', headers)).body.enabled).toBe(true);
  });

  it('creates a set-up link that is shown once', async () => {
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Create set-up link' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create link' }).click();
    await dialog.getByText(/\/admin\/set-up\?name=[^#]+#/).waitFor();
    await dialog.getByText(/Valid until/).waitFor();
    await page.keyboard.press('Escape');
    expect(await dialog.count()).toBe(1);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('alertdialog').getByText('Close without copying?').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('sets a password and shows errors of the server beside the field', async () => {
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Set password' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('New password').fill('password1234567890');
    await dialog.getByRole('button', { name: 'Set password' }).click();
    await dialog.getByText(/easy to guess|Attackers try/).waitFor();
    await dialog.getByLabel('New password').fill('another long enough one');
    await dialog.getByRole('button', { name: 'Set password' }).click();
    await page
      .getByText('cleo has a new password. All tokens of cleo revoked. Rejected everywhere by')
      .waitFor();
    await api.loginHeaders('cleo', 'another long enough one');
  });

  it('revokes all tokens after stating their number', async () => {
    await visit(page, '/admin/users/cleo');
    await page.getByRole('tab', { name: 'Tokens' }).click();
    await page.getByText('1 token', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Revoke all tokens' }).click();
    await page.getByText('1 token of cleo stops working immediately').waitFor();
    await answer('Revoke tokens');

    await page.getByRole('heading', { name: 'No tokens' }).waitFor();
    expect(await page.getByRole('link', { name: 'New token' }).getAttribute('href')).toBe(
      '/admin/tokens/new?user=cleo',
    );
  });

  it('shows the effect of a role before it is assigned and the actor afterwards', async () => {
    await page.getByRole('tab', { name: 'Access' }).click();
    await page.getByRole('combobox', { name: 'Add a role' }).fill('apis:read');
    await page.getByRole('option', { name: /^auditor/ }).click();
    await page.getByText(/Adds apis:read/).waitFor();
    const buttons = ['Save roles', 'Discard'].map((name) => page.getByRole('button', { name }).boundingBox());
    const [save, discard] = (await Promise.all(buttons)).map((box) => box && box.y + box.height / 2);
    expect(discard).toBe(save);
    await page.getByRole('button', { name: 'Save roles' }).click();
    await page.getByText('Roles of cleo saved.').waitFor();
    await page.getByText('from auditor').first().waitFor();

    await page.getByRole('tab', { name: 'Activity' }).click();
    await page.getByRole('radio', { name: 'About this user' }).click();
    await page.getByText('Changed a user').first().waitFor();
    await page.getByText('by admin').first().waitFor();
  });

  it('shows the error for the last administrator', async () => {
    await visit(page, '/admin/users/admin?tab=access');
    await page.getByRole('button', { name: 'Remove the role admin' }).click();
    await page.getByRole('button', { name: 'Save roles' }).click();
    await answer('Remove');

    await page.getByRole('alert').getByText(/last/).waitFor();
  });

  it('shows beside the action which permissions the user lacks', async () => {
    await api.createRole({ name: 'keeper', permissions: ['users:read', 'users:write'] }, headers);
    await api.createUser(newUser({ name: 'kim', roles: ['keeper'] }), headers);
    const other = await inUse.signedIn('kim', '/admin/users/admin');
    await other.getByRole('button', { name: 'Disable' }).click();

    await other
      .getByRole('alert')
      .getByText(/The user holds .*, which you do not hold/)
      .waitFor();
    await other.context().close();
  });

  it('shows auditors everything without actions', async () => {
    const other = await inUse.signedIn('reader', '/admin/users/cleo?tab=access');
    await other.getByRole('heading', { name: 'Effective permissions' }).waitFor();
    await other.getByText('users:read').waitFor();

    expect(await other.getByRole('combobox').count()).toBe(0);
    expect(await other.getByRole('button', { name: /Disable|Save/ }).count()).toBe(0);
    await other.getByRole('button', { name: 'More', exact: true }).click();
    expect(await other.getByRole('menuitem').allInnerTexts()).toEqual(['Raw JSON']);
    await other.context().close();
  });

  it('shows not found for an unknown user', async () => {
    await visit(page, '/admin/users/nobody');

    await page.getByRole('heading', { name: 'Not found' }).waitFor();
  });

  it('keeps the input during a lost connection and loads again afterwards', async () => {
    await visit(page, '/admin/users/emil');
    await page.getByLabel('Display name').fill('Emil E.');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Save profile' }).click();
    await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Save profile' }).click();
    await page.getByText('Profile of emil saved.').waitFor();

    await page.route('**/users/emil', (route) => route.abort());
    await visit(page, '/admin/users?q=emil');
    await row('emil').getByText('emil', { exact: true }).click();
    await page.getByText('No connection').waitFor();
    await page.unroute('**/users/emil');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Emil E.').waitFor();
  });

  it('deletes after the name is typed and returns to the list', async () => {
    await visit(page, '/admin/users/dora');
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByLabel('Type dora to confirm').fill('dora');
    await page.keyboard.press('Enter');

    await page.getByText('dora deleted.').waitFor();
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    await row('cleo').waitFor();
    await row('dora').waitFor({ state: 'detached' });
  });
});

describe('long and unusual names', () => {
  it('are shown in full as text without overflow', async () => {
    const long = 'w'.repeat(64);
    const names = [long, '山田太郎', 'محمد.علي'];
    for (const name of names) {
      await api.createUser(newUser({ name, displayName: '<b onclick=alert(1)>x</b>' }), headers);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    for (const name of names) {
      await visit(page, `/admin/users/${encodeURIComponent(name)}`);
      await page.getByRole('heading', { name }).waitFor();
      await page.getByText('<b onclick=alert(1)>x</b>').first().waitFor();
      const isInside = await page.evaluate<boolean>(
        'document.documentElement.scrollWidth <= document.documentElement.clientWidth',
      );

      expect([name, isInside]).toEqual([name, true]);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });
});
