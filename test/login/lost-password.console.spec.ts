import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { MailServer } from '../support/mail-server.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { signIn, useServedConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';

const OTHER = 'correct horse battery staple';
const ADDRESS = 'anna@example.org';

let mails: MailServer;
let page: Page;
/** Environment of the server, filled once the mail server has started. */
const environment: Record<string, string> = {};

beforeAll(async () => {
  mails = await MailServer.start();
  Object.assign(environment, mails.environment);
});

const inUse = useServedConsole(async (client, asAdmin) => {
  await client.createUser(newUser({ name: 'anna', email: ADDRESS, password: PASSWORD }), asAdmin);
}, environment);

afterAll(() => mails.close());

afterEach(() => {
  mails.received.length = 0;
});

/** Returns the path of the link in the last message. */
function linkPath(): string {
  return /https:\/\/auth\.example\.org(\/admin\/\S+)/.exec(mails.textTo(ADDRESS))?.[1] ?? '';
}

describe('a lost password', () => {
  it('is replaced with three clicks and a link by e-mail', async () => {
    page = await inUse.browser.open('/admin/sign-in');
    // As long as a person presses, so that an error of the empty name would move the link away.
    await page.getByRole('link', { name: 'Forgot your password?' }).click({ delay: 300 });
    await page.getByLabel('Name or e-mail address').fill(ADDRESS);
    await page.getByRole('button', { name: 'Send link' }).click();
    await page.getByText('If there is such an account, the link is on its way.').waitFor();
    await page.locator('h1:focus', { hasText: 'Check your e-mail' }).waitFor();
    await mails.receive();

    await page.goto(linkPath());
    await page.getByLabel('Password', { exact: true }).fill(OTHER);
    await page.getByLabel('Confirm password').fill(OTHER);
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.getByText('Your password is set.').waitFor();
    await signIn(page, 'anna', OTHER);

    await page.getByRole('heading', { name: 'Home', exact: true }).waitFor();
  });
});

describe('links of an administrator', () => {
  beforeAll(async () => {
    page = await inUse.signedIn(ADMIN.name, '/admin/users/anna');
  });

  it('are sent if the box is checked, to persons', async () => {
    await visit(page, '/admin/users/anna');
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Create set-up link' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(`Send the link to ${ADDRESS}`).check();
    await dialog.getByRole('button', { name: 'Create link' }).click();

    await page.getByText(`Link sent to ${ADDRESS}.`).waitFor();
    await dialog.waitFor({ state: 'detached' });
    expect(linkPath()).toMatch(/^\/admin\/set-up\?name=anna#/);
  });

  it('are sent to the person responsible for a service, and with an offer', async () => {
    await visit(page, '/admin/users');
    await page.getByRole('button', { name: 'New user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Service' }).click();
    await dialog.getByLabel('Name', { exact: true }).fill('robot');
    await dialog.getByLabel('Person responsible').fill('anna');
    await dialog.getByRole('button', { name: 'Create service' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { body } = await inUse.client.request<{ responsible: string }>('GET', '/users/robot', {
      headers: await inUse.client.loginHeaders(ADMIN.name, ADMIN.password),
    });
    expect(body.responsible).toBe('anna');

    await visit(page, '/admin/tokens/new?user=robot&as=link');
    await page.getByLabel('What is it for?').fill('nightly');
    await page.getByLabel('Send the link to robot').check();
    await page.getByRole('button', { name: 'Create claim link' }).click();

    await page.getByText(`Link sent to ${ADDRESS}.`).waitFor();
    expect(linkPath()).toMatch(/^\/admin\/claim#/);
    // Nothing is lost: no question.
    await page.getByRole('link', { name: 'Done' }).click();
    await page.getByRole('heading', { name: 'robot' }).waitFor();
  });
});
