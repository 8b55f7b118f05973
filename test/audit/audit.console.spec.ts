import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Locator, type Page } from 'playwright-core';
import { type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ClickCounter } from '../support/browser/console-browser.js';
import { useConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';

let asAdmin: Headers;
let page: Page;

const inUse = useConsole(async (client, headers) => {
  asAdmin = headers;
  for (const name of ['hana', 'elif']) {
    await client.createUser(newUser({ name }), asAdmin);
  }
  await client.updateUser('hana', { displayName: 'Hana Suzuki' }, { ...asAdmin, 'If-Match': '*' });
});

beforeAll(async () => {
  page = inUse.page;
  await page.clock.install();
});

const rows = () => page.locator('app-audit-row');
const row = (text: string) => rows().filter({ hasText: text }).first();

/** Opens the menu of filters and chooses an item. */
async function filterBy(name: string, role: 'menuitem' | 'menuitemradio' = 'menuitem'): Promise<void> {
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole(role, { name }).click();
}

// The steps depend on each other.
describe('the audit trail', () => {
  it('lists actor, action and target, newest first', async () => {
    await visit(page, '/admin/audit');
    await row('Changed a user').waitFor();

    expect(await row('Changed a user').innerText()).toMatch(/admin[^]*Changed a user[^]*hana/);
  });

  it('shows a summary of the changes in each row', async () => {
    expect(await row('Changed a user').innerText()).toMatch(/display name:[^]*–[^]*→[^]*Hana Suzuki/);
  });

  it('expands a row with the space bar to the values before and after', async () => {
    await row('Changed a user').getByRole('button', { name: 'Details: Changed a user hana' }).focus();
    await page.keyboard.press('Space');
    const cells = row('Changed a user').getByRole('row').filter({ hasText: 'displayName' });

    expect(await cells.innerText()).toMatch(/displayName[^]*–[^]*Hana Suzuki/);
  });

  it('shows new entries without a reload', async () => {
    await inUse.client.createUser(newUser({ name: 'a.newcomer' }), asAdmin);

    await row('a.newcomer').waitFor();
    expect(await rows().first().innerText()).toContain('a.newcomer');
  });

  it('holds new entries back while it is not live', async () => {
    await page.getByRole('button', { name: 'Live' }).click();
    await inUse.client.createUser(newUser({ name: 'held.back' }), asAdmin);
    const polled = new Set<string>();
    page.on('request', (request) => polled.add(new URL(request.url()).pathname));
    await page.clock.fastForward(60_000);
    expect(await row('held.back').count()).toBe(0);
    expect(polled).not.toContain('/audit-events');

    await page.getByRole('button', { name: 'Live' }).click();
    await row('held.back').waitFor();
  });

  it('moves between rows with the arrow keys', async () => {
    await row('held.back')
      .getByRole('button', { name: /^Details/ })
      .focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await row('a.newcomer').getByText('Entry', { exact: true }).waitFor();
  });

  it('opens and closes with a click on its text, and stays open when the click selects text', async () => {
    const created = row('elif');
    await created.getByText('Created a user').dblclick();
    await created.getByRole('button', { name: 'Only actions on elif' }).waitFor();
    await page.evaluate('getSelection().empty()');
    await created.getByText('Created a user').click();

    await created.locator('[aria-expanded=false]').waitFor();
  });

  it('has one tab stop for each closed row, and more in an open one', async () => {
    const stops = (of: Locator) => of.locator('a:not([tabindex="-1"]), button').count();
    const closed = await stops(row('elif'));
    await row('elif').getByText('Created a user').click();
    await page.getByRole('button', { name: 'Only actions on elif' }).waitFor();

    expect([closed, await stops(row('elif'))]).toEqual([1, 9]);
    expect(await row('elif').getByRole('link', { name: 'elif', exact: true }).count()).toBe(1);
  });

  it('filters by a name in an open row and keeps the filter in the URL', async () => {
    await row('elif').getByRole('button', { name: 'Only actions on elif' }).click();
    await row('hana').waitFor({ state: 'detached' });

    expect(new URL(page.url()).searchParams.get('subject')).toBe('elif');
    await page.reload();
    await row('elif').waitFor();
    expect(await rows().count()).toBe(1);
  });

  it('filters by text and by time', async () => {
    await page.getByRole('button', { name: 'Remove the filter Target' }).click();
    await filterBy('Actor…');
    await page.getByRole('combobox', { name: 'Actor' }).fill('unknown.actor');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('heading', { name: 'No matches' }).waitFor();
    await page.getByRole('button', { name: 'Clear search and filters' }).click();

    await filterBy('Period…');
    await page.getByRole('menuitemradio', { name: 'Start and end…' }).click();
    await page.getByRole('textbox', { name: 'To' }).fill('2020-01-01T00:00');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('heading', { name: 'No matches' }).waitFor();
    await page.getByRole('button', { name: /^Period: until / }).waitFor();
    await page.getByRole('button', { name: 'Clear search and filters' }).click();
    await filterBy('Period…');
    await page.getByRole('menuitemradio', { name: 'Last 24 hours' }).click();
    await page.getByRole('button', { name: /^Period: since / }).waitFor();
    await row('elif').waitFor();
  });

  it('shows only the filters that are set, and offers to remove each', async () => {
    const chips = page.locator('app-filter-chip');
    expect(await chips.getByRole('button').count()).toBe(2);
    await chips.getByRole('button', { name: 'Remove the filter Period' }).click();
    await chips.waitFor({ state: 'detached' });

    expect(await page.locator('app-list-tools').getByRole('button').allInnerTexts()).toEqual([
      'Filter',
      'Live',
      'View',
    ]);
    await filterBy('Period…');
    await page.getByRole('menuitemradio', { name: 'Start and end…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await chips.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Filter', exact: true }).and(page.locator(':focus')).waitFor();
    await filterBy('Period…');
    await page.getByRole('menuitemradio', { name: 'Last 24 hours' }).click();
    await page.getByRole('button', { name: /^Period: since / }).waitFor();
  });

  it('returns to the former filters with Back', async () => {
    await page.goBack();
    await page.locator('app-filter-chip').waitFor({ state: 'detached' });
    await page.goForward();
    await page.getByRole('button', { name: /^Period: since / }).waitFor();
  });

  it('suggests users for a filter, with one request after a pause in typing', async () => {
    const requested: string[] = [];
    page.on('request', (request) => requested.push(new URL(request.url()).search));
    await filterBy('Actor…');
    await page.getByRole('combobox', { name: 'Actor' }).pressSequentially('suz');
    await page.getByRole('option', { name: /hana.*Hana Suzuki/ }).click();
    await page.getByRole('button', { name: 'Actor: hana' }).waitFor();

    expect(requested.filter((search) => search.includes('q='))).toEqual(['?q=suz&size=8']);
    await page.getByRole('button', { name: 'Remove the filter Actor' }).click();
    await row('elif').waitFor();
  });

  it('names the revoked token, with links to the token and its owner, and finds it by its preview', async () => {
    const { body: token } = await inUse.client.createUserToken('elif', asAdmin, { note: 'nightly backup' });
    await inUse.client.revokeToken(token.id, asAdmin);
    const revoked = row('Revoked tokens');
    await revoked.waitFor();

    expect(await revoked.innerText()).toMatch(/nightly backup[^]*latchkey_…[^]*of[^]*elif/);
    expect(await revoked.getByRole('link', { name: 'nightly backup' }).getAttribute('href')).toBe(
      `/admin/tokens/${token.id}`,
    );
    expect(await revoked.getByRole('link', { name: 'elif' }).getAttribute('href')).toBe('/admin/users/elif');
    await filterBy('Target…');
    await page.getByRole('combobox', { name: 'Target' }).fill(token.tokenPreview);
    await page.getByRole('button', { name: 'Apply' }).click();
    await row('hana').waitFor({ state: 'detached' });
    expect(await rows().count()).toBe(2);
    await page.getByRole('button', { name: 'Remove the filter Target' }).click();
  });

  it('shows the entries of one request in one row, which shows the others on demand', async () => {
    const { client } = inUse;
    const permission = { name: 'stock:read', description: 'See the stock.' };
    await client.createApi({ name: 'stock', permissions: [permission] }, asAdmin);
    for (const name of ['buyers', 'packers']) {
      await client.createRole({ name, permissions: [permission.name] }, asAdmin);
    }
    await client.deleteApi('stock', asAdmin, '?force=true');
    await row('Deleted an API').waitFor();
    expect(await row('Changed a role').count()).toBe(0);
    await page.getByRole('button', { name: 'and 2 more entries with the same trace ID' }).click();
    await row('Changed a role').waitFor();

    expect(await rows().filter({ hasText: 'Changed a role' }).allInnerTexts()).toEqual([
      expect.stringContaining('packers'),
      expect.stringContaining('buyers'),
    ]);
  });

  it('shows the day above its entries', async () => {
    const days = page.getByRole('heading', { level: 2 });
    const list = page.getByRole('list', { name: (await days.first().textContent()) ?? '' });

    expect(await days.first().textContent()).toBe('Today');
    expect(await list.getByRole('listitem').filter({ hasText: 'Deleted an API' }).count()).toBe(1);
  });

  it('hides columns', async () => {
    await page.getByRole('button', { name: 'View', exact: true }).click();
    await page.getByRole('checkbox', { name: 'Address' }).uncheck();
    await row('admin').getByText('127.0.0.1').waitFor({ state: 'hidden' });
    await page.getByRole('checkbox', { name: 'Address' }).check();
    await page.keyboard.press('Escape');
    await row('admin').getByText('127.0.0.1').waitFor();
  });

  it('links from a name to the user', async () => {
    await row('elif').getByRole('link', { name: 'elif' }).click();

    await page.getByRole('heading', { name: 'elif' }).waitFor();
    await page.goBack();
    await row('elif').waitFor();
  });

  it('exports entries to a file', async () => {
    await page.getByRole('button', { name: 'View', exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog', { name: 'View' }).getByRole('button', { name: 'CSV' }).click(),
    ]);
    await page.keyboard.press('Escape');

    expect(download.suggestedFilename()).toMatch(/^audit-events-\d{4}-\d{2}-\d{2}\.csv$/);
  });

  it('applies a frequent filter, which has no number of entries, and keeps it in the URL', async () => {
    const requested: string[] = [];
    page.on('request', (request) => requested.push(new URL(request.url()).search));
    await filterBy('Users changed', 'menuitemradio');
    await row('Changed a user').waitFor();
    await row('Created a user').waitFor({ state: 'detached' });

    expect(new URL(page.url()).searchParams.get('action')).toBe('user_updated');
    expect(requested.filter((search) => search.includes('size=1&'))).toEqual([]);
    await filterBy('Users changed', 'menuitemradio');
    await row('Created a user').first().waitFor();
  });

  it('reports a lost connection and recovers from it', async () => {
    await inUse.stopServer();
    const disconnected = page.locator('p').filter({ hasText: 'The server does not respond' });
    await disconnected.waitFor();
    expect((await disconnected.boundingBox())?.height).toBeGreaterThan(10);
    await page.getByRole('button', { name: /^Period: since / }).click();
    await page.getByRole('menuitemradio', { name: 'Last 7 days' }).click();
    await page.getByRole('heading', { name: 'No connection' }).waitFor();
    await inUse.startServer();
    await page.getByRole('button', { name: 'Try again' }).click();

    await row('elif').waitFor();
  });
});

describe('the audit trail, from the home page', () => {
  it('shows the actor and the target of a removed role in three clicks', async () => {
    const { client } = inUse;
    for (const name of ['boss', 'deputy']) {
      await client.createUser(newUser({ name, roles: ['admin'] }), asAdmin);
    }
    const asBoss = await client.loginHeaders('boss', PASSWORD);
    await client.updateUser('deputy', { roles: ['user'] }, { ...asBoss, 'If-Match': '*' });
    await visit(page, '/admin/');
    const clicks = new ClickCounter();

    await clicks.click(page.getByRole('link', { name: 'Audit trail', exact: true }).first());
    await clicks.click(page.getByRole('button', { name: 'Filter', exact: true }));
    await clicks.click(page.getByRole('menuitemradio', { name: 'Users changed' }));
    await row('deputy').waitFor();

    expect(await row('deputy').innerText()).toMatch(
      /boss[^]*Changed a user[^]*deputy[^]*roles:[^]*admin[^]*→[^]*user/,
    );
    expect(clicks.count).toBe(3);
  });
});
