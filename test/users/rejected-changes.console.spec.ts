import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, type Headers } from '../support/api-client.js';
import { createSampleData, useConsole } from '../support/browser/use-console.js';
import { ResponseMocks, TRACE_ID } from '../support/browser/response-mocks.js';

const PASSWORD = 'quite another passphrase';

const mocks = new ResponseMocks();

let api: ApiClient;
let asAdmin: Headers;
const inUse = useConsole(async (client, headers) => {
  [api, asAdmin] = [client, headers];
  await createSampleData(client, headers);
});

beforeAll(async () => {
  await mocks.install(inUse.page);
  await inUse.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click();
  await inUse.page
    .getByRole('row', { name: /sample/ })
    .getByText('sample', { exact: true })
    .click();
});

afterEach(() => mocks.clear());

const button = (name: string | RegExp) => inUse.page.getByRole('button', { name, exact: true });
const dialog = () => inUse.page.getByRole('dialog');
const role = (name: string) => inUse.page.getByRole('checkbox', { name: new RegExp(`^${name}`) });
const rolesOf = async () => (await api.user('sample', asAdmin)).body.roles;

async function open(action: string): Promise<void> {
  await button('More').click();
  await inUse.page.getByRole('menuitem', { name: action }).click();
}

/** Expects each of these errors to be shown when the button is pressed. */
async function expectErrors(request: string, action: string): Promise<void> {
  const answers = [
    ['forbidden', 'This requires another permission'],
    ['conflict', 'The request conflicts with the current state'],
    ['stale', 'The resource has changed'],
    ['unreachable', 'The server cannot be reached'],
    ['broken', TRACE_ID],
  ] as const;
  for (const [answer, message] of answers) {
    mocks.mock(request, answer);
    await button(action).click();
    await inUse.page.getByRole('alert').getByText(message).waitFor();
  }
  mocks.clear();
}

describe('the dialog for a new password', () => {
  it('keeps the input while the server rejects it, and reports success', async () => {
    await open('Set password');
    await dialog().getByLabel('New password').fill(PASSWORD);
    await expectErrors('PUT /users/sample/password', 'Set password');
    expect(await dialog().getByLabel('New password').inputValue()).toBe(PASSWORD);
    await button('Set password').click();

    await inUse.page.getByText('sample has a new password').waitFor();
    await dialog().waitFor({ state: 'detached' });
    expect((await api.login('sample', PASSWORD)).status).toBe(200);
  });

  it('shows errors of the server beside the field', async () => {
    await open('Set password');
    await dialog().getByLabel('New password').fill('1qaz2wsx3edc4rfv');
    await button('Set password').click();
    await dialog().getByText('Attackers try this password').waitFor();
    await button('Cancel').click();

    expect((await api.login('sample', PASSWORD)).status).toBe(200);
  });

  it('shows a generated password once and closes only after confirmation', async () => {
    await open('Set password');
    await button('Generate').click();
    await button('Set password').click();
    await dialog().getByRole('heading', { name: 'sample has a new password' }).waitFor();
    await inUse.page.getByText(/Rejected everywhere by/).waitFor();
    await inUse.page.keyboard.press('Escape');
    const generated = await dialog().locator('code').innerText();
    await button('Copy').click();
    await button('Done').click();

    await dialog().waitFor({ state: 'detached' });
    expect((await api.login('sample', generated)).status).toBe(200);
  });
});

describe('the dialog for a set-up link', () => {
  it('can be repeated while the server rejects it, and shows the link once', async () => {
    await open('Create set-up link');
    await expectErrors('POST /users/sample/set-up-link', 'Create link');
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
    await role('helpers').check();
    await expectErrors('PATCH /users/sample', 'Save roles');
    expect(await role('helpers').isChecked()).toBe(true);
    expect(await rolesOf()).toEqual(['user']);
    await button('Save roles').click();

    await inUse.page.getByText('Roles of sample saved').waitFor();
    expect((await rolesOf()).sort()).toEqual(['helpers', 'user']);
  });

  it('are merged with a concurrent change of another field', async () => {
    await api.updateUser('sample', { displayName: 'Sam' }, { ...asAdmin, 'If-Match': '*' });
    await role('helpers').uncheck();
    await button('Save roles').click();
    await inUse.page.getByText('Sam', { exact: true }).waitFor();

    expect((await api.user('sample', asAdmin)).body).toMatchObject({ roles: ['user'], displayName: 'Sam' });
  });

  it('offer a choice after a concurrent change', async () => {
    await api.updateUser('sample', { roles: ['auditor'] }, { ...asAdmin, 'If-Match': '*' });
    await role('helpers').check();
    await button('Save roles').click();
    await dialog().getByText('Someone else has made changes').waitFor();
    await dialog().getByRole('radio', { name: 'Theirs' }).check();
    await button('Save').click();

    await dialog().waitFor({ state: 'detached' });
    await role('auditor').and(inUse.page.locator(':checked')).waitFor();
    expect(await rolesOf()).toEqual(['auditor']);
  });
});
