import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import type { Headers } from '../support/api-client.js';
import { ConsoleBrowser } from '../support/browser/console-browser.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { freePort } from '../support/free-port.mjs';
import { serverIn, ServerProcess } from '../support/server-process.js';

const DEPUTY = ['audit:read', 'roles:read', 'roles:write'];
const deputy = newUser({ name: 'deputy', roles: ['deputies'] });

let folder: string;
let port: number;
let server: ServerProcess;
let browser: ConsoleBrowser;
let headers: Headers;
let page: Page;

const start = () => ServerProcess.start(serverIn(folder), port);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
  port = await freePort();
  server = await start();
  headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  await server.client.createRole({ name: 'deputies', permissions: DEPUTY }, headers);
  await server.client.createUser(deputy, headers);
  browser = await ConsoleBrowser.launch(server.client.baseUrl);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(target: Page, name: string, password: string): Promise<void> {
  await target.getByLabel('Name', { exact: true }).fill(name);
  await target.getByLabel('Password', { exact: true }).fill(password);
  await target.getByRole('button', { name: 'Sign in' }).click();
}

const box = (permission: string, on = page) =>
  on.getByRole('checkbox', { name: new RegExp(`^${permission}:`) });
const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const summary = () => page.locator('app-permission-summary');
const heading = (name: string) => page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
/** Found by its class, because an open dialog hides the page from the accessibility tree. */
const saved = () => page.locator('.save-bar').waitFor({ state: 'detached' });
const stored = async (name: string) => (await server.client.role(name, headers)).body;

// The steps depend on each other.
describe('roles', () => {
  it('are listed with their permissions and number of users', async () => {
    page = await browser.open('/admin/roles');
    await signIn(page, ADMIN.name, ADMIN.password);
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

    expect((await stored('support')).permissions).toEqual(['tokens:read', 'users:read', 'users:write']);
  });

  it('merge the changes of another user', async () => {
    await page.getByLabel('Description').fill('Mine.');
    await box('stats:read').check();
    const { version } = await stored('support');
    await server.client.updateRole('support', { description: 'Theirs.', version }, headers);
    await press('Save changes');
    await page.getByRole('radio', { name: /Theirs\./ }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await saved();

    expect(await stored('support')).toMatchObject({
      description: 'Theirs.',
      permissions: ['stats:read', 'tokens:read', 'users:read', 'users:write'],
    });
    expect(await page.getByLabel('Description').inputValue()).toBe('Theirs.');
  });

  it('link to their users when they cannot be deleted', async () => {
    await server.client.createUser(newUser({ name: 'holder', roles: ['support'] }), headers);
    await press('Delete');
    await page.getByText('1 user has the role support').waitFor();
    const way = page.getByRole('link', { name: 'Show users' });

    expect(await way.getAttribute('href')).toBe('/admin/users?role=support');
  });

  it('are deleted when they are not assigned, and created again by Undo', async () => {
    await server.client.deleteUser('holder', headers);
    await page.reload();
    await heading('support');
    await press('Delete');
    await page.getByText('support deleted').waitFor();
    await page.getByRole('row', { name: /deputies/ }).waitFor();
    expect((await server.client.role('support', headers)).status).toBe(404);
    await press('Undo');
    await heading('support');

    expect((await stored('support')).permissions).toContain('stats:read');
  });

  it('are read-only when built in, and can be duplicated', async () => {
    await page.goto('/admin/roles/auditor');
    await page.getByText('This role is built in').waitFor();
    expect(await box('audit:read').isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Duplicate role' }).click();
    await heading('New role');
    await page.locator('mat-checkbox input:checked').nth(6).waitFor();

    expect(await box('users:write').isChecked()).toBe(false);
  });

  it('are reported as not found when they do not exist', async () => {
    await page.goto('/admin/roles/does-not-exist');

    await page.getByRole('heading', { name: 'Not found' }).waitFor();
    await page.getByText('It does not exist, or you do not have permission to see it.').waitFor();
  });
});

describe('a user with few permissions', () => {
  let other: Page;

  it('can neither grant permissions they lack nor change roles that have them', async () => {
    other = await browser.open('/admin/roles/support');
    await signIn(other, deputy.name, PASSWORD);
    await other.getByText('You cannot change this role because you do not hold').waitFor();
    await other.goto('/admin/roles/_new');
    await other.getByText('You can only grant permissions that you hold yourself').waitFor();

    expect(await box('audit:read', other).isDisabled()).toBe(false);
    expect(await box('users:read', other).getAttribute('aria-disabled')).toBe('true');
  });

  it('sees why a role can no longer be saved', async () => {
    await other.getByLabel('Name', { exact: true }).fill('watchers');
    await box('audit:read', other).check();
    const { version } = await stored('deputies');
    await server.client.updateRole('deputies', { permissions: ['roles:read'], version }, headers);
    await other.getByRole('button', { name: 'Create role' }).click();

    await other.locator('app-form-error').getByText('This requires roles:write.').waitFor();
    await other.context().close();
  });
});

describe('the page of a role', () => {
  it('reports an unreachable server, and keeps the changes', async () => {
    await page.goto('/admin/roles/support');
    await box('audit:read').check();
    await server.stop();
    await press('Save changes');
    await page.getByText('The server cannot be reached').waitFor();

    expect(await box('audit:read').isChecked()).toBe(true);
    server = await start();
    await press('Save changes');
    await saved();

    expect((await stored('support')).permissions).toContain('audit:read');
  });
});

describe('the console', () => {
  it('causes no CSP violations, exceptions or requests to other hosts', () => {
    expect(browser.misbehaviour).toEqual([]);
  });
});
