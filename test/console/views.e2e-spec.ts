import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { ConsoleBrowser } from '../support/browser/console-browser.js';
import { ADMIN, newUser } from '../support/factories.js';
import { serverIn, ServerProcess } from '../support/server-process.js';

let folder: string;
let server: ServerProcess;
let browser: ConsoleBrowser;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
  server = await ServerProcess.start(serverIn(folder));
  const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  for (const name of ['ada', 'ben', 'cleo']) {
    await server.client.createUser(newUser({ name, roles: ['user'], enabled: name !== 'cleo' }), headers);
  }
  browser = await ConsoleBrowser.launch(server.client.baseUrl);
  page = await signedIn();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function signedIn(options = {}): Promise<Page> {
  const opened = await browser.open('/admin/users', options);
  await opened.getByLabel('Name', { exact: true }).fill(ADMIN.name);
  await opened.getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await opened.getByRole('button', { name: 'Sign in' }).click();
  await opened.locator('[data-row]').first().waitFor();
  return opened;
}

const menu = () => page.getByRole('dialog', { name: 'View' });
const header = (name: string) => page.getByRole('columnheader', { name });
const rowHeight = () =>
  page.evaluate<number>("document.querySelector('tbody tr').getBoundingClientRect().height");

async function openMenu(): Promise<void> {
  await page.getByRole('button', { name: 'View', exact: true }).click();
  await menu().waitFor();
}

async function closeMenu(): Promise<void> {
  await page.keyboard.press('Escape');
  await menu().waitFor({ state: 'detached' });
}

// The steps depend on each other.
describe('the columns of a list', () => {
  it('are hidden and shown, except the first', async () => {
    await openMenu();
    expect(await menu().getByRole('checkbox', { name: 'User' }).count()).toBe(0);
    await menu().getByRole('checkbox', { name: 'Roles' }).uncheck();
    await header('Roles').waitFor({ state: 'detached' });
    await closeMenu();

    expect(await page.locator('button:focus').innerText()).toContain('View');
  });

  it('stay hidden after a reload, in this list only', async () => {
    await page.reload();
    await header('State').waitFor();
    expect(await header('Roles').count()).toBe(0);

    await page.goto('/admin/tokens');
    await header('Owner').waitFor();
    await page.goto('/admin/users');
    await header('State').waitFor();
  });

  it('make room for a column that only wide tables show', async () => {
    await header('Created').waitFor();
    await openMenu();
    await menu().getByRole('button', { name: 'Reset columns and rows' }).click();
    await header('Roles').waitFor();

    expect(await header('Created').isVisible()).toBe(false);
    await closeMenu();
  });
});

describe('compact rows', () => {
  it('are lower, also after a reload', async () => {
    const comfortable = await rowHeight();
    await openMenu();
    await menu().getByRole('radio', { name: 'Compact' }).check();
    await closeMenu();
    await page.reload();
    await page.locator('[data-row]').first().waitFor();

    expect(await rowHeight()).toBeLessThan(comfortable - 15);
  });

  it('stay comfortable on touch screens', async () => {
    const desktop = page;
    page = await signedIn({ hasTouch: true, isMobile: true, viewport: { width: 1400, height: 800 } });
    await page.evaluate(`localStorage.setItem('latchkey-list-users', '{"isCompact":true}')`);
    await page.reload();
    await page.locator('tbody tr').first().waitFor();
    expect(await rowHeight()).toBeGreaterThan(60);

    await openMenu();
    expect(await menu().getByRole('radio', { name: 'Compact' }).isVisible()).toBe(false);
    await page.context().close();
    page = desktop;
  });
});

describe('a saved view', () => {
  const view = (name: string) => menu().getByRole('link', { name, exact: true });

  async function save(name: string): Promise<void> {
    await openMenu();
    await menu().getByRole('button', { name: 'Save view…' }).click();
    await menu().getByRole('textbox', { name: 'Name' }).fill(name);
    await page.keyboard.press('Enter');
    await view(name).and(page.locator(':focus')).waitFor();
    await closeMenu();
  }

  it('keeps filters, order and columns, and opens with one entry in the history', async () => {
    await page.goto('/admin/users?enabled=false&sort=-name');
    await openMenu();
    await menu().getByRole('checkbox', { name: 'Roles' }).uncheck();
    await closeMenu();
    await save('Disabled users');
    await openMenu();
    await menu().getByRole('button', { name: 'Reset columns and rows' }).click();
    await closeMenu();

    await page.goto('/admin/users?q=ada&page=1');
    await page.getByText('1 user found').waitFor();
    await openMenu();
    await view('Disabled users').click();
    await page.getByRole('link', { name: /^cleo/ }).waitFor();
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
      enabled: 'false',
      sort: '-name',
      hidden: 'roles',
    });
    expect(await header('Roles').count()).toBe(0);

    await page.goBack();
    await page.getByRole('link', { name: /^ada/ }).waitFor();
    await header('Roles').waitFor();
    expect(new URL(page.url()).search).toBe('?q=ada&page=1');
  });

  it('keeps the menu within the window when it gets longer', async () => {
    await page.setViewportSize({ width: 1280, height: 520 });
    await openMenu();
    await menu().getByRole('button', { name: 'Save view…' }).click();
    await menu().getByRole('textbox', { name: 'Name' }).waitFor();
    const bottom = await page.evaluate<number>(
      "document.querySelector('[role=dialog]').getBoundingClientRect().bottom",
    );

    expect(bottom).toBeLessThanOrEqual(520);
    await menu().getByRole('button', { name: 'Cancel' }).click();
    await closeMenu();
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('opens elsewhere from its URL', async () => {
    const other = await signedIn();
    await other.goto('/admin/users?enabled=false&sort=-name&hidden=roles');
    await other.getByRole('columnheader', { name: 'State' }).waitFor();

    expect(await other.getByRole('columnheader', { name: 'Roles' }).count()).toBe(0);
    expect(await other.evaluate(`localStorage.getItem('latchkey-list-users')`)).toBeNull();
    await other.context().close();
  });

  it('is renamed', async () => {
    await openMenu();
    await menu().getByRole('button', { name: 'Rename Disabled users' }).click();
    await menu().getByRole('textbox', { name: 'Name' }).fill('Locked out');
    await menu().getByRole('button', { name: 'Save', exact: true }).click();
    await view('Locked out').waitFor();

    expect(await view('Disabled users').count()).toBe(0);
    await closeMenu();
  });

  it('replaces the one with its name', async () => {
    await page.goto('/admin/users?kind=service');
    await page.getByText('No matches').waitFor();
    await save('Locked out');
    await page.goto('/admin/users');
    await openMenu();
    await view('Locked out').click();

    await page.waitForURL((url) => url.searchParams.get('kind') === 'service');
    await page.getByText('No matches').waitFor();
  });

  it('is deleted, and comes back with Undo', async () => {
    await openMenu();
    await menu().getByRole('button', { name: 'Delete Locked out' }).click();
    await view('Locked out').waitFor({ state: 'detached' });
    await closeMenu();
    await page.getByRole('button', { name: 'Undo' }).click();
    await openMenu();
    await view('Locked out').waitFor();
    await closeMenu();
  });

  it('opens above the cards of a narrow screen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto('/admin/users');
    await page.locator('[data-row]').first().waitFor();
    await openMenu();

    expect(await menu().getByRole('checkbox').count()).toBe(0);
    await view('Locked out').click();
    await page.getByText('No matches').waitFor();
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('is one of at most 20', async () => {
    const views = Array.from({ length: 20 }, (_, index) => ({ name: `View ${index}`, parameters: '' }));
    await page.evaluate(`localStorage.setItem('latchkey-views-users-admin', '${JSON.stringify(views)}')`);
    await openMenu();
    await menu().getByText('A list can have at most 20 views').waitFor();

    expect(await menu().getByRole('button', { name: 'Save view…' }).count()).toBe(0);
    await closeMenu();
  });
});

describe('the console', () => {
  it('causes no CSP violations, exceptions or requests to other hosts', () => {
    expect(browser.misbehaviour).toEqual([]);
  });
});
