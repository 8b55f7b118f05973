import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BrowserContext, type Page } from 'playwright-core';
import { ConsoleBrowser } from '../support/browser/console-browser.js';
import { ADMIN } from '../support/factories.js';
import { insertManyTokens } from '../support/token-rows.js';
import { layoutShifts, observeTiming, rowsAfterResponse, SHIFT_MAX } from '../support/browser/page-timing.js';
import { ServerProcess, serverOn } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let server: ServerProcess;
let browser: ConsoleBrowser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await ServerProcess.start(serverOn(database));
  await database.execute(insertManyTokens({ users: 2_000, tokens: 100_000 }));
  browser = await ConsoleBrowser.launch(server.client.baseUrl);
  context = await browser.context();
  await observeTiming(context);
  page = await context.newPage();
  await page.goto('/admin/sign-in');
  await page.getByLabel('Name', { exact: true }).fill(ADMIN.name);
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Home', exact: true }).waitFor();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  await database.drop();
});

const pages = () => page.getByRole('navigation', { name: 'Pages' });

/** Prints the time between a response and the paint of its rows. */
async function printPaintTime(what: string, path: string): Promise<void> {
  const milliseconds = await rowsAfterResponse(page, path);
  process.stdout.write(`${what}: rows are painted ${milliseconds.toFixed(0)} ms after the response\n`);
}

describe('a loading page', () => {
  it.each([
    [1280, '/admin/', 'app-login-chart app-bar-chart', null],
    [1280, '/admin/users', 'app-user-identity', '/users'],
    [1280, '/admin/tokens', 'app-token-identity', '/tokens'],
    [1280, '/admin/audit', 'app-audit-row', '/audit-events'],
    [390, '/admin/', 'app-login-chart app-bar-chart', null],
    [390, '/admin/users', 'app-user-identity', '/users'],
    [390, '/admin/tokens', 'app-token-identity', '/tokens'],
    [390, '/admin/audit', 'app-audit-row', '/audit-events'],
  ])('shifts no layout at %i pixels: %s', async (width, path, selector, rows) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(path);
    await page.locator(selector).first().waitFor();
    await page.waitForLoadState('networkidle');

    const shifts = await layoutShifts(page);
    if (rows !== null) {
      await printPaintTime(`${path} at ${width} pixels`, rows);
    }
    expect(shifts.filter(({ value }) => value > SHIFT_MAX)).toEqual([]);
    expect(shifts.reduce((sum, { value }) => sum + value, 0)).toBeLessThanOrEqual(SHIFT_MAX);
  });
});

describe('the list of 100,000 tokens', () => {
  it('shows the last page and the first again', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto('/admin/tokens?kind=any&state=active,expiring,pending,expired,disabled,revoked&size=100');
    await pages()
      .getByText(/^1–100 of 100,0/)
      .waitFor();
    await printPaintTime('100 rows', '/tokens');
    await pages().getByRole('button', { name: 'Last page' }).click();
    await pages()
      .getByText(/^100,001–100,0\d\d of/)
      .waitFor();
    await pages().getByRole('button', { name: 'Previous page' }).click();
    await pages()
      .getByText(/^99,901–100,000 of/)
      .waitFor();
    await printPaintTime('100 rows of the last page but one', '/tokens');
  });

  it('sorts by any column', async () => {
    // Narrower lists leave out columns.
    await page.setViewportSize({ width: 1600, height: 900 });
    await page.goto('/admin/tokens');
    for (const column of ['Token', 'Owner', 'State', 'Created', 'Expires']) {
      await page.getByRole('columnheader', { name: column }).getByRole('button').click();
      await page.locator(`th[aria-sort=ascending]`).filter({ hasText: column }).waitFor();
      await page.locator('[aria-busy=false] tbody tr').nth(24).waitFor();
      await printPaintTime(`sorted by ${column}`, '/tokens');
    }
  });

  it('searches and filters', async () => {
    await page.goto('/admin/tokens');
    await page.getByRole('searchbox').fill('many-77');
    await page.waitForURL(/q=many-77/);
    await page
      .getByRole('row', { name: /many-77/ })
      .first()
      .waitFor();
    await printPaintTime('searched', '/tokens');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('menuitemradio', { name: /^Unused, 90 days/ }).click();
    await page.waitForURL(/unusedSinceDays=90/);
    const outcome = page.getByText(/\d tokens? found|No matches/);
    await outcome.waitFor();
    await page.locator('[aria-busy=false]').waitFor();

    expect(await outcome.count()).toBe(1);
  });
});

describe('the console', () => {
  it('causes no CSP violations, exceptions or requests to other hosts', () => {
    expect(browser.misbehavior).toEqual([]);
  });
});
