import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { ADMIN, newUser } from '../support/factories.js';
import { useConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';
import { waitUntil } from '../support/wait-until.js';

let page: Page;

const inUse = useConsole(async (client, headers) => {
  for (const name of ['ada', 'ben', 'cleo']) {
    await client.createUser(newUser({ name, roles: ['user'], enabled: name !== 'cleo' }), headers);
  }
  await client.createUserToken('ada', headers, { note: 'job of ada' });
});

beforeAll(async () => {
  page = inUse.page;
  await visit(page, '/admin/users');
  await page.locator('[data-row]').first().waitFor();
});

const menu = () => page.getByRole('dialog', { name: 'View' });
const header = (name: string) => page.getByRole('columnheader', { name });
const rowHeight = async () => (await page.locator('tbody tr').first().boundingBox())?.height ?? NaN;

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

    await visit(page, '/admin/tokens?kind=session');
    await header('Owner').waitFor();
    await visit(page, '/admin/users');
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

describe('a narrower table', () => {
  const headers = () => page.locator('th[mat-sort-header]').allInnerTexts();

  /** Expects these columns, a moment after a new width, which the open page follows by itself. */
  const expectHeaders = async (expected: string[]) => {
    await waitUntil(headers, ({ length }) => length === expected.length);
    expect(await headers()).toEqual(expected);
  };

  it.each([
    [1600, ['Token', 'Owner', 'State', 'Created', 'Last used', 'Expires', 'Actions']],
    [1280, ['Token', 'Owner', 'State', 'Last used', 'Expires', 'Actions']],
    [900, ['Token', 'Owner', 'State', 'Last used', 'Actions']],
    [712, ['Token', 'Owner', 'State', 'Actions']],
  ])('leaves out the least important columns at %i pixels', async (width, expected) => {
    await page.setViewportSize({ width, height: 800 });
    await visit(page, '/admin/tokens');
    await page.locator('tbody [data-row]').first().waitFor();

    await expectHeaders(expected);
  });

  it('keeps the column that determines the order before others', async () => {
    await page.setViewportSize({ width: 900, height: 800 });
    await visit(page, '/admin/tokens?sort=expirationTime');
    await header('Expires').waitFor();

    await expectHeaders(['Token', 'Owner', 'State', 'Expires', 'Actions']);
  });

  it('names in the menu the columns that it leaves out, and has room for them if others are hidden', async () => {
    await openMenu();
    await menu()
      .getByRole('checkbox', { name: /^Last used ?in wide windows$/ })
      .waitFor();
    await menu().getByRole('checkbox', { name: 'Owner' }).uncheck();
    await menu().getByRole('checkbox', { name: 'State' }).uncheck();
    await header('Last used').waitFor();
    await menu().getByRole('button', { name: 'Reset columns and rows' }).click();
    await closeMenu();
    await page.setViewportSize({ width: 1280, height: 800 });
    await visit(page, '/admin/users');
    await page.locator('tbody [data-row]').first().waitFor();
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
    await page.setViewportSize({ width: 712, height: 800 });
    await header('Last sign-in').waitFor({ state: 'detached' });
    expect(await rowHeight()).toBeLessThan(comfortable - 15);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('stay comfortable on touch screens', async () => {
    const desktop = page;
    page = await inUse.signedIn(ADMIN.name, '/admin/', {
      ...{ hasTouch: true, isMobile: true, viewport: { width: 1400, height: 800 } },
    });
    await page.evaluate(`localStorage.setItem('latchkey-list-users', '{"isCompact":true}')`);
    await visit(page, '/admin/users');
    await page.locator('tbody tr').first().waitFor();
    expect(await rowHeight()).toBeGreaterThan(60);

    await openMenu();
    expect(await menu().getByRole('radio', { name: 'Compact' }).isVisible()).toBe(false);
    await page.context().close();
    page = desktop;
  });
});

describe('a copied link', () => {
  it('has the filters, order and hidden columns, and opens elsewhere', async () => {
    await page.context().grantPermissions(['clipboard-read']);
    await visit(page, '/admin/users?enabled=false&sort=-name');
    await openMenu();
    await menu().getByRole('checkbox', { name: 'Roles' }).uncheck();
    await menu().getByRole('button', { name: 'Copy link' }).click();
    const link = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(Object.fromEntries(new URL(link).searchParams)).toEqual({
      enabled: 'false',
      sort: '-name',
      hidden: 'roles',
    });
    await closeMenu();

    const other = await inUse.signedIn(ADMIN.name, link);
    await other.getByRole('link', { name: /^cleo/ }).waitFor();
    expect(await other.getByRole('columnheader', { name: 'Roles' }).count()).toBe(0);
    expect(await other.evaluate(`localStorage.getItem('latchkey-list-users')`)).toBeNull();
    await other.context().close();
  });

  it('is all that the menu offers above the cards of a narrow screen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('li [data-row]').first().waitFor();
    await openMenu();

    expect(await menu().getByRole('checkbox').count()).toBe(0);
    await menu().getByRole('button', { name: 'Copy link' }).waitFor();
    await closeMenu();
    await page.setViewportSize({ width: 1280, height: 800 });
  });
});
