import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { createSampleData, useConsole } from '../support/browser/use-console.js';
import { ResponseMocks, TRACE_ID } from '../support/browser/response-mocks.js';

const SAID = 'This data may be out of date.';

const mocks = new ResponseMocks();

let token: UserTokenDto;
const inUse = useConsole(async (client, headers) => {
  token = await createSampleData(client, headers);
  const expirationTime = new Date(Date.now() + 5 * 86_400_000).toISOString();
  await client.createUserToken('sample', headers, { note: 'ends soon', expirationTime });
});

beforeAll(() => mocks.install(inUse.page));

afterEach(() => mocks.clear());

const bar = () => inUse.page.locator('app-stale-notice');
const button = (name: string | RegExp) => inUse.page.getByRole('button', { name, exact: true });
const go = (name: string) =>
  inUse.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
const row = (name: string) => inUse.page.getByRole('row', { name: new RegExp(name) });

/**
 * Expects the notice to state the error, and to close after a successful retry, which moves the focus to the
 * heading.
 */
async function retrySuccessfully(): Promise<void> {
  await bar().getByText(SAID).waitFor();
  await bar().getByText(TRACE_ID).waitFor();
  mocks.clear();
  await bar().getByRole('button', { name: 'Try again' }).click();
  await bar().waitFor({ state: 'detached' });
  await inUse.page.locator('main h1:focus').waitFor();
}

describe('the notice of stale content', () => {
  it('appears above a list that cannot be updated', async () => {
    await go('Users');
    await inUse.page.getByRole('checkbox', { name: 'Select sample' }).check();
    mocks.mock('GET /users', 'broken');
    await inUse.page.getByRole('toolbar').getByRole('button', { name: 'Disable' }).click();
    await inUse.page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click();
    await bar().getByText(SAID).waitFor();

    expect(await row('sample').getByText('Enabled').count()).toBe(1);
    await retrySuccessfully();
    await row('sample').getByText('Disabled').waitFor();
  });

  it('does not appear for another query, whose rows are not known', async () => {
    mocks.mock('GET /users', 'broken');
    await button('Last sign-in').click();
    await inUse.page.getByRole('heading', { name: 'Loading failed' }).waitFor();

    expect(await row('sample').count()).toBe(0);
    mocks.clear();
    await button('Try again').click();
    await row('sample').waitFor();
  });

  it('appears on the page of a user', async () => {
    await row('sample').getByText('sample', { exact: true }).click();
    await button('Enable').click();
    await inUse.page.getByText('sample enabled').waitFor();
    mocks.mock('GET /users/sample', 'broken');
    await button('More').click();
    await inUse.page.getByRole('menuitem', { name: 'Set password' }).click();
    await inUse.page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await bar().getByText(SAID).waitFor();

    expect(await inUse.page.getByRole('heading', { name: 'sample' }).count()).toBe(1);
    await retrySuccessfully();
  });

  it('appears on the page of a token when the server does not answer', async () => {
    await go('Tokens');
    await row('nightly backup').getByText('nightly backup').click();
    await inUse.page.getByRole('heading', { name: 'Details' }).waitFor();
    mocks.mock(`GET /tokens/${token.id}`, 'unreachable');
    await button('More').click();
    await inUse.page.getByRole('menuitem', { name: 'Disable' }).click();
    await bar().getByText('The server cannot be reached').waitFor();
    mocks.mock(`GET /tokens/${token.id}`, 'broken');
    await bar().getByRole('button', { name: 'Try again' }).click();

    await retrySuccessfully();
    await button('Enable').waitFor();
  });

  it('appears once on the home page', async () => {
    await go('Home');
    await inUse.page.getByRole('heading', { name: 'Sign-ins in the last 30 days' }).waitFor();
    mocks.mock('GET /tokens', 'broken');
    mocks.mock('GET /stats', 'broken');
    await button('Extend by 90 days: ends soon').click();
    await bar().getByText(SAID).waitFor();

    expect(await bar().count()).toBe(1);
    expect(await inUse.page.getByRole('region', { name: /Expires within 14 days/ }).count()).toBe(1);
    await retrySuccessfully();
    await inUse.page.getByRole('heading', { name: /without a second factor/ }).waitFor();
  });

  it('causes no CSP violations, exceptions or requests to other hosts', () => {
    expect(inUse.browser.misbehavior).toEqual([]);
  });
});
