import { describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useServedConsole } from '../support/browser/use-console.js';

const NEW_PASSWORD = 'quite another passphrase';
const member = newUser({ name: 'member', displayName: 'Member' });

let elsewhere: Headers;
let page: Page;

const inUse = useServedConsole(async (client, asAdmin) => {
  await client.createUser(member, asAdmin);
  elsewhere = await client.loginHeaders('member', PASSWORD);
});

// The steps depend on each other.
describe('the account page', () => {
  it('opens from the account menu, and shows the tokens of the user', async () => {
    page = await inUse.signedIn('member', '/admin/');
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'My account' }).click();

    await page.getByRole('heading', { name: 'My account' }).waitFor();
    await page.getByRole('row', { name: /This session/ }).waitFor();
    expect(await page.getByRole('heading', { name: 'Activity' }).count()).toBe(0);
  });

  it('changes the display name, also in the menu', async () => {
    await page.getByLabel('Display name').fill('New Name');
    await page.getByRole('button', { name: 'Save profile' }).click();

    await page.getByText('Profile saved').waitFor();
    await page.getByRole('button', { name: 'Account of New Name' }).waitFor();
  });

  it('offers a choice when someone else has changed the same field', async () => {
    await inUse.client.updateMe({ displayName: 'Theirs' }, { ...elsewhere, 'If-Match': '*' });
    await page.getByLabel('Display name').fill('Mine');
    await page.getByRole('button', { name: 'Save profile' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Someone else has made changes').waitFor();
    await dialog.getByRole('radio', { name: /Theirs/ }).check();
    await dialog.getByRole('button', { name: 'Save' }).click();

    await page.getByRole('button', { name: 'Account of Theirs' }).waitFor();
  });

  it('reports a wrong current password beside the field', async () => {
    await page.getByLabel('Current password').fill('not the password');
    await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
    await page.getByLabel('Confirm new password').fill(NEW_PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();

    await page.getByText('The current password is wrong').waitFor();
  });

  it('changes the password, and signs out other sessions only', async () => {
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('Password changed').waitFor();
    // The list of tokens is updated.
    await page.getByText('1 token', { exact: true }).waitFor();

    expect(await page.getByText('This field is required.').count()).toBe(0);
    expect((await inUse.client.me(elsewhere)).status).toBe(401);
    expect((await inUse.client.login(member.name, NEW_PASSWORD)).status).toBe(200);
  });

  it('revokes all other tokens', async () => {
    const other = await inUse.client.loginHeaders(member.name, NEW_PASSWORD);
    await page.getByRole('button', { name: 'Revoke all others' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke all others' }).click();
    await page.getByText('All your other tokens are revoked').waitFor();

    expect((await inUse.client.me(other)).status).toBe(401);
    await page.getByRole('row', { name: /This session/ }).waitFor();
  });

  it('switches to German immediately, and keeps it after a reload', async () => {
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
    await page.getByRole('heading', { name: 'Mein Konto' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Mein Konto' }).waitFor();

    expect(await page.title()).toBe('Mein Konto · Latchkey');
    expect(await page.evaluate('document.documentElement.lang')).toBe('de');
  });
});
