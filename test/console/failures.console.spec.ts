import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { ConsoleBrowser } from '../support/browser/console-browser.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { freePort } from '../support/free-port.mjs';
import { ServerProcess } from '../support/server-process.js';

const LIMIT = 3;
const NOT_FOUND = 'Page not found';
const member = newUser({ name: 'member' });

let folder: string;
let port: number;
let server: ServerProcess;
let browser: ConsoleBrowser;

const start = () =>
  ServerProcess.start(
    {
      DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
      LATCHKEY_ADMIN_PASSWORD: PASSWORD,
      LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: String(LIMIT),
      LATCHKEY_AUDIT_KEY: Buffer.alloc(32, 7).toString('base64'),
    },
    port,
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
  port = await freePort();
  server = await start();
  await server.client.createUser(member, await server.client.loginHeaders('admin', PASSWORD));
  browser = await ConsoleBrowser.launch(server.client.baseUrl);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(page: Page, name: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

describe('the sign-in page', () => {
  it('reports a generic error, and counts down when throttled', async () => {
    const page = await browser.open('/admin/sign-in');
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
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    await page.getByText('Too many attempts. Wait and try again.').waitFor({ state: 'hidden' });
    await page.getByText('You can try again now.').waitFor();
    expect((await button.boundingBox())?.y).toBe(place?.y);
    await page.context().close();
  });
});

describe('a user without permissions', () => {
  it('sees their own tokens but no list of users', async () => {
    const page = await browser.open('/admin/');
    await signIn(page, member.name);
    await page.getByRole('heading', { name: 'Home', exact: true }).waitFor();

    expect(await page.getByRole('link', { name: 'Users' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Tokens', exact: true }).click();
    await page.getByRole('row', { name: /This session/ }).waitFor();
    await page.goto('/admin/users');
    await page.getByRole('heading', { name: 'No access to this page' }).waitFor();
    await page.context().close();
  });
});

describe('the sign-in dialog of a revoked session', () => {
  async function open(): Promise<Page> {
    const page = await browser.open('/admin/users?sort=-creationTime');
    await signIn(page, 'admin');
    await page.getByRole('row', { name: /member/ }).waitFor();
    return page;
  }

  async function endSession(): Promise<void> {
    const headers = await server.client.loginHeaders('admin', PASSWORD);
    await server.client.revokeMyOtherTokens(headers);
  }

  it('opens over the page, and repeats the request after the sign-in', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'New user' }).click();
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('late');
    await page.getByRole('checkbox', { name: 'auditor' }).waitFor();
    await endSession();
    await page.getByRole('dialog').getByRole('button', { name: 'Create user' }).click();

    const again = page.getByRole('dialog').filter({ hasText: 'Your session has expired' });
    await again.getByLabel('Password', { exact: true }).fill('a wrong password');
    await again.getByRole('button', { name: 'Sign in' }).click();
    await again.getByText('Name or password is wrong').waitFor();
    await again.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await again.getByRole('button', { name: 'Sign in' }).click();

    await page.getByRole('dialog').getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
    // A new user leads to their page.
    await page.waitForURL(/\/admin\/users\/late$/);
    await page.getByRole('heading', { name: 'late' }).waitFor();
    await page.context().close();
  });

  it('leads to the sign-in page, and back, when the user signs out', async () => {
    const page = await open();
    await endSession();
    await page.getByRole('button', { name: 'Last sign-in' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();

    await page.getByText('Your session has expired').waitFor();
    await signIn(page, 'admin');
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    await page.context().close();
  });
});

describe('the list of users', () => {
  it('reports an unreachable server, and Try again loads the list once it is back', async () => {
    const page = await browser.open('/admin/users');
    await signIn(page, 'admin');
    await page.getByRole('row', { name: /member/ }).waitFor();
    await server.stop();

    await page.getByRole('button', { name: 'Last sign-in' }).click();
    await page.getByText('No connection').waitFor();
    server = await start();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('row', { name: /member/ }).waitFor();
    await page.context().close();
  });
});

describe('the router', () => {
  it('shows a page with a link to the home page for an unknown address', async () => {
    const page = await browser.open('/admin/nowhere');
    await signIn(page, 'admin');

    await page.getByRole('heading', { name: NOT_FOUND }).waitFor();
    await page.context().close();
  });
});

describe('the console', () => {
  it('causes no CSP violations, exceptions or requests to other hosts', () => {
    expect(browser.misbehaviour).toEqual([]);
  });
});
