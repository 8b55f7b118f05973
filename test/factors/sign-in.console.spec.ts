import { afterEach, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { enrol, type Authenticator } from '../support/authenticator.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { signIn, useServedConsole } from '../support/browser/use-console.js';

let page: Page;
let authenticator: Authenticator;

const inUse = useServedConsole(async (client, asAdmin) => {
  await client.createUser(newUser({ name: 'kim', roles: ['auditor'] }), asAdmin);
  authenticator = await enrol(client, await client.loginHeaders('kim', PASSWORD));
});

afterEach(() => page.context().close());

describe('the sign-in page', () => {
  it('asks for a code after the password of a user with a second factor', async () => {
    page = await inUse.browser.open('/admin/account');
    const code = page.getByLabel('Code', { exact: true });
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await code.count()).toBe(0);

    await signIn(page, 'kim');
    await code.waitFor();
    expect(await page.getByRole('alert').allInnerTexts()).toEqual([]);
    expect(await page.locator(':focus').getAttribute('autocomplete')).toBe('one-time-code');
    await page.keyboard.type('000000');
    await page.keyboard.press('Enter');
    await page.getByText('The code is wrong, or was used before. Enter the next one.').waitFor();
    await code.fill(authenticator.recoveryCodes[0] ?? '');
    await page.keyboard.press('Enter');

    await page.getByRole('heading', { name: 'My account' }).waitFor();
  });
});
