import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { createSampleData, useConsole } from '../support/browser/use-console.js';
import { ResponseMocks, THROTTLED_SECONDS, TRACE_ID } from '../support/browser/response-mocks.js';

/** Each screen, the path of the API that it lives by, and what it shows once that answers. */
const SCREENS: [screen: string, path: string, api: string, sign: string][] = [
  ['home, the work list', '/', '/tokens', 'Nothing to do'],
  ['home, the figures', '/', '/stats', 'Sign-ins in the last 30 days'],
  ['users', '/users', '/users', 'sample'],
  ['a user', '/users/sample', '/users/sample', 'Save profile'],
  ['the tokens of a user', '/users/sample?tab=tokens', '/users/sample/tokens', 'nightly backup'],
  ['what a user did', '/users/sample?tab=activity', '/audit-events', 'No entries.'],
  ['the access of a user', '/users/sample?tab=access', '/roles', 'helpers'],
  ['tokens', '/tokens', '/tokens', 'nightly backup'],
  ['a token', '/tokens/{token}', '/tokens/{token}', 'nightly backup'],
  ['the use of a token', '/tokens/{token}', '/tokens/{token}/usage', 'Not used'],
  ['rotation', '/tokens/{token}/rotate', '/tokens/{token}', 'The old secret works until'],
  ['roles', '/roles', '/roles', 'helpers'],
  ['a role', '/roles/helpers', '/roles/helpers', 'What this role allows'],
  ['a new role', '/roles/_new', '/permissions', 'What this role allows'],
  ['the audit trail', '/audit', '/audit-events', 'Created a user'],
  ['the settings', '/settings', '/settings', 'LATCHKEY_DATA_DIR'],
  ['my account, the tokens', '/account', '/me/tokens', 'This session'],
  ['my account, the activity', '/account', '/audit-events', 'Signed in'],
];

const mocks = new ResponseMocks();

let token: UserTokenDto;
const inUse = useConsole(async (client, headers) => {
  token = await createSampleData(client, headers);
});

beforeAll(() => mocks.install(inUse.page));

afterEach(() => mocks.clear());

const withToken = (path: string) => path.replace('{token}', token.id);
const face = () => inUse.page.locator('app-error-state');
const heading = (name: string) => face().getByRole('heading', { name });
const retry = () => face().getByRole('button', { name: 'Try again', exact: true });

describe.each(SCREENS)('%s', (_screen, path, api, sign) => {
  it('shows an error state and recovers from it', async () => {
    const request = `GET ${withToken(api)}`;
    mocks.mock(request, 'broken');
    await inUse.page.goto(`/admin${withToken(path)}`);
    await heading('Loading failed').waitFor();
    await face().getByText(TRACE_ID).waitFor();
    mocks.mock(request, 'unreachable');
    await retry().click();
    await heading('No connection').waitFor();
    await face().getByText('The server cannot be reached').waitFor();
    mocks.mock(request, 'throttled');
    await retry().click();
    await face().getByText('Too many attempts. Wait').waitFor();
    await face()
      .getByRole('button', { name: /^Try again in 0:0\d$/ })
      .waitFor();
    mocks.clear();
    await inUse.page.clock.fastForward(THROTTLED_SECONDS * 1_000);
    await retry().click();

    await inUse.page.getByText(sign).first().waitFor();
    expect(await face().count()).toBe(0);
    // The button that was pressed is gone; who goes by the keyboard is not sent back to the first link.
    await inUse.page.locator('main h1:focus').waitFor();
  });

  it('shows a missing permission without useless actions', async () => {
    mocks.mock(`GET ${withToken(api)}`, 'forbidden');
    await inUse.page.goto(`/admin${withToken(path)}`);
    await heading('Permission required').waitFor();

    expect(await face().innerText()).toContain('This needs another permission.');
    expect(await face().getByRole('button').count()).toBe(0);
  });
});

describe('a new token', () => {
  it.each(['/users', '/permissions', '/settings'])(
    'can be created although %s does not answer',
    async (api) => {
      mocks.mock(`GET ${api}`, 'broken');
      await inUse.page.goto('/admin/tokens/new');
      await inUse.page.getByLabel('What is it for?').fill('made nevertheless');
      await inUse.page.getByRole('radio', { name: 'Only selected permissions' }).check();
      await inUse.page.getByRole('checkbox', { name: /^users:read/ }).check();
      await inUse.page.getByRole('button', { name: 'Create token' }).click();

      await inUse.page.getByRole('heading', { name: 'Token created' }).waitFor();
    },
  );
});

describe('all of these errors', () => {
  it('caused no CSP violations, exceptions or requests to other hosts', () => {
    expect(inUse.browser.misbehaviour).toEqual([]);
  });
});
