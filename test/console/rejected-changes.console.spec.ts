import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { ADMIN } from '../support/factories.js';
import { createSampleData, useConsole } from '../support/browser/use-console.js';
import { ResponseMocks, THROTTLED_SECONDS, TRACE_ID } from '../support/browser/response-mocks.js';
import { visit } from '../support/browser/visit.js';

const NEW_PASSWORD = 'quite another passphrase';

/** Form of the console. */
interface Form {
  path: string;
  /** Button that opens it; absent = it is on the page. */
  opener?: string;
  /** Request that it sends. */
  request: string;
  input: [label: string, text: string][];
  /** Button that sends it. */
  action: string;
  /** Message after a success. */
  success: string;
}

const FORMS: Record<string, Form> = {
  'a new user': {
    path: '/users',
    opener: 'New user',
    request: 'POST /users',
    input: [['Name', 'late.comer']],
    action: 'Create user',
    success: 'late.comer created',
  },
  'the profile of a user': {
    path: '/users/sample',
    request: 'PATCH /users/sample',
    input: [['Display name', 'Sam']],
    action: 'Save profile',
    success: 'Profile of sample saved',
  },
  'a new role': {
    path: '/roles/_new',
    request: 'POST /roles',
    input: [['Name', 'latecomers']],
    action: 'Create role',
    success: 'latecomers created',
  },
  'a role': {
    path: '/roles/helpers',
    request: 'PATCH /roles/helpers',
    input: [['Description', 'Help.']],
    action: 'Save changes',
    success: 'helpers saved',
  },
  'a new token': {
    path: '/tokens/new?user=sample',
    request: 'POST /users/sample/tokens',
    input: [['What is it for?', 'late job']],
    action: 'Create token',
    success: 'Token created',
  },
  'a token': {
    path: '/tokens/{token}',
    opener: 'Edit',
    request: 'PATCH /tokens/{token}',
    input: [['Note', 'weekly backup']],
    action: 'Save',
    success: 'Token saved',
  },
  'a rotation': {
    path: '/tokens/{token}',
    opener: 'Rotate',
    request: 'POST /tokens/{token}/rotate',
    input: [],
    action: 'Rotate',
    success: 'Token rotated',
  },
  'my profile': {
    path: '/account',
    request: 'PATCH /me',
    input: [['Display name', 'Me']],
    action: 'Save profile',
    success: 'Profile saved',
  },
  'my password': {
    path: '/account',
    request: 'PUT /me/password',
    input: [
      ['Current password', ADMIN.password],
      ['New password', NEW_PASSWORD],
      ['Confirm new password', NEW_PASSWORD],
    ],
    action: 'Change password',
    success: 'Password changed',
  },
};

const mocks = new ResponseMocks();

let token: UserTokenDto;
const inUse = useConsole(async (client, headers) => {
  token = await createSampleData(client, headers);
});

beforeAll(() => mocks.install(inUse.page));

afterEach(() => mocks.clear());

const withToken = (path: string) => path.replace('{token}', token.id);
const button = (name: string | RegExp, on = inUse.page) => on.getByRole('button', { name, exact: true });

describe.each(Object.entries(FORMS))('%s', (_name, { path, opener, request, input, action, success }) => {
  it('keeps the input while the server rejects it, and saves it afterwards', async () => {
    await visit(inUse.page, `/admin${withToken(path)}`);
    if (opener !== undefined) {
      await button(opener).click();
    }
    if (opener === action) {
      // The dialog hides the button of the page from the role query.
      await inUse.page.getByRole('dialog').waitFor();
    }
    for (const [label, text] of input) {
      await inUse.page.getByLabel(label, { exact: true }).fill(text);
    }
    const errors = [
      ['conflict', 'The request conflicts'],
      ['stale', 'The resource has changed'],
      ['unreachable', 'The server cannot be reached'],
      ['broken', TRACE_ID],
      ['throttled', 'Too many attempts. Wait'],
    ] as const;
    for (const [answer, message] of errors) {
      mocks.mock(withToken(request), answer);
      await button(action).click();
      await inUse.page.getByRole('alert').getByText(message).waitFor();
    }
    await button(/^Try again in 0:0\d$/).waitFor();
    for (const [label, text] of input) {
      expect(await inUse.page.getByLabel(label, { exact: true }).inputValue()).toBe(text);
    }
    mocks.clear();
    await inUse.page.clock.fastForward(THROTTLED_SECONDS * 1_000);
    await button(action).click();

    await inUse.page.getByText(success).waitFor();
  });
});

describe('a throttled request', () => {
  it('keeps the input of the set-up form, and can be repeated after the delay', async () => {
    const other = await inUse.browser.open('/admin/set-up#AAAAAAAAAAAAAAAAAAAAAA');
    await mocks.install(other);
    mocks.mock('POST /auth/set-up', 'throttled');
    await other.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD);
    await other.getByLabel('Confirm password').fill(NEW_PASSWORD);
    await button('Set password', other).click();
    await other.getByRole('alert').getByText('Too many attempts. Wait').waitFor();
    await button(/^Try again in 0:0\d$/, other).waitFor();
    mocks.clear();
    await other.clock.fastForward(THROTTLED_SECONDS * 1_000);
    await button('Set password', other).click();

    await other.getByRole('heading', { name: 'This link no longer works' }).waitFor();
    await other.context().close();
  });

  it('keeps the sign-in dialog and the page below, and can be repeated after the delay', async () => {
    await visit(inUse.page, '/admin/account');
    await inUse.page.getByLabel('Display name').fill('Myself');
    // The console reads the user before it prompts, because a 401 alone does not mean that the session has
    // ended.
    mocks.mock('GET /me', 'expired');
    mocks.mock('PATCH /me', 'expired');
    mocks.mock('POST /auth/login', 'throttled');
    await button('Save profile').click();
    await inUse.page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(NEW_PASSWORD);
    await button('Sign in').click();
    await inUse.page.getByRole('alert').getByText('Too many attempts. Wait').waitFor();
    await button(/^Try again in 0:0\d$/).waitFor();
    mocks.clear();
    await inUse.page.clock.fastForward(THROTTLED_SECONDS * 1_000);
    await button('Sign in').click();

    await inUse.page.getByText('Profile saved').waitFor();
    await inUse.page.getByRole('button', { name: 'Account of Myself' }).waitFor();
  });
});
