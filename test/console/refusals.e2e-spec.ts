import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Page } from 'playwright-core';
import { ConsoleBrowser } from '../support/console-browser.js';
import { ADMIN, newUser } from '../support/factories.js';
import { serverIn, ServerProcess } from '../support/server-process.js';
import { StandIn, TRACE_ID } from '../support/stand-in.js';

/** Each screen, the path of the API that it lives by, and what it shows once that answers. */
const SCREENS: [screen: string, path: string, api: string, sign: string][] = [
  ['home, the work list', '/', '/tokens', 'Nothing to do'],
  ['home, the figures', '/', '/stats', 'Log-ins in 30 days'],
  ['users', '/users', '/users', 'sample'],
  ['a user', '/users/sample', '/users/sample', 'Save profile'],
  ['the tokens of a user', '/users/sample?tab=tokens', '/users/sample/tokens', 'nightly backup'],
  ['what a user did', '/users/sample?tab=activity', '/audit-events', 'Nothing is recorded.'],
  ['the access of a user', '/users/sample?tab=access', '/roles', 'helpers'],
  ['tokens', '/tokens', '/tokens', 'nightly backup'],
  ['a token', '/tokens/{token}', '/tokens/{token}', 'nightly backup'],
  ['the use of a token', '/tokens/{token}', '/tokens/{token}/usage', 'It was not used'],
  ['rotation', '/tokens/{token}/rotate', '/tokens/{token}', 'The old secret works until'],
  ['roles', '/roles', '/roles', 'helpers'],
  ['a role', '/roles/helpers', '/roles/helpers', 'What this allows'],
  ['a new role', '/roles/_new', '/permissions', 'What this allows'],
  ['the audit trail', '/audit', '/audit-events', 'Created a user'],
  ['the settings', '/settings', '/settings', 'LATCHKEY_DATA_DIR'],
  ['my account, the tokens', '/account', '/me/tokens', 'This session'],
  ['my account, the activity', '/account', '/audit-events', 'Signed in'],
];

const standIn = new StandIn();

let folder: string;
let server: ServerProcess;
let browser: ConsoleBrowser;
let page: Page;
let token: UserTokenDto;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
  server = await ServerProcess.start(serverIn(folder));
  const { client } = server;
  const headers = await client.loginHeaders(ADMIN.name, ADMIN.password);
  await client.createRole({ name: 'helpers', permissions: ['users:read'] }, headers);
  await client.createUser(newUser({ name: 'sample', roles: ['user'] }), headers);
  token = (await client.createUserToken('sample', headers, { note: 'nightly backup' })).body;
  browser = await ConsoleBrowser.launch(client.baseUrl);
  page = await browser.open('/admin/sign-in');
  await page.getByLabel('Name', { exact: true }).fill(ADMIN.name);
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  await standIn.attend(page);
});

afterEach(() => standIn.leave());

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const withToken = (path: string) => path.replace('{token}', token.id);
const face = () => page.locator('app-problem-face');
const heading = (name: string) => face().getByRole('heading', { name });
const retry = () => face().getByRole('button', { name: 'Try again', exact: true });

describe.each(SCREENS)('%s', (_screen, path, api, sign) => {
  it('tells calmly that it cannot be shown, and is there as soon as it can', async () => {
    const request = `GET ${withToken(api)}`;
    standIn.answer(request, 'broken');
    await page.goto(`/admin${withToken(path)}`);
    await heading('This could not be loaded').waitFor();
    await face().getByText(TRACE_ID).waitFor();
    standIn.answer(request, 'gone');
    await retry().click();
    await heading('No connection').waitFor();
    await face().getByText('The server cannot be reached').waitFor();
    standIn.answer(request, 'throttled');
    await retry().click();
    await face().getByText('Too many tries; wait').waitFor();
    await face()
      .getByRole('button', { name: /^Try again in 0:0\d$/ })
      .waitFor();
    standIn.leave();
    await retry().click();

    await page.getByText(sign).first().waitFor();
    expect(await face().count()).toBe(0);
    // The button that was pressed is gone; who goes by the keyboard is not sent back to the first link.
    await page.locator('main h1:focus').waitFor();
  });

  it('tells who may not see it, and offers no way that leads nowhere', async () => {
    standIn.answer(`GET ${withToken(api)}`, 'forbidden');
    await page.goto(`/admin${withToken(path)}`);
    await heading('You may not see this').waitFor();

    expect(await face().innerText()).toContain('This needs another permission.');
    expect(await face().getByRole('button').count()).toBe(0);
  });
});

describe('a new token', () => {
  it.each(['/users', '/permissions', '/settings'])('can be made though %s does not answer', async (api) => {
    standIn.answer(`GET ${api}`, 'broken');
    await page.goto('/admin/tokens/new');
    await page.getByLabel('What is it for?').fill('made nevertheless');
    await page.getByRole('radio', { name: 'Only what I choose' }).check();
    await page.getByRole('checkbox', { name: /^users:read/ }).check();
    await page.getByRole('button', { name: 'Create token' }).click();

    await page.getByRole('heading', { name: 'The token is created' }).waitFor();
  });
});

describe('all of these refusals', () => {
  it('broke no policy, threw nothing, and asked no other host', () => {
    expect(browser.misbehaviour).toEqual([]);
  });
});
