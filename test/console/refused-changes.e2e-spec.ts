import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { ADMIN } from '../support/factories.js';
import { createSampleData, useConsole } from '../support/browser/use-console.js';
import { ResponseMocks, THROTTLED_SECONDS, TRACE_ID } from '../support/browser/response-mocks.js';

const NEW_PASSWORD = 'quite another passphrase';

/** A form: where it is, what it sends, what is typed, its button, and what is said at the end. */
interface Form {
  path: string;
  /** The button that opens it, if it is not there at once. */
  opener?: string;
  request: string;
  typed: [label: string, text: string][];
  action: string;
  end: string;
}

const FORMS: Record<string, Form> = {
  'a new user': {
    path: '/users',
    opener: 'New user',
    request: 'POST /users',
    typed: [['Name', 'late.comer']],
    action: 'Create user',
    end: 'late.comer created',
  },
  'the profile of a user': {
    path: '/users/sample',
    request: 'PATCH /users/sample',
    typed: [['Display name', 'Sam']],
    action: 'Save profile',
    end: 'Profile of sample saved',
  },
  'a new role': {
    path: '/roles/_new',
    request: 'POST /roles',
    typed: [['Name', 'latecomers']],
    action: 'Create role',
    end: 'latecomers is created',
  },
  'a role': {
    path: '/roles/helpers',
    request: 'PATCH /roles/helpers',
    typed: [['Description', 'Help.']],
    action: 'Save changes',
    end: 'helpers is saved',
  },
  'a new token': {
    path: '/tokens/new?user=sample',
    request: 'POST /users/sample/tokens',
    typed: [['What is it for?', 'late job']],
    action: 'Create token',
    end: 'Token created',
  },
  'a token': {
    path: '/tokens/{token}',
    opener: 'Edit',
    request: 'PATCH /tokens/{token}',
    typed: [['Note', 'weekly backup']],
    action: 'Save',
    end: 'Token saved',
  },
  'a rotation': {
    path: '/tokens/{token}/rotate',
    request: 'POST /tokens/{token}/rotate',
    typed: [],
    action: 'Rotate',
    end: 'Token rotated',
  },
  'my profile': {
    path: '/account',
    request: 'PATCH /me',
    typed: [['Display name', 'Me']],
    action: 'Save profile',
    end: 'Your profile is saved',
  },
  'my password': {
    path: '/account',
    request: 'PUT /me/password',
    typed: [
      ['Current password', ADMIN.password],
      ['New password', NEW_PASSWORD],
      ['Confirm new password', NEW_PASSWORD],
    ],
    action: 'Change password',
    end: 'Your password is changed',
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

describe.each(Object.entries(FORMS))('%s', (_name, { path, opener, request, typed, action, end }) => {
  it('keeps what was typed while the server refuses it, and is saved as soon as it takes it', async () => {
    await inUse.page.goto(`/admin${withToken(path)}`);
    if (opener !== undefined) {
      await button(opener).click();
    }
    for (const [label, text] of typed) {
      await inUse.page.getByLabel(label, { exact: true }).fill(text);
    }
    const refusals = [
      ['conflict', 'The request conflicts'],
      ['stale', 'The resource has changed'],
      ['unreachable', 'The server cannot be reached'],
      ['broken', TRACE_ID],
      ['throttled', 'Too many attempts. Wait'],
    ] as const;
    for (const [answer, message] of refusals) {
      mocks.mock(withToken(request), answer);
      await button(action).click();
      await inUse.page.getByRole('alert').getByText(message).waitFor();
    }
    await button(/^Try again in 0:0\d$/).waitFor();
    for (const [label, text] of typed) {
      expect(await inUse.page.getByLabel(label, { exact: true }).inputValue()).toBe(text);
    }
    mocks.clear();
    await inUse.page.clock.fastForward(THROTTLED_SECONDS * 1_000);
    await button(action).click();

    await inUse.page.getByText(end).waitFor();
  });
});

describe('a throttle', () => {
  it('is waited out at set-up, and nothing is to be typed again', async () => {
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

  it('is waited out where a session is begun again, and the page below is as it was', async () => {
    await inUse.page.goto('/admin/account');
    await inUse.page.getByLabel('Display name').fill('Myself');
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

    await inUse.page.getByText('Your profile is saved').waitFor();
    await inUse.page.getByRole('button', { name: 'Account of Myself' }).waitFor();
  });
});

describe('all of these refusals', () => {
  it('broke no policy, threw nothing, and asked no other host', () => {
    expect(inUse.browser.misbehaviour).toEqual([]);
  });
});
