import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type ApiClient, type Headers } from '../support/api-client.js';
import { createSampleData, useConsole } from '../support/browser/use-console.js';
import { ResponseMocks, TRACE_ID } from '../support/browser/response-mocks.js';

const mocks = new ResponseMocks();

let api: ApiClient;
let asAdmin: Headers;
let ending: UserTokenDto;
const inUse = useConsole(async (client, headers) => {
  [api, asAdmin] = [client, headers];
  await createSampleData(client, headers);
  ending = (await client.createUserToken('sample', headers, { note: 'weekly report' })).body;
});

beforeAll(() => mocks.install(inUse.page));

afterEach(() => mocks.clear());

const go = (name: string) =>
  inUse.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
const row = (name: string) => inUse.page.getByRole('row', { name: new RegExp(name) });
const tool = (name: string) => inUse.page.getByRole('toolbar').getByRole('button', { name });
const rejections = () => inUse.page.getByRole('dialog');

async function select(...names: string[]): Promise<void> {
  for (const name of names) {
    await inUse.page.getByRole('checkbox', { name: `Select ${name}` }).check();
  }
}

/**
 * Expects each of these errors to be shown when the selected rows are disabled, and the selection to stay.
 */
async function expectErrors(path: string): Promise<void> {
  const answers = [
    ['forbidden', 'This requires another permission'],
    ['conflict', 'The request conflicts with the current state'],
    ['stale', 'The resource has changed'],
    ['broken', TRACE_ID],
    ['unreachable', 'The server cannot be reached'],
  ] as const;
  for (const [answer, message] of answers) {
    mocks.mock(`POST ${path}`, answer);
    await tool('Disable').click();
    await inUse.page.getByText(message).waitFor();
    await inUse.page.getByText('2 selected').waitFor();
  }
  mocks.clear();
}

describe('a bulk action on users', () => {
  it('can be repeated while the server rejects it, and lists rejected users with the reason', async () => {
    await go('Users');
    await select('admin', 'sample');
    await expectErrors('/users/bulk');
    await tool('Disable').click();
    await inUse.page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click();

    await rejections().getByRole('heading', { name: '1 of 2 could not be changed' }).waitFor();
    await rejections().getByText('The others were changed.').waitFor();
    await rejections().getByText('The last administrator must keep their access').waitFor();
    expect(await rejections().getByRole('listitem').allInnerTexts()).toEqual(['admin']);
    await rejections().getByRole('button', { name: 'Close' }).click();
    await row('sample').getByText('Disabled').waitFor();
    expect(await row('admin').getByText('Enabled').count()).toBe(1);
  });

  it('reports when it changed no user', async () => {
    await select('admin');
    await tool('Disable').click();
    await inUse.page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click();

    await rejections().getByRole('heading', { name: '1 of 1 could not be changed' }).waitFor();
    expect(await rejections().getByText('The others were changed.').count()).toBe(0);
    await rejections().getByRole('button', { name: 'Close' }).click();
  });
});

describe('a bulk action on tokens', () => {
  it('can be repeated while the server rejects it, and lists rejected tokens with the reason', async () => {
    await go('Tokens');
    await select('nightly backup', 'weekly report');
    await expectErrors('/tokens/bulk');
    await api.revokeToken(ending.id, asAdmin);
    await tool('Disable').click();

    await rejections().getByRole('heading', { name: '1 of 2 could not be changed' }).waitFor();
    await rejections()
      .getByText('Expired or revoked, leaked and not rotated, or with a later expiry')
      .waitFor();
    expect(await rejections().getByRole('listitem').allInnerTexts()).toEqual(['weekly report (sample)']);
    await rejections().getByRole('button', { name: 'Close' }).click();
    await row('nightly backup').getByText('Disabled').waitFor();
    await row('weekly report').waitFor({ state: 'detached' });
    const undone = inUse.page.waitForResponse('**/tokens/bulk');
    await inUse.page.getByRole('button', { name: 'Undo' }).click();
    expect((await undone).status()).toBe(200);
  });
});
