import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { ADMIN, newUser } from '../support/factories.js';
import { signIn, useServedConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';
import { type Headers } from '../support/api-client.js';

const LIMIT = 3;
const NOT_FOUND = 'Page not found';
let asAdmin: Headers;

const inUse = useServedConsole(
  async (client, headers) => {
    asAdmin = headers;
    await client.createUser(newUser({ name: 'member' }), headers);
  },
  { LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: String(LIMIT) },
);

describe('the sign-in page', () => {
  it('reports a generic error, and counts down when throttled', async () => {
    const page = await inUse.browser.open('/admin/sign-in');
    await page.clock.install();
    await signIn(page, 'nobody', 'wrong password');
    await page.getByText('Name or password is wrong').waitFor();
    for (let attempts = 1; attempts <= LIMIT; attempts += 1) {
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForLoadState('networkidle');
    }

    await page.getByRole('button', { name: /Try again in \d/ }).waitFor();
    const button = page.locator('button[type=submit]');
    const place = await button.boundingBox();
    await page.getByText('Too many attempts. Wait and try again.').waitFor();
    await page.clock.fastForward(60_000);
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    await page.getByText('Too many attempts. Wait and try again.').waitFor({ state: 'hidden' });
    await page.getByText('You can try again now.').waitFor();
    expect((await button.boundingBox())?.y).toBe(place?.y);
    await page.context().close();
  });
});

describe('a user without permissions', () => {
  it('sees their own tokens but no list of users', async () => {
    const page = await inUse.signedIn('member', '/admin/');
    await page.getByRole('heading', { name: 'Home', exact: true }).waitFor();

    expect(await page.getByRole('link', { name: 'Users' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Tokens', exact: true }).click();
    await page.getByRole('link', { name: 'Sessions', exact: true }).click();
    await page.getByRole('row', { name: /This session/ }).waitFor();
    await visit(page, '/admin/users');
    await page.getByRole('heading', { name: 'No access to this page' }).waitFor();
    await page.context().close();
  });
});

let page: Page;

beforeAll(async () => {
  page = await inUse.signedIn(ADMIN.name, '/admin/');
});

describe('the sign-in dialog of a revoked session', () => {
  async function open(): Promise<void> {
    await visit(page, '/admin/users?sort=-creationTime');
    await page.getByRole('row', { name: /member/ }).waitFor();
  }

  async function endSession(): Promise<void> {
    await inUse.client.revokeMyOtherTokens(asAdmin);
  }

  it('opens over the page, and repeats the request after the sign-in', async () => {
    await open();
    await page.getByRole('button', { name: 'New user' }).click();
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('late');
    await endSession();
    await page.getByRole('dialog').getByRole('button', { name: 'Create user' }).click();

    const again = page.getByRole('dialog').filter({ hasText: 'Your session has expired' });
    await again.getByLabel('Password', { exact: true }).fill('a wrong password');
    await again.getByRole('button', { name: 'Sign in' }).click();
    await again.getByText('Name or password is wrong').waitFor();
    await again.getByLabel('Password', { exact: true }).fill(ADMIN.password);
    await again.getByRole('button', { name: 'Sign in' }).click();

    await page.getByRole('dialog').getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
    // A new user leads to their page.
    await page.waitForURL(/\/admin\/users\/late$/);
    await page.getByRole('heading', { name: 'late' }).waitFor();
  });

  it('leads to the sign-in page, and back, when the user signs out', async () => {
    await open();
    await endSession();
    await page.getByRole('button', { name: 'State' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();

    await page.getByText('Your session has expired').waitFor();
    await signIn(page, ADMIN.name, ADMIN.password);
    await page.getByRole('heading', { name: 'Users' }).waitFor();
  });
});

describe('the list of users', () => {
  it('reports an unreachable server, and Try again loads the list once it is back', async () => {
    await visit(page, '/admin/users');
    await page.getByRole('row', { name: /member/ }).waitFor();
    await inUse.stopServer();

    await page.getByRole('button', { name: 'State' }).click();
    await page.getByText('No connection').waitFor();
    await inUse.startServer();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('row', { name: /member/ }).waitFor();
  });
});

describe('the router', () => {
  it('shows a page with a link to the home page for an unknown address', async () => {
    await page.goto('/admin/nowhere');

    await page.getByRole('heading', { name: NOT_FOUND }).waitFor();
  });
});
