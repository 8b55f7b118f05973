import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Page } from 'playwright-core';
import { Axe, AXE_CONTEXT_OPTIONS } from '../support/browser/axe.js';
import { ClickCounter, ConsoleBrowser } from '../support/browser/console-browser.js';
import { signIn } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';
import { ADMIN } from '../support/factories.js';
import { freePort } from '../support/free-port.mjs';
import { TestServer } from '../support/test-server.js';
import { stopClock } from '../support/use-server.js';

const MINUTE = 60_000;

let server: TestServer;
let browser: ConsoleBrowser;
let page: Page;

const heading = (name: string) => page.getByRole('heading', { name });
const button = (name: string) => page.getByRole('button', { name });
const region = () => page.getByRole('region', { name: 'Second factors' });

/** Opens the console at a host name, because browsers accept no passkeys at an address. */
async function open(path: string, options = {}): Promise<Page> {
  const context = await browser.context(options);
  const opened = await context.newPage();
  const devTools = await context.newCDPSession(opened);
  await devTools.send('WebAuthn.enable');
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await opened.goto(path);
  return opened;
}

beforeAll(async () => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const environment = {
    LATCHKEY_PUBLIC_URL: url,
    LATCHKEY_FRESH_SECONDS: '300',
    LATCHKEY_SECOND_FACTOR: 'administrators',
  };
  server = await TestServer.start({ port, environment });
  browser = await ConsoleBrowser.launch(url);
  page = await open('/admin/');
});

afterAll(async () => {
  jest.restoreAllMocks();
  await browser.close();
  await server.remove();
  expect(browser.misbehavior).toEqual([]);
});

// The steps depend on each other.
describe('an administrator without the required second factor', () => {
  it('is led to “My account”, which shows only the second factors', async () => {
    await signIn(page, ADMIN.name, ADMIN.password);
    await page.getByText('Your account requires a second factor. Add one to continue.').waitFor();

    expect(new URL(page.url()).pathname).toBe('/admin/account');
    expect(await heading('My tokens').count()).toBe(0);
  });

  it('adds a passkey, after which the whole console works', async () => {
    await button('Add passkey').click();
    await page.getByLabel('Name', { exact: true }).fill('Laptop');
    await button('Create passkey').click();
    await heading('Save your recovery codes').waitFor();
    await button('Copy codes').click();
    await button('Done').click();
    await region().getByText('Laptop', { exact: true }).waitFor();
    await heading('My tokens').waitFor();
    await page.getByRole('link', { name: 'Users', exact: true }).click();

    await page.getByText('1 user', { exact: true }).waitFor();
  });

  it('signs in with the passkey in one click', async () => {
    await button('Account of admin').click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    const clicks = new ClickCounter();
    await clicks.click(button('Sign in with a passkey'));
    await heading('Needs attention').waitFor();

    expect(clicks.count).toBe(1);
  });

  it('gives a fresh proof with the passkey', async () => {
    await visit(page, '/admin/users');
    await button('New user').click();
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('kim');
    stopClock(server, Date.now() + 6 * MINUTE);
    await page.getByRole('dialog').getByRole('button', { name: 'Create user' }).click();
    await heading('Confirm that it is you').waitFor();
    await button('Use a passkey').click();

    await heading('kim created').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Copy' }).click();
    await button('Done').click();
    jest.restoreAllMocks();
  });

  it('sees that this device has a passkey already', async () => {
    await visit(page, '/admin/account');
    await button('Add passkey').click();
    await button('Create passkey').click();

    await page.getByText('This device has a passkey for your account already.').waitFor();
    await button('Cancel').click();
  });
});

describe('the dialogs of passkeys', () => {
  it('have no serious finding of axe-core, and neither has the sign-in page', async () => {
    await page.context().close();
    page = await open('/admin/', AXE_CONTEXT_OPTIONS);
    const axe = await Axe.on(page);
    await page.reload();
    await button('Sign in with a passkey').waitFor();
    await axe.check('sign-in');
    await button('Sign in with a passkey').click();
    await page.getByText('No passkey was used.').waitFor();
    await axe.check('sign-in without a passkey');

    expect(axe.takeViolations()).toEqual([]);
  });
});
