import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { tokenHeader, type ApiClient, type Headers } from '../support/api-client.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { useConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';

const support = newRole({ permissions: ['users:read', 'tokens:read', 'tokens:write'] });
const supporter = newUser({ name: 'supporter', roles: [support.name] });

let api: ApiClient;
let headers: Headers;
let page: Page;
const inUse = useConsole(async (client, asAdmin) => {
  [api, headers] = [client, asAdmin];
  await api.createRole(support, headers);
  await api.createUser(supporter, headers);
  await api.createUser(newUser({ name: 'plain', roles: ['user'] }), headers);
  await api.createApi(
    {
      name: 'orders',
      permissions: ['read', 'write', 'refund'].map((action) => ({
        name: `orders:${action}`,
        description: `May ${action} orders.`,
      })),
    },
    headers,
  );
  await api.createRole({ name: 'clerk', permissions: ['orders:read', 'orders:write'] }, headers);
  await api.createUser({ name: 'deploy-bot', kind: 'service', roles: ['clerk'] }, headers);
});

beforeAll(() => {
  page = inUse.page;
});

describe('the form for a token', () => {
  it('requires a note, shows the secret once, and asks for confirmation before leaving without copying it', async () => {
    await visit(page, '/admin/tokens/new?user=deploy-bot');
    await page.getByRole('button', { name: 'Create token' }).click();
    await page.getByText('This field is required.').waitFor();
    await page.getByLabel('What is it for?').fill('staging');
    await page.getByRole('radio', { name: '7 days' }).check();
    await page.getByRole('radio', { name: 'Only selected roles and permissions' }).check();
    await page.getByRole('button', { name: 'Create token' }).click();
    await page.getByRole('heading', { name: 'Token created' }).waitFor();
    const secret = await page.locator('app-secret-panel code').first().innerText();

    const { items } = (await api.userTokens('deploy-bot', headers)).body;
    expect(items.find(({ note }) => note === 'staging')?.permissions).toEqual([]);
    expect((await api.me(tokenHeader({ user: 'deploy-bot', token: secret }))).status).toBe(200);

    await page.getByRole('link', { name: 'Done' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('tab', { name: '.env' }).click();
    await page.getByText('AUTH_USER=deploy-bot').waitFor();
    await page.getByRole('button', { name: 'Copy lines' }).click();
    await page.getByRole('link', { name: 'Done' }).click();

    await page.getByRole('heading', { name: 'staging' }).waitFor();
  });

  it('shows beside the owner that there is no such user', async () => {
    await visit(page, '/admin/tokens/new?user=nobody-there');
    await page.getByLabel('What is it for?').fill('nothing');
    await page.getByRole('button', { name: 'Create token' }).click();

    await page.getByText('There is no user with this name.').waitFor();
  });

  it('shows users without permissions that they have none to select', async () => {
    const other = await inUse.signedIn('plain', '/admin/');
    await other.getByText('Tokens that need your attention.', { exact: true }).waitFor();
    await visit(other, '/admin/tokens/new');
    await other.getByRole('radio', { name: 'Only selected roles and permissions' }).check();

    await other.getByText('plain has no permissions to select.').waitFor();
    await other.context().close();
  });

  it('rejects a token that would give its creator more permissions', async () => {
    const other = await inUse.signedIn(supporter.name, '/admin/tokens/new?user=admin');
    await other.getByLabel('What is it for?').fill('to become an administrator');
    await other.getByRole('button', { name: 'Create token' }).click();

    await other
      .getByRole('alert')
      .getByText(/The user holds .*, which you do not hold/)
      .waitFor();
    await other.context().close();
  });
});

describe('the scope of a token', () => {
  const ofStaging = async () =>
    (await api.userTokens('deploy-bot', headers)).body.items.find(({ note }) => note === 'orders only');
  const permission = (name: string) => page.getByRole('checkbox', { name: new RegExp(`^${name} `) });

  it('has nothing to select for an owner without permissions, and leads to the roles of the owner', async () => {
    await api.createUser({ name: 'wiki', kind: 'service' }, headers);
    await visit(page, '/admin/tokens/new?user=wiki');
    await page.getByRole('radio', { name: 'Only selected roles and permissions' }).check();
    await page.getByText('wiki has no permissions to select.').waitFor();
    expect(await page.getByText('Nothing to select', { exact: true }).count()).toBe(0);
    await page.getByRole('link', { name: 'Change the roles' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click();

    await page.waitForURL('**/users/wiki?tab=access');
  });

  it('can be limited to permissions of an API that the owner holds', async () => {
    await visit(page, '/admin/tokens/new?user=deploy-bot');
    await page.getByLabel('What is it for?').fill('orders only');
    await page.getByRole('radio', { name: 'Only selected roles and permissions' }).check();
    await page.getByText('deploy-bot does not hold this permission.').first().waitFor();
    expect(await permission('orders:refund').getAttribute('aria-disabled')).toBe('true');
    await permission('orders:read').check();
    await permission('orders:write').check();
    await page.getByText('The token has only these permissions, and no roles').waitFor();
    await page.getByRole('button', { name: 'Create token' }).click();
    await page.getByRole('button', { name: 'Copy token' }).click();
    await page.getByRole('link', { name: 'Done' }).click();
    await page.getByText('May write orders.').waitFor();

    expect((await ofStaging())?.permissions).toEqual(['orders:read', 'orders:write']);
  });

  it('can be narrowed, and changed to roles, on the page of the token', async () => {
    await page.locator('app-token-permissions').getByRole('button', { name: 'Change' }).click();
    await permission('orders:write').uncheck();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await ofStaging())?.permissions).toEqual(['orders:read']);
    await page.locator('app-token-permissions').getByRole('button', { name: 'Change' }).click();
    await page.getByRole('checkbox', { name: /^clerk/ }).check();
    await page.getByRole('radio', { name: 'With all permissions of the selected roles' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('The token has only these roles and their permissions').waitFor();

    expect(await ofStaging()).toMatchObject({ roles: ['clerk'] });
    expect((await ofStaging())?.permissions).toBeUndefined();
  });

  it('can be limited to addresses and a rate', async () => {
    await visit(page, '/admin/tokens/new?user=deploy-bot');
    await page.getByLabel('What is it for?').fill('from the office');
    await page.getByText('Usage limits and metadata').click();
    await page.getByLabel('Allowed addresses').fill('10.0.0.1/8');
    await page.getByRole('button', { name: 'Create token' }).click();
    await page.getByText('Did you mean 10.0.0.0/8?').waitFor();
    await page.getByLabel('Allowed addresses').fill('10.0.0.0/8\n127.0.0.1');
    await page.getByLabel('Maximum rate').fill('100');
    await page.getByRole('button', { name: 'Create token' }).click();
    await page.getByRole('button', { name: 'Copy token' }).click();
    await page.getByRole('link', { name: 'Done' }).click();
    await page.getByText('100 per minute').waitFor();

    const { items } = (await api.userTokens('deploy-bot', headers)).body;
    expect(items.find(({ note }) => note === 'from the office')).toMatchObject({
      allowedAddresses: ['10.0.0.0/8', '127.0.0.1'],
      rateLimit: { limit: 100, windowSeconds: 60 },
    });
  });

  it('loses limits that are emptied on the page of the token', async () => {
    await page.locator('app-token-limits').getByRole('button', { name: 'Change' }).click();
    // The fields have their values once the dialog has the focus.
    await page.getByRole('dialog').locator(':focus').waitFor();
    await page.getByLabel('Maximum rate').fill('');
    await page.getByRole('textbox', { name: 'Metadata' }).fill('{"tenant": "acme"}');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('100 per minute').waitFor({ state: 'detached' });

    const { items } = (await api.userTokens('deploy-bot', headers)).body;
    const token = items.find(({ note }) => note === 'from the office');
    expect(token).toMatchObject({ metadata: { tenant: 'acme' } });
    expect(token?.rateLimit).toBeUndefined();
  });

  it('shows that the server has limited it further', async () => {
    const limited = await api.login(supporter.name, PASSWORD, { body: { permissions: ['tokens:read'] } });
    const own = await api.createMyToken(tokenHeader(limited.body), { note: 'below a limited session' });
    await visit(page, `/admin/tokens/${own.body.id}`);
    await page.locator('app-token-permissions').getByRole('button', { name: 'Change' }).click();
    await page.getByRole('radio', { name: /^All roles and permissions of/ }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();

    await page.getByText('The token has less than you selected').waitFor();
  });
});

describe('the form for a canary', () => {
  it('needs only owner and place, and shows the secret once', async () => {
    await visit(page, '/admin/tokens/new/canary?user=deploy-bot');
    await page.getByLabel('Where will you leave it?').fill('wiki, page Deployment');
    await page.getByRole('button', { name: 'Create canary' }).click();
    await page.getByRole('heading', { name: 'Canary created' }).waitFor();
    await page.getByText(/^Leave it where no client should use it/).waitFor();
    const secret = await page.locator('app-secret-panel code').first().innerText();

    expect(await page.getByRole('tab', { name: 'curl' }).count()).toBe(0);
    const { items } = (await api.userTokens('deploy-bot', headers, '?kind=canary')).body;
    expect(items.map(({ note }) => note)).toEqual(['wiki, page Deployment']);
    await page.getByRole('button', { name: 'Copy token' }).click();
    await page.getByRole('link', { name: 'Done' }).click();
    await page.getByRole('heading', { name: 'wiki, page Deployment' }).waitFor();
    await page.getByRole('heading', { name: 'Details' }).waitFor();
    // Neither permissions and limits, which have no effect, nor uses, which it does not have yet.
    expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual(['Details']);
    expect((await api.me(tokenHeader({ user: 'deploy-bot', token: secret }))).status).toBe(401);
  });
});
