import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import type { Headers } from '../support/api-client.js';
import { newUser } from '../support/factories.js';
import { useConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';

const DEPUTY = ['audit:read', 'roles:read', 'roles:write'];

let headers: Headers;
let page: Page;

const inUse = useConsole(async (client, asAdmin) => {
  headers = asAdmin;
  await client.createRole({ name: 'deputies', permissions: DEPUTY }, headers);
  await client.createUser(newUser({ name: 'deputy', roles: ['deputies'] }), headers);
  await client.createUser(newUser({ name: 'reader', roles: ['auditor'] }), headers);
});

beforeAll(() => {
  page = inUse.page;
});

const box = (permission: string, on = page) =>
  on.getByRole('checkbox', { name: new RegExp(`^${permission} `) });
const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const chooseMore = async (name: string) => {
  await press('More');
  await page.getByRole('menuitem', { name }).click();
};
const summary = () => page.locator('app-permission-summary');
const heading = (name: string) => page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
/** Found by its class, because an open dialog hides the page from the accessibility tree. */
const saved = () => page.locator('.save-bar').waitFor({ state: 'detached' });
const stored = async (name: string) => (await inUse.client.role(name, headers)).body;

// The steps depend on each other.
describe('roles', () => {
  it('are listed with their permissions and number of users', async () => {
    await visit(page, '/admin/roles');
    await page.getByRole('row', { name: /deputies/ }).waitFor();

    expect(await page.getByRole('row', { name: /^admin/ }).innerText()).toContain('All permissions');
    expect(await page.getByRole('row', { name: /deputies/ }).innerText()).toContain('audit:read');
    await page.getByLabel('Search name or description').fill('read-only');
    await page.getByRole('row', { name: /deputies/ }).waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /auditor/ }).waitFor();
  });

  it('show a summary that follows the selected permissions', async () => {
    await page.getByRole('link', { name: 'New role' }).click();
    await heading('New role');
    await page.getByText('It is a label').waitFor();
    await box('users:write').check();

    await summary().getByText('by setting a new password').waitFor();
    await summary().getByText('Without users:read').waitFor();
    await box('users:read').check();
    await summary().getByText('See all users and their profiles.').waitFor();
    await summary().getByText('Without users:read').waitFor({ state: 'detached' });
  });

  it('report an invalid and a taken name beside the field', async () => {
    await page.getByLabel('Name', { exact: true }).fill('Not a name');
    await press('Create role');
    await page.getByText('starting with a letter').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('deputies');
    await press('Create role');
    await page.locator('mat-error', { hasText: 'in use' }).waitFor();
  });

  it('are created', async () => {
    await page.getByLabel('Name', { exact: true }).fill('support');
    await page.getByLabel('Description').fill('Looks after users.');
    await press('Create role');
    await heading('support');

    expect(await stored('support')).toMatchObject({
      description: 'Looks after users.',
      permissions: ['users:read', 'users:write'],
    });
  });

  it('ask for confirmation before unsaved changes are discarded', async () => {
    await box('tokens:read').check();
    await page.getByRole('link', { name: 'All roles' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();

    expect(await box('tokens:read').isChecked()).toBe(true);
    await press('Discard');
    await saved();
    expect(await box('tokens:read').isChecked()).toBe(false);
  });

  it('are saved', async () => {
    await box('tokens:read').check();
    await press('Save changes');
    await page.getByText('support saved').waitFor();
    await saved();
    expect(await page.getByText('Rejected everywhere').count()).toBe(0);
    expect((await stored('support')).permissions).toEqual(['tokens:read', 'users:read', 'users:write']);

    await box('tokens:read').uncheck();
    await press('Save changes');
    await page.getByText(/support saved.* Rejected everywhere by/).waitFor();

    expect((await stored('support')).permissions).toEqual(['users:read', 'users:write']);
  });

  it('merge the changes of another user', async () => {
    await page.getByLabel('Description').fill('Mine.');
    await box('stats:read').check();
    const { version } = await stored('support');
    await inUse.client.updateRole('support', { description: 'Theirs.', version }, headers);
    await press('Save changes');
    await page.getByRole('radio', { name: /Theirs\./ }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await saved();

    expect(await stored('support')).toMatchObject({
      description: 'Theirs.',
      permissions: ['stats:read', 'users:read', 'users:write'],
    });
    expect(await page.getByLabel('Description').inputValue()).toBe('Theirs.');
  });

  it('link to their users when they cannot be deleted', async () => {
    await inUse.client.createUser(newUser({ name: 'holder', roles: ['support'] }), headers);
    await chooseMore('Delete');
    await page.getByText('1 user has the role support').waitFor();
    const way = page.getByRole('link', { name: 'Show users' });

    expect(await way.getAttribute('href')).toBe('/admin/users?role=support');
  });

  it('are deleted when they are not assigned, and created again by Undo', async () => {
    await inUse.client.deleteUser('holder', headers);
    await visit(page, '/admin/roles/support');
    await heading('support');
    await chooseMore('Delete');
    await page.getByText(/support deleted\. Rejected everywhere by/).waitFor();
    await page.getByRole('row', { name: /deputies/ }).waitFor();
    expect((await inUse.client.role('support', headers)).status).toBe(404);
    await press('Undo');
    await heading('support');

    expect((await stored('support')).permissions).toContain('stats:read');
  });

  it('are read-only when built in, and can be duplicated', async () => {
    await visit(page, '/admin/roles/auditor');
    await page.getByText('This role is built in').waitFor();
    expect(await box('audit:read').isDisabled()).toBe(true);
    await press('More');
    expect(await page.getByRole('menuitem').allInnerTexts()).toEqual(['Raw JSON']);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Duplicate role' }).click();
    await heading('New role');
    await page.locator('mat-checkbox input:checked').nth(6).waitFor();

    expect(await box('users:write').isChecked()).toBe(false);
  });

  it('are reported as not found when they do not exist', async () => {
    await visit(page, '/admin/roles/does-not-exist');

    await page.getByRole('heading', { name: 'Not found' }).waitFor();
    await page.getByText('The resource does not exist, or you are not allowed to see it.').waitFor();
  });
});

describe('a user with few permissions', () => {
  let other: Page;

  it('can neither grant permissions they lack nor change roles that have them', async () => {
    other = await inUse.signedIn('deputy', '/admin/roles/support');
    await other.getByText('You cannot change this role because you do not hold').waitFor();
    await visit(other, '/admin/roles/_new');
    await other.getByText('You do not hold this permission.').first().waitFor();

    expect(await box('audit:read', other).isDisabled()).toBe(false);
    expect(await box('users:read', other).getAttribute('aria-disabled')).toBe('true');
  });

  it('sees which permission a page requires, and pages that do not exist', async () => {
    const reader = await inUse.signedIn('reader', '/admin/roles/_new');
    await reader.getByRole('heading', { name: 'No access to this page' }).waitFor();
    await reader.getByText('It requires the permission roles:write.').waitFor();
    await visit(reader, '/admin/apis/_new');
    await reader.getByText('It requires the permission apis:write.').waitFor();
    await visit(reader, '/admin/roles/auditor/more');
    await reader.getByRole('heading', { name: 'Page not found' }).waitFor();
    await reader.context().close();
  });

  it('sees why a role can no longer be saved', async () => {
    await other.getByLabel('Name', { exact: true }).fill('watchers');
    await box('audit:read', other).check();
    const { version } = await stored('deputies');
    await inUse.client.updateRole('deputies', { permissions: ['roles:read'], version }, headers);
    await other.getByRole('button', { name: 'Create role' }).click();

    await other.locator('app-form-error').getByText('This requires roles:write.').waitFor();
    await other.context().close();
  });
});

const BOOKS = {
  name: 'books',
  description: 'Accounts.',
  permissions: [{ name: 'books:read', description: 'See all accounts.' }],
};

describe('APIs', () => {
  const read = (name: string) => inUse.client.api(name, headers);
  const edit = () => page.getByRole('button', { name: 'Edit' }).click();

  it('are created with permissions, and report a reserved name beside the field', async () => {
    await visit(page, '/admin/apis');
    await page.getByText('No API is registered yet').waitFor();
    await page.getByRole('link', { name: 'New API' }).click();
    await page.getByLabel('Name', { exact: true }).fill('audit');
    await page.getByLabel('Permission', { exact: true }).fill('Read');
    await press('Create API');
    await page.locator('mat-error', { hasText: 'lower-case letters' }).waitFor();
    await page.getByLabel('Permission', { exact: true }).fill('read');
    await page.getByLabel(/^Allowed actions/).fill('See all orders.');
    await press('Create API');
    await page.locator('mat-error', { hasText: 'Latchkey uses this name itself' }).waitFor();
    await page.getByLabel('Name', { exact: true }).fill('orders');
    await press('Create API');
    await heading('orders');

    expect((await read('orders')).body.permissions).toEqual([
      { name: 'orders:read', description: 'See all orders.' },
    ]);
  });

  it('show the request that requires a permission, and the roles that grant it', async () => {
    await inUse.client.createRole({ name: 'clerks', permissions: ['orders:read'] }, headers);
    await visit(page, '/admin/apis/orders');
    await page.getByRole('link', { name: 'clerks' }).waitFor();

    await page.getByText('/auth/verify?permission=orders:read', { exact: true }).waitFor();
  });

  it('show who has a permission, with links to the lists, as do roles', async () => {
    await inUse.client.createUser(newUser({ name: 'clerk', roles: ['clerks'] }), headers);
    await inUse.client.createUserToken('clerk', headers, { note: 'Till' });
    for (const path of ['/admin/roles/clerks', '/admin/apis/orders']) {
      await visit(page, path);
      await page.getByRole('link', { name: '1 user with orders:read' }).click();
      await page.getByRole('row', { name: /clerk/ }).waitFor();
      expect(await page.getByRole('row').count()).toBe(2);
      expect(new URL(page.url()).search).toBe('?permission=orders:read');
      await page.goBack();
      await page.getByRole('link', { name: '1 token with orders:read' }).click();
      await page.getByRole('row', { name: /Till/ }).waitFor();
      await page.goBack();
      await heading(path.split('/').at(-1) ?? '');
    }
  });

  it('show how many tokens are limited to a permission, also if no role grants it', async () => {
    const { version } = await stored('clerks');
    const { body } = await inUse.client.createUserToken('clerk', headers, { permissions: ['orders:read'] });
    await visit(page, '/admin/apis/orders');
    await page.getByText('1 token limited to it').waitFor();
    const granted = await page.locator('app-api-permissions').innerText();
    await inUse.client.updateRole('clerks', { permissions: [], version }, headers);
    await visit(page, '/admin/apis/orders');
    await page.getByText('1 token limited to it').waitFor();
    const notGranted = await page.locator('app-api-permissions').innerText();
    await inUse.client.updateRole('clerks', { permissions: ['orders:read'], version: version + 1 }, headers);
    await inUse.client.revokeToken(body.id, headers);

    expect(granted.replace(/\s+/g, ' ')).toContain('Granted by clerks 1 token limited to it');
    expect(notGranted).not.toMatch(/Granted by|\d users?|Not in use/);
  });

  it('are one click away where a permission or a role is shown', async () => {
    const { body } = await inUse.client.createUserToken('clerk', headers, { permissions: ['orders:read'] });
    const places = [
      ['/admin/users/clerk', 'clerks', 'clerks'],
      ['/admin/users/clerk?tab=access', 'orders:read', 'orders'],
      [`/admin/tokens/${body.id}`, 'orders:read', 'orders'],
    ] as const;
    for (const [path, link, name] of places) {
      await visit(page, path);
      await page.getByRole('link', { name: link, exact: true }).click();
      await heading(name);
      await page.getByRole('link', { name: '1 user with orders:read' }).waitFor();
    }
    await inUse.client.revokeToken(body.id, headers);
  });

  it('show no numbers of users and tokens to those who may not list them, except the users of a role', async () => {
    await inUse.client.createRole({ name: 'planners', permissions: ['apis:read', 'roles:read'] }, headers);
    await inUse.client.createUser(newUser({ name: 'planner', roles: ['planners'] }), headers);
    const planner = await inUse.signedIn('planner', '/admin/apis/orders');
    await planner.getByText('Granted by').waitFor();
    const ofApi = await planner.locator('main').innerText();
    await visit(planner, '/admin/roles/clerks');
    await box('orders:read', planner).waitFor();
    const ofRole = await planner.locator('main').innerText();
    const isLinked = [await planner.getByRole('link', { name: /1 user/ }).count()];
    await visit(planner, '/admin/roles');
    await planner.getByRole('row', { name: /clerks.* 1 user/ }).waitFor();
    isLinked.push(await planner.getByRole('link', { name: /1 user/ }).count());
    await planner.context().close();

    expect(ofApi).not.toMatch(/\d users?|1 token\b/);
    expect(ofRole.match(/.*\d (users?|tokens?)\b.*/g)).toEqual(['Assigned to 1 user']);
    expect(isLinked).toEqual([0, 0]);
  });

  it('do not show who has a permission without roles:read, nor offer the filter for it', async () => {
    const permissions = ['apis:read', 'users:read', 'tokens:read'];
    await inUse.client.createRole({ name: 'counters', permissions }, headers);
    await inUse.client.createUser(newUser({ name: 'counter', roles: ['counters'] }), headers);
    const counter = await inUse.signedIn('counter', '/admin/apis/orders');
    await counter.getByText('See all orders.').waitFor();
    const ofApi = await counter.locator('main').innerText();
    const offered: string[][] = [];
    for (const name of ['Users', 'Tokens']) {
      await visit(counter, `/admin/${name.toLowerCase()}`);
      await counter.getByRole('heading', { name, level: 1 }).waitFor();
      await counter.getByRole('row').nth(1).waitFor();
      await counter.getByRole('button', { name: 'Filter', exact: true }).click();
      await counter.getByRole('menu').getByText('…').first().waitFor();
      offered.push(await counter.getByRole('menuitem').allInnerTexts());
      await counter.keyboard.press('Escape');
    }
    await visit(counter, '/admin/users?permission=orders:read');
    await counter.getByText('The permission filter requires roles:read').waitFor();
    await counter.getByRole('button', { name: 'Remove the filter Permission' }).click();
    await counter.getByRole('row', { name: /clerk/ }).waitFor();
    await counter.context().close();

    expect(ofApi).not.toMatch(/Granted by|Not in use|\d users?|\d tokens?/);
    expect(offered.flat().filter((text) => text.includes('Permission'))).toEqual([]);
  });

  it('show the configuration of a gateway with their permissions and the typed addresses', async () => {
    await page.getByRole('link', { name: 'Set up a gateway or framework' }).click();
    await heading('Protect an API');
    const file = (name: string) => page.locator('pre').and(page.getByLabel(name, { exact: true }));
    const choose = async (name: string) => {
      await page.getByRole('combobox', { name: 'Gateway or framework' }).click();
      await page.getByRole('option', { name }).click();
      // While the list closes, the next click would only reach its backdrop.
      await page.getByRole('listbox').waitFor({ state: 'detached' });
    };
    await file('/etc/nginx/conf.d/orders.conf').getByText('map $request_method $orders_permission').waitFor();

    const address = page.getByLabel('Address of the API behind the gateway');
    await address.fill('127.0.0.1:80; return 200');
    await address.blur();
    await page.locator('mat-error', { hasText: 'Enter host and port' }).waitFor();
    await page.getByText('Correct the marked fields to see the files.').waitFor();
    await address.fill('10.0.0.8:9000');
    await choose('Caddy');
    const caddy = file('/etc/caddy/Caddyfile');
    await caddy.getByText('reverse_proxy 10.0.0.8:9000').waitFor();
    await choose('NestJS');
    await file('main.ts').getByText("@RequirePermissions('orders:read')").waitFor();

    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    expect((await downloading).suggestedFilename()).toBe('main.ts');

    await page.getByText('-H "Authorization: Bearer $OTHER" http://127.0.0.1:8080/orders').waitFor();
    await page.getByRole('link', { name: 'orders', exact: true }).click();
    await heading('orders');
  });

  it('merge permissions that another user adds meanwhile', async () => {
    await edit();
    await page.getByLabel(/^Allowed actions: orders:read/).fill('See every order.');
    const { version, permissions } = (await read('orders')).body;
    const added = { name: 'orders:ship', description: 'Ship orders.' };
    await inUse.client.updateApi('orders', { permissions: [...permissions, added], version }, headers);
    await press('Save changes');
    await page.getByText('Ship orders.', { exact: true }).waitFor();

    expect((await read('orders')).body.permissions).toEqual([
      { name: 'orders:read', description: 'See every order.' },
      added,
    ]);
  });

  it('lose a permission in use only after the counts were confirmed', async () => {
    await edit();
    await press('Remove orders:read');
    await press('Save changes');
    const question = page.getByRole('alertdialog');
    await question.getByText('orders:read is granted by clerks.').waitFor();
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect((await stored('clerks')).permissions).toEqual(['orders:read']);
    await press('Save changes');
    await question.getByRole('button', { name: 'Remove from all roles and tokens' }).click();
    await page.getByText(/orders saved\. Rejected everywhere by/).waitFor();
    await page.locator('app-api-editor').waitFor({ state: 'detached' });

    expect((await stored('clerks')).permissions).toEqual([]);
    expect((await read('orders')).body.permissions.map(({ name }) => name)).toEqual(['orders:ship']);
  });

  it('are deleted at once when nothing uses them, and created again by Undo', async () => {
    await chooseMore('Delete');
    await page.getByText(/orders deleted\. Rejected everywhere by/).waitFor();
    expect((await read('orders')).status).toBe(404);
    await press('Undo');
    await heading('orders');

    expect((await read('orders')).body.permissions).toHaveLength(1);
  });

  it('are deleted with their permissions in roles after their name was typed', async () => {
    await inUse.client.createApi(BOOKS, headers);
    await inUse.client.createRole({ name: 'bookkeepers', permissions: ['books:read'] }, headers);
    await visit(page, '/admin/apis/books');
    await chooseMore('Delete');
    const question = page.getByRole('alertdialog');
    await question.getByLabel('Type books to confirm').fill('books');
    await question.getByRole('button', { name: 'Remove from all roles and tokens' }).click();
    await page.getByText(/books deleted\. Rejected everywhere by/).waitFor();

    expect((await read('books')).status).toBe(404);
    expect((await stored('bookkeepers')).permissions).toEqual([]);
  });

  it('are read-only when they are a part of the server', async () => {
    await visit(page, '/admin/apis/users');
    await page.getByText('This API is part of Latchkey').waitFor();
    await page.getByText('See all users and their profiles.', { exact: true }).waitFor();

    expect(await page.getByRole('button', { name: 'Edit' }).count()).toBe(0);
  });
});

describe('the page of a role', () => {
  it('reports an unreachable server, and keeps the changes', async () => {
    await visit(page, '/admin/roles/support');
    await box('audit:read').check();
    await inUse.stopServer();
    await press('Save changes');
    await page.getByText('The server cannot be reached').waitFor();

    expect(await box('audit:read').isChecked()).toBe(true);
    await inUse.startServer();
    await press('Save changes');
    await saved();

    expect((await stored('support')).permissions).toContain('audit:read');
  });
});
