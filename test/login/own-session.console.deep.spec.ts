import { afterEach, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Page } from 'playwright-core';
import { ADMIN, newUser } from '../support/factories.js';
import { signIn, useServedConsole } from '../support/browser/use-console.js';

const HOUR = 3_600_000;

let page: Page;

const inUse = useServedConsole(async (client, asAdmin) => {
  const permissions = ['users:read', 'users:write', 'roles:read', 'roles:write'];
  await client.createRole({ name: 'keeper', permissions }, asAdmin);
  await client.createRole({ name: 'figures', permissions: ['users:read', 'stats:read'] }, asAdmin);
  await client.createUser(newUser({ name: 'kim', roles: ['keeper', 'figures', 'auditor'] }), asAdmin);
});

afterEach(() => page.context().close());

/** Opens a path and signs in with a session that seems to expire in a minute. */
async function openExpiring(path: string): Promise<void> {
  page = await inUse.browser.open(path);
  let logins = 0;
  // The route stays for the second login, because removing it would abort requests in progress.
  await page.route('**/auth/login', async (route) => {
    logins += 1;
    if (logins > 1) {
      return route.continue();
    }
    const response = await route.fetch();
    const token = (await response.json()) as UserTokenDto;
    const creationTime = new Date(Date.now() - HOUR).toISOString();
    const expirationTime = new Date(Date.now() + 60_000).toISOString();
    await route.fulfill({ response, json: { ...token, creationTime, expirationTime } });
  });
  await signIn(page, ADMIN.name, ADMIN.password);
  await page.getByText('Your session expires in').waitFor();
}

async function renew(): Promise<void> {
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Your session expires in').waitFor({ state: 'detached' });
}

describe('the renewal of a session', () => {
  it('changes nothing when the user cancels it, and keeps the input of a form', async () => {
    await openExpiring('/admin/account');
    await page.getByLabel('Display name').fill('Half writt');
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await page.getByRole('heading', { name: 'Renew your session' }).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText('Your session expires in').waitFor();
    expect(new URL(page.url()).pathname).toBe('/admin/account');

    await renew();
    expect(await page.getByLabel('Display name').inputValue()).toBe('Half writt');
  });

  it('keeps the selected permissions of a new role', async () => {
    await openExpiring('/admin/roles/_new');
    const box = page.getByRole('checkbox', { name: /users:read/ });
    await box.check();
    await renew();

    expect(await box.isChecked()).toBe(true);
  });
});

describe('a sign-in in another tab', () => {
  it('also signs in a tab that shows the sign-in page, which then opens its own page', async () => {
    page = await inUse.browser.open('/admin/account');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    const other = await page.context().newPage();
    await other.goto('/admin/sign-in');
    await signIn(other, ADMIN.name, ADMIN.password);

    await page.getByRole('heading', { name: 'My account' }).waitFor();
  });

  it('closes the dialog of a tab whose session has expired, and repeats its request', async () => {
    page = await inUse.signedIn(ADMIN.name, '/admin/users?q=kim');
    await page.getByRole('row', { name: /kim/ }).waitFor();
    await inUse.client.revokeMyOtherTokens(await inUse.client.loginHeaders(ADMIN.name, ADMIN.password));
    await page.getByRole('button', { name: 'Last sign-in' }).click();
    await page.getByRole('dialog').getByText('Your session has expired').waitFor();
    const other = await page.context().newPage();
    await other.goto('/admin/sign-in');
    await signIn(other, ADMIN.name, ADMIN.password);

    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.waitForURL(/sort=-?lastLoginTime/);
    await page.getByRole('row', { name: /kim/ }).waitFor();
  });
});

describe('the permissions of the signed-in user', () => {
  it('take effect in the navigation when users remove their own role', async () => {
    page = await inUse.signedIn('kim', '/admin/users/kim?tab=access');
    const trail = page.getByRole('link', { name: 'Audit trail', exact: true });
    await trail.waitFor();
    await page.getByRole('button', { name: 'Remove the role auditor' }).click();
    await page.getByRole('button', { name: 'Save roles' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();

    await trail.waitFor({ state: 'detached' });
  });
});

describe('unsaved changes of a user', () => {
  it('are discarded by a change of tab only after a confirmation', async () => {
    page = await inUse.signedIn(ADMIN.name, '/admin/users/kim');
    await page.getByLabel('Display name').fill('Kim');
    await page.getByRole('tab', { name: 'Access' }).click();
    await page.getByRole('alertdialog').getByText('Leave without saving?').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByLabel('Display name').inputValue()).toBe('Kim');

    await page.getByRole('tab', { name: 'Access' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click();
    await page.getByLabel('Display name').waitFor({ state: 'detached' });
  });
});
