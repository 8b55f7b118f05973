import { beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Page } from 'playwright-core';
import { tokenHeader, type ApiClient, type Headers } from '../support/api-client.js';
import { newUser } from '../support/factories.js';
import { useConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';

let api: ApiClient;
let headers: Headers;
let page: Page;

const inUse = useConsole(async (client, asAdmin) => {
  [api, headers] = [client, asAdmin];
  const permissions = ['read', 'write', 'refund'].map((name) => ({
    name: `orders:${name}`,
    description: `May ${name} orders.`,
  }));
  await api.createApi({ name: 'orders', permissions }, headers);
  await api.createRole({ name: 'clerk', permissions: ['orders:read', 'orders:write'] }, headers);
  await api.createRole({ name: 'owner', permissions: permissions.map(({ name }) => name) }, headers);
  await api.createUser(newUser({ name: 'ada', roles: ['clerk'] }), headers);
});

beforeAll(() => {
  page = inUse.page;
});

async function tokenOf(user: string, permissions: string[]): Promise<UserTokenDto> {
  return (await api.createUserToken(user, headers, { note: 'shop', permissions })).body;
}

/** Sends a request for which the token lacks a permission, and opens the explanation of its rejection. */
async function openRejection(token: UserTokenDto, permission: string): Promise<void> {
  const { headers: answered } = await api.verify(tokenHeader(token), `?permission=${permission}`);
  await visit(page, `/admin/explanations/${answered.get('x-request-id')}`);
}

describe('the remedy of a rejection', () => {
  it('adds the missing permission to the token in two clicks', async () => {
    const token = await tokenOf('ada', ['orders:read']);
    await openRejection(token, 'orders:write');
    await page.getByRole('link', { name: 'Widen the token' }).click();
    await page.getByText('Selected by the link you opened: orders:write. Nothing is saved yet.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    expect((await api.token(token.id, headers)).body.permissions).toEqual(['orders:read', 'orders:write']);
    expect(page.url()).toMatch(/\/tokens\/[^?]+$/);
  });

  it('adds the role with the missing permission to a token that is limited to roles', async () => {
    await api.createUser(newUser({ name: 'cleo', roles: ['clerk', 'owner'] }), headers);
    const { body: token } = await api.createUserToken('cleo', headers, { note: 'till', roles: ['clerk'] });
    await openRejection(token, 'orders:refund');
    await page.getByRole('link', { name: 'Widen the token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('checkbox', { name: /^owner/, checked: true }).waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });

    expect((await api.token(token.id, headers)).body.roles).toEqual(['clerk', 'owner']);
    const { status } = await api.verify(tokenHeader(token), '?permission=orders:refund');
    expect(status).toBe(200);
  });

  it('keeps what was selected before the roles of the owner arrive', async () => {
    const { body: token } = await api.createUserToken('cleo', headers, { note: 'desk', roles: ['clerk'] });
    await openRejection(token, 'orders:refund');
    let release = () => undefined as void;
    const isReleased = new Promise<void>((resolve) => (release = resolve));
    const roles = (url: URL) => ['/users/cleo', '/roles'].includes(url.pathname);
    await page.route(roles, async (route) => {
      await isReleased;
      await route.continue();
    });
    await page.getByRole('link', { name: 'Widen the token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /^All roles and permissions/ }).check();
    release();
    await dialog.getByText('The token has all roles and permissions of cleo').waitFor();
    await page.unroute(roles);

    expect(await dialog.getByText('Selected by the link').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect((await api.token(token.id, headers)).body.roles).toBeUndefined();
  });

  it('assigns the role with the missing permission and the fewest others in two clicks', async () => {
    await api.createUser(newUser({ name: 'bob', roles: ['user'] }), headers);
    await openRejection(await tokenOf('bob', []), 'orders:write');
    await page.getByRole('link', { name: 'Change the roles' }).click();
    await page.getByText('Adds orders:read, orders:write.').waitFor();
    await page.getByRole('button', { name: 'Save roles' }).click();
    await page.getByText('Roles of bob saved.').waitFor();

    expect((await api.user('bob', headers)).body.roles).toEqual(['clerk', 'user']);
  });
});
