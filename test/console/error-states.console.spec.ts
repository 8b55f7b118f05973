import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { createSampleData, useConsole } from '../support/browser/use-console.js';
import { ResponseMocks, THROTTLED_SECONDS, TRACE_ID } from '../support/browser/response-mocks.js';
import { sampleInputs } from '../support/deep.js';
import { visit } from '../support/browser/visit.js';
import { flushTokenUsage } from '../support/use-server.js';

/**
 * Each screen with its path, the API request that it depends on, and a text that it shows after a success.
 */
const SCREENS: [screen: string, path: string, api: string, text: string][] = [
  ['the work list of the home page', '/', '/tokens', '1 administrator without a second factor'],
  ['the statistics of the home page', '/', '/stats', 'Sign-ins in the last 30 days'],
  ['the list of users', '/users', '/users', 'sample'],
  ['the page of a user', '/users/sample', '/users/sample', 'Save profile'],
  ['the tokens of a user', '/users/sample?tab=tokens', '/users/sample/tokens', 'nightly backup'],
  ['the activity of a user', '/users/sample?tab=activity', '/audit-events', 'No entries.'],
  [
    'the access of a user',
    '/users/sample?tab=access',
    '/roles',
    'A user has the permissions of all their roles.',
  ],
  ['the list of tokens', '/tokens', '/tokens', 'nightly backup'],
  ['the page of a token', '/tokens/{token}', '/tokens/{token}', 'nightly backup'],
  ['the use of a token', '/tokens/{token}', '/tokens/{token}/usage', 'Busiest day'],
  ['the list of roles', '/roles', '/roles', 'helpers'],
  ['the page of a role', '/roles/helpers', '/roles/helpers', 'What this role allows'],
  ['the list of APIs', '/apis', '/apis', 'Part of Latchkey'],
  ['the page of an API', '/apis/users', '/apis/users', 'See all users and their profiles.'],
  ['the use of an API', '/apis/users', '/apis/users/usage', 'Granted by'],
  ['the form for a role', '/roles/_new', '/apis', 'What this role allows'],
  ['the audit trail', '/audit', '/audit-events', 'Created a user'],
  ['the page of a rejection', '/explanations/x', '/explanations/x', 'No rejected request with this trace ID'],
  ['the settings', '/settings', '/settings', 'LATCHKEY_DATA_DIR'],
  ['the list of event targets', '/settings/events', '/event-targets', 'owners'],
  ['the page of an event target', '/settings/events/owners', '/event-targets/owners', 'Token leaked'],
  [
    'the deliveries of an event target',
    '/settings/events/owners',
    '/event-targets/owners/deliveries',
    'There are no deliveries yet.',
  ],
  ['the form for an event target', '/settings/events/owners/edit', '/event-targets/owners', 'Save changes'],
  ['the tokens of the account page', '/account', '/me/tokens', 'This session'],
  ['the activity of the account page', '/account', '/audit-events', 'Signed in'],
];

const mocks = new ResponseMocks();

let token: UserTokenDto;
const inUse = useConsole(async (client, headers) => {
  token = await createSampleData(client, headers);
  await client.me(tokenHeader(token));
});

beforeAll(async () => {
  await flushTokenUsage(inUse);
  await mocks.install(inUse.page);
});

afterEach(() => mocks.clear());

const withToken = (path: string) => path.replace('{token}', token.id);
const errorState = () => inUse.page.locator('app-error-state');
const heading = (name: string) => errorState().getByRole('heading', { name });
const explanation = () => errorState().getByRole('link', { name: 'Why was this rejected?' });
const retry = () => errorState().getByRole('button', { name: 'Try again', exact: true });

/** Failures after which the user can try again, with the heading and the text of the error state. */
const FAILURES = [
  ['broken', 'Loading failed', TRACE_ID],
  ['unreachable', 'No connection', 'The server cannot be reached'],
  ['throttled', 'Loading failed', 'Too many attempts. Wait'],
] as const;

describe.each(SCREENS)('%s', (_screen, path, api, text) => {
  const failures = sampleInputs(FAILURES, 3);

  it(`recovers from requests that are ${failures.map(([failure]) => failure).join(', then ')}`, async () => {
    for (const [index, [failure, title, detail]] of failures.entries()) {
      mocks.mock(`GET ${withToken(api)}`, failure);
      await (index === 0 ? visit(inUse.page, `/admin${withToken(path)}`) : retry().click());
      await heading(title).waitFor();
      await errorState().getByText(detail).waitFor();
    }
    mocks.clear();
    await inUse.page.clock.fastForward(THROTTLED_SECONDS * 1_000);
    await retry().click();

    await errorState().waitFor({ state: 'detached' });
    await inUse.page.getByText(text).first().waitFor();
    // The pressed button is gone. The focus must not return to the first link of the page.
    await inUse.page.locator('main h1:focus').waitFor();
  });
});

it.each(sampleInputs(SCREENS, 4))(
  '%s shows a missing permission without useless actions',
  async (_screen, path, api) => {
    mocks.mock(`GET ${withToken(api)}`, 'forbidden');
    await visit(inUse.page, `/admin${withToken(path)}`);
    await heading('Permission required').waitFor();

    expect(await errorState().innerText()).toContain('This requires another permission.');
    expect(await errorState().getByRole('button').count()).toBe(0);
    expect(await explanation().getAttribute('href')).toBe(`/admin/explanations/${TRACE_ID}`);
  },
);

describe('the form for a token', () => {
  it.each(['/users', '/apis'])('creates a token although %s does not answer', async (api) => {
    mocks.mock(`GET ${api}`, 'broken');
    const failed = inUse.page.waitForResponse((response) => new URL(response.url()).pathname === api);
    await visit(inUse.page, '/admin/tokens/new');
    await inUse.page.getByLabel('What is it for?').fill('created nevertheless');
    await inUse.page.getByRole('radio', { name: 'Only selected roles and permissions' }).check();
    await failed;
    await inUse.page.getByRole('checkbox', { name: /^users:read/ }).check();
    await inUse.page.getByRole('button', { name: 'Create token' }).click();

    await inUse.page.getByRole('heading', { name: 'Token created' }).waitFor();
  });
});
