import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Page } from 'playwright-core';
import { currentCode } from '../support/authenticator.js';
import { Axe, AXE_CONTEXT_OPTIONS } from '../support/browser/axe.js';
import { ClickCounter } from '../support/browser/console-browser.js';
import { signIn, useServedConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { stopClock } from '../support/use-server.js';

const STEP = 30_000;
const MINUTE = 60_000;

let page: Page;
let secret: string;

const inUse = useServedConsole(
  async (client, asAdmin) => {
    await client.createUser(newUser({ name: 'kim', roles: ['auditor'] }), asAdmin);
    await client.createUser(newUser({ name: 'robin', roles: ['auditor'] }), asAdmin);
  },
  { LATCHKEY_FRESH_SECONDS: '300' },
);

const heading = (name: string) => page.getByRole('heading', { name });
const button = (name: string) => page.getByRole('button', { name });
const region = () => page.getByRole('region', { name: 'Second factors' });
const code = () => page.getByLabel('Code', { exact: true });

/** Moves the clock of the server, so that sessions are no longer fresh. Returns its time. */
function advance(minutes: number): number {
  return stopClock(inUse, Date.now() + minutes * MINUTE);
}

async function readSecret(): Promise<string> {
  return (await page.locator('app-add-authenticator code').innerText()).replaceAll(' ', '');
}

beforeAll(async () => {
  page = await inUse.signedIn('kim', '/admin/account');
});

afterAll(async () => {
  jest.restoreAllMocks();
  await page.context().close();
});

// The steps depend on each other.
describe('second factors in “My account”', () => {
  it('adds an authenticator app with three clicks, and shows ten recovery codes', async () => {
    const clicks = new ClickCounter();
    await clicks.click(button('Add authenticator app'));
    await page.getByRole('img', { name: 'QR code with the key for the app' }).waitFor();
    secret = await readSecret();
    const field = page.locator(':focus');
    expect(await field.getAttribute('autocomplete')).toBe('one-time-code');
    expect(await field.getAttribute('inputmode')).toBe('numeric');
    await page.keyboard.type(currentCode(secret));
    await heading('Save your recovery codes').waitFor();
    const codes = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').count();
    await clicks.click(button('Copy codes'));
    await clicks.click(button('Done'));
    await region().getByText('10 unused').waitFor();

    expect(codes).toBe(10);
    expect(clicks.count).toBe(3);
  });

  it('needs one click more to sign in', async () => {
    await button('Account of kim').click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.goto('/admin/account');
    await signIn(page, 'kim');
    await code().waitFor();
    const clicks = new ClickCounter();
    await page.keyboard.type(currentCode(secret, Date.now() + STEP));
    await clicks.click(button('Sign in'));
    await heading('My account').waitFor();

    expect(clicks.count).toBe(1);
  });

  it('asks for a fresh proof over the open page, and keeps the input when the user cancels', async () => {
    await visit(page, '/admin/tokens/new');
    await page.getByLabel('What is it for?').fill('nightly backup');
    advance(6);
    await button('Create token').click();
    await heading('Confirm that it is you').waitFor();
    expect(await page.locator(':focus').getAttribute('autocomplete')).toBe('one-time-code');
    await page.keyboard.press('Escape');
    await page.getByText('You did not confirm that it is you. Nothing was changed.').waitFor();

    expect(await page.getByLabel('What is it for?').inputValue()).toBe('nightly backup');
  });

  it('asks again after a wrong code, and then repeats the request', async () => {
    const time = advance(6);
    await button('Create token').click();
    await code().waitFor();
    await page.keyboard.type('000000');
    await page.keyboard.press('Enter');
    await page.getByText('The code is wrong, or was used before. Enter the next one.').waitFor();
    await page.keyboard.type(currentCode(secret, time));
    await page.keyboard.press('Enter');
    await heading('Token created').waitFor();
    await button('Copy token').click();
    await page.getByRole('link', { name: 'Done' }).click();

    await heading('nightly backup').waitFor();
  });

  it('creates new recovery codes, and asks before they are closed without being saved', async () => {
    await visit(page, '/admin/account');
    await region().getByRole('button', { name: 'Create new codes' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Create new codes' }).click();
    await heading('Save your recovery codes').waitFor();
    await button('Done').click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), button('Download').click()]);
    await button('Done').click();
    await heading('Save your recovery codes').waitFor({ state: 'detached' });

    expect(download.suggestedFilename()).toBe('127.0.0.1-recovery-codes.txt');
  });

  it('removes the last factor, after which the password is enough', async () => {
    await region().getByRole('button', { name: 'Remove: Authenticator app' }).click();
    await page.getByText('It is your last one.').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Second factor removed.').waitFor();

    expect((await inUse.client.login('kim', PASSWORD)).status).toBe(200);
  });

  it('asks users without a second factor for the password', async () => {
    advance(12);
    await button('Add authenticator app').click();
    await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');

    await heading('Add an authenticator app').waitFor();
    await button('Cancel').click();
  });
});

describe('the dialogs of second factors', () => {
  it('have no serious finding of axe-core', async () => {
    await page.context().close();
    jest.restoreAllMocks();
    page = await inUse.signedIn('robin', '/admin/', AXE_CONTEXT_OPTIONS);
    const axe = await Axe.on(page);
    await page.goto('/admin/account');
    await button('Add authenticator app').click();
    await heading('Add an authenticator app').waitFor();
    await axe.check('authenticator app');
    await page.keyboard.type(currentCode(await readSecret()));
    await heading('Save your recovery codes').waitFor();
    await axe.check('recovery codes');
    await button('Copy codes').click();
    await button('Done').click();
    await region().getByText('10 unused').waitFor();
    await axe.check('second factors');
    advance(6);
    await region().getByRole('button', { name: 'Remove: Authenticator app' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await heading('Confirm that it is you').waitFor();
    await axe.check('step-up');

    expect(axe.takeViolations()).toEqual([]);
  });
});
