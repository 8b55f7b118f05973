import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type ApiClient, type Headers } from '../support/api-client.js';
import { ADMIN, newUser } from '../support/factories.js';
import { createSampleData, useConsole } from '../support/browser/use-console.js';
import { ResponseMocks, THROTTLED_SECONDS, TRACE_ID } from '../support/browser/response-mocks.js';
import { visit } from '../support/browser/visit.js';

const NEW_PASSWORD = 'quite another passphrase';

/** Form of the console. */
interface Form {
  path: string;
  /** Button or item of the menu that opens it; absent = it is on the page. */
  opener?: string;
  isInMenu?: boolean;
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
    isInMenu: true,
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
  'an event target': {
    path: '/settings/events/owners/edit',
    request: 'PATCH /event-targets/owners',
    input: [['Addresses', 'security@example.org']],
    action: 'Save changes',
    success: 'owners saved',
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

/** Rejections and failures, with the message that the console shows. */
const REJECTIONS = [
  ['forbidden', 'This requires another permission'],
  ['conflict', 'The request conflicts with the current state'],
  ['stale', 'The resource has changed'],
  ['unreachable', 'The server cannot be reached'],
  ['broken', TRACE_ID],
] as const;

const mocks = new ResponseMocks();

let api: ApiClient;
let asAdmin: Headers;
let token: UserTokenDto;
let weeklyReport: UserTokenDto;
const inUse = useConsole(async (client, headers) => {
  [api, asAdmin] = [client, headers];
  token = await createSampleData(client, headers);
  for (const name of ['anna', 'temporary']) {
    await client.createUser(newUser({ name, roles: ['user'] }), headers);
  }
  await client.createUserToken('temporary', headers, { note: 'daily report' });
  weeklyReport = (await client.createUserToken('temporary', headers, { note: 'weekly report' })).body;
});

beforeAll(() => mocks.install(inUse.page));

afterEach(() => mocks.clear());

const withToken = (path: string) => path.replace('{token}', token.id);
const button = (name: string | RegExp, on = inUse.page) => on.getByRole('button', { name, exact: true });
const dialog = () => inUse.page.getByRole('dialog');
const row = (name: string) => inUse.page.getByRole('row', { name: new RegExp(name) });

/** Clicks while the server rejects the request, and expects a message after each click. */
async function expectRejections(request: string, click: () => Promise<void>): Promise<void> {
  for (const [answer, message] of REJECTIONS) {
    mocks.mock(request, answer);
    await click();
    await inUse.page.getByText(message).waitFor();
  }
  mocks.clear();
}

const assigned = (role: string) => button(`Remove the role ${role}`);

async function assign(role: string): Promise<void> {
  await inUse.page.getByRole('combobox', { name: 'Add a role' }).fill(role);
  await inUse.page.getByRole('option', { name: new RegExp(`^${role}`) }).click();
}

const rolesOf = async () => (await api.user('anna', asAdmin)).body.roles;

/** Opens a dialog from the menu on the page of a user. */
async function open(action: string): Promise<void> {
  await button('More').click();
  await inUse.page.getByRole('menuitem', { name: action }).click();
}

describe('the dialog for a new password', () => {
  it('keeps the input while the server rejects it, and reports success', async () => {
    await visit(inUse.page, '/admin/users/anna');
    await open('Set password');
    await dialog().getByLabel('New password').fill(NEW_PASSWORD);
    await expectRejections('PUT /users/anna/password', () => button('Set password').click());
    expect(await dialog().getByLabel('New password').inputValue()).toBe(NEW_PASSWORD);
    await button('Set password').click();

    await inUse.page.getByText('anna has a new password').waitFor();
    await dialog().waitFor({ state: 'detached' });
    expect((await api.login('anna', NEW_PASSWORD)).status).toBe(200);
  });

  it('shows errors of the server beside the field', async () => {
    await open('Set password');
    await dialog().getByLabel('New password').fill('1qaz2wsx3edc4rfv');
    await button('Set password').click();
    await dialog().getByText('Attackers try this password').waitFor();
    await button('Cancel').click();

    expect((await api.login('anna', NEW_PASSWORD)).status).toBe(200);
  });

  it('shows a generated password once and closes only after confirmation', async () => {
    await open('Set password');
    await button('Generate').click();
    await button('Set password').click();
    await dialog().getByRole('heading', { name: 'anna has a new password' }).waitFor();
    await inUse.page.getByText(/Rejected everywhere by/).waitFor();
    await inUse.page.keyboard.press('Escape');
    const generated = await dialog().locator('code').innerText();
    await button('Copy').click();
    await button('Done').click();

    await dialog().waitFor({ state: 'detached' });
    expect((await api.login('anna', generated)).status).toBe(200);
  });
});

describe('the dialog for a set-up link', () => {
  it('can be repeated while the server rejects it, and shows the link once', async () => {
    await open('Create set-up link');
    await expectRejections('POST /users/anna/set-up-link', () => button('Create link').click());
    await button('Create link').click();

    await dialog()
      .getByText(/\/admin\/set-up\?name=[^#]+#/)
      .waitFor();
    expect(await dialog().getByRole('alert').count()).toBe(0);
    await button('Copy').click();
    await button('Done').click();
    await dialog().waitFor({ state: 'detached' });
  });
});

describe('the roles of a user', () => {
  it('keep the selection while the server rejects it', async () => {
    await inUse.page.getByRole('tab', { name: 'Access' }).click();
    await assign('helpers');
    await expectRejections('PATCH /users/anna', () => button('Save roles').click());
    expect(await assigned('helpers').count()).toBe(1);
    expect(await rolesOf()).toEqual(['user']);
    await button('Save roles').click();

    await inUse.page.getByText('Roles of anna saved').waitFor();
    expect((await rolesOf()).sort()).toEqual(['helpers', 'user']);
  });

  it('are merged with a concurrent change of another field', async () => {
    await api.updateUser('anna', { displayName: 'Sam' }, { ...asAdmin, 'If-Match': '*' });
    await assigned('helpers').click();
    await button('Save roles').click();
    await inUse.page.getByText('Sam', { exact: true }).waitFor();

    expect((await api.user('anna', asAdmin)).body).toMatchObject({ roles: ['user'], displayName: 'Sam' });
  });

  it('offer a choice after a concurrent change', async () => {
    await api.updateUser('anna', { roles: ['auditor'] }, { ...asAdmin, 'If-Match': '*' });
    await assign('helpers');
    await button('Save roles').click();
    await dialog().getByText('Someone else has made changes').waitFor();
    await dialog().getByRole('radio', { name: 'Theirs' }).check();
    await button('Save').click();

    await dialog().waitFor({ state: 'detached' });
    await assigned('auditor').waitFor();
    expect(await rolesOf()).toEqual(['auditor']);
  });
});

const tool = (name: string) => inUse.page.getByRole('toolbar').getByRole('button', { name });

async function select(...names: string[]): Promise<void> {
  for (const name of names) {
    await inUse.page.getByRole('checkbox', { name: `Select ${name}` }).check();
  }
}

describe('a bulk action on users', () => {
  it('can be repeated while the server rejects it, and lists rejected users with the reason', async () => {
    await visit(inUse.page, '/admin/users');
    await select('admin', 'temporary');
    await expectRejections('POST /users/bulk', () => tool('Disable').click());
    await inUse.page.getByText('2 selected').waitFor();
    await tool('Disable').click();
    await inUse.page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click();

    await dialog().getByRole('heading', { name: '1 of 2 could not be changed' }).waitFor();
    await dialog().getByText('The others were changed.').waitFor();
    await dialog().getByText('The last administrator must keep their access').waitFor();
    expect(await dialog().getByRole('listitem').allInnerTexts()).toEqual(['admin']);
    await dialog().getByRole('button', { name: 'Close' }).click();
    await row('temporary').getByText('Disabled').waitFor();
    expect(await row('admin').getByText('Enabled').count()).toBe(1);
  });

  it('reports when it changed no user', async () => {
    await select('admin');
    await tool('Disable').click();
    await inUse.page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click();

    await dialog().getByRole('heading', { name: '1 of 1 could not be changed' }).waitFor();
    expect(await dialog().getByText('The others were changed.').count()).toBe(0);
    await dialog().getByRole('button', { name: 'Close' }).click();
  });
});

describe('a bulk action on tokens', () => {
  it('can be repeated while the server rejects it, and lists rejected tokens with the reason', async () => {
    await visit(inUse.page, '/admin/tokens');
    await select('daily report', 'weekly report');
    await expectRejections('POST /tokens/bulk', () => tool('Disable').click());
    await inUse.page.getByText('2 selected').waitFor();
    await api.revokeToken(weeklyReport.id, asAdmin);
    await tool('Disable').click();

    await dialog().getByRole('heading', { name: '1 of 2 could not be changed' }).waitFor();
    await dialog().getByText('Expired or revoked, leaked and not rotated, or with a later expiry').waitFor();
    expect(await dialog().getByRole('listitem').allInnerTexts()).toEqual(['weekly report (temporary)']);
    await dialog().getByRole('button', { name: 'Close' }).click();
    await row('daily report').getByText('Disabled').waitFor();
    await row('weekly report').waitFor({ state: 'detached' });
    const undone = inUse.page.waitForResponse('**/tokens/bulk');
    await inUse.page.getByRole('button', { name: 'Undo' }).click();
    expect((await undone).status()).toBe(200);
  });
});

describe.each(Object.entries(FORMS))('%s', (_name, form) => {
  const { path, opener, isInMenu, request, input, action, success } = form;

  it('keeps the input while the server rejects it, and saves it afterwards', async () => {
    await visit(inUse.page, `/admin${withToken(path)}`);
    if (opener !== undefined && isInMenu) {
      await inUse.page.locator('main').getByRole('button', { name: 'More' }).click();
      await inUse.page.getByRole('menuitem', { name: opener }).click();
    } else if (opener !== undefined) {
      await button(opener).click();
    }
    if (opener === action) {
      // The dialog hides the button of the page from the role query.
      await inUse.page.getByRole('dialog').waitFor();
    }
    for (const [label, text] of input) {
      await inUse.page.getByLabel(label, { exact: true }).fill(text);
    }
    await expectRejections(withToken(request), () => button(action).click());
    mocks.mock(withToken(request), 'throttled');
    await button(action).click();
    await inUse.page.getByRole('alert').getByText('Too many attempts. Wait').waitFor();
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
