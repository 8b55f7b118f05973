import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Page } from 'playwright-core';
import { newUser } from '../support/factories.js';
import { useConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';

let page: Page;
let token: UserTokenDto;
let secret: string;
let traceId: string;
/** URLs of all requests. */
const requested: string[] = [];

const inUse = useConsole(async (client, headers) => {
  for (const name of ['ada', 'ben', ...Array.from({ length: 7 }, (_, index) => `person.${index}`)]) {
    await client.createUser(newUser({ name, roles: ['user'] }), headers);
  }
  token = (await client.createUserToken('ada', headers, { note: 'Nightly backup' })).body;
  secret = token.token ?? '';
  traceId = (await client.me({})).headers.get('x-request-id') ?? '';
});

beforeAll(() => {
  page = inUse.page;
  page.on('request', (request) => requested.push(request.url()));
});

const dialog = () => page.locator('app-palette');
const field = () => page.getByRole('combobox', { name: 'Search and commands' });
const option = (name: string | RegExp) => page.getByRole('option', { name, exact: typeof name === 'string' });
const group = (name: string) => page.getByRole('group', { name });
const title = (name: string) => page.getByRole('heading', { name, exact: true, level: 1 });
const pathOf = () => new URL(page.url()).pathname + new URL(page.url()).search;

async function open(): Promise<void> {
  await page.keyboard.press('Control+k');
  await field().and(page.locator(':focus')).waitFor();
}

async function close(): Promise<void> {
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
}

describe('the search palette', () => {
  beforeEach(async () => {
    await visit(page, '/admin/');
    await title('Home').waitFor();
  });

  it('opens a page with two words and Enter', async () => {
    await open();
    await field().fill('trail aud');
    await option('Audit trail').waitFor();
    await page.keyboard.press('Enter');

    await title('Audit trail').and(page.locator(':focus')).waitFor();
  });

  it('moves between entries with the arrow keys, and around the ends', async () => {
    await open();
    const active = async () => {
      const id = await field().getAttribute('aria-activedescendant');
      return page.locator(`[id="${id}"][aria-selected="true"]`).innerText();
    };
    const options = page.getByRole('option');
    const last = (await options.last().innerText()).trim();
    const first = await active();
    await page.keyboard.press('ArrowUp');
    await options.last().and(page.locator('[aria-selected=true]')).waitFor();
    expect((await active()).trim()).toBe(last);
    await page.keyboard.press('ArrowDown');
    await options.first().and(page.locator('[aria-selected=true]')).waitFor();
    expect(await active()).toBe(first);
    await close();
  });

  it('finds users and tokens, at most five of each', async () => {
    await open();
    await field().fill('person');
    await group('Users').waitFor();
    expect(await group('Users').getByRole('option').count()).toBe(5);

    await field().fill('nightly');
    await group('Tokens')
      .getByRole('option', { name: /Nightly backup/ })
      .click();
    await page.waitForURL(`**/admin/tokens/${token.id}`);
  });

  it.each([
    ['auditor', 'Roles', /^auditor/, '/admin/roles/auditor'],
    ['users:write', 'APIs', /^users/, '/admin/apis/users'],
    ['users:write', 'Permissions', /^users:write/, '/admin/apis/users'],
    ['idle', 'Settings', /^LATCHKEY_SESSION_IDLE_SECONDS/, '/admin/settings?q=LATCHKEY_SESSION_IDLE_SECONDS'],
    ['canary', 'Actions', 'New canary', '/admin/tokens/new/canary'],
    ['leak', 'Actions', 'Tokens reported as leaked', '/admin/tokens?kind=any&leaked=true*'],
  ])('finds %s in %s', async (text, groupName, entry, path) => {
    await open();
    await field().fill(text);
    await group(groupName).getByRole('option', { name: entry }).click();

    await page.waitForURL(`**${path}`);
  });

  it('reports a search that failed', async () => {
    await page.route('**/users?*', (route) => route.abort(), { times: 1 });
    await open();
    await field().fill('zzz');
    await dialog().getByRole('alert').getByText('The search failed.').waitFor();
    expect(await page.getByText('Nothing found.').count()).toBe(0);

    await field().fill('zzzz');
    await page.getByText('Nothing found.').waitFor();
    await close();
  });

  it('waits for two characters', async () => {
    await open();
    requested.length = 0;
    await field().fill('b');
    await option('New API token').waitFor({ state: 'detached' });
    await field().fill('be');
    await option(/^ben/).waitFor();

    const searches = requested.map((url) => new URL(url)).filter(({ searchParams }) => searchParams.has('q'));
    expect(searches.map(({ searchParams }) => searchParams.get('q'))).toEqual(Array(4).fill('be'));
    await close();
  });

  it('lists recent entries first, also after a reload', async () => {
    await open();
    await field().fill('ada');
    await option(/^ada/).click();
    await title('ada').waitFor();
    await page.reload();
    await title('ada').waitFor();
    await open();

    expect(await group('Recent').getByRole('option').first().innerText()).toContain('ada');
    await close();
  });

  it('restores a recent setting with its address', async () => {
    await open();
    await field().fill('session_idle');
    await option(/^LATCHKEY_SESSION_IDLE_SECONDS/).click();
    await page.getByText('LATCHKEY_SESSION_IDLE_SECONDS', { exact: true }).waitFor();
    expect(await page.locator('details li').count()).toBe(1);
    await visit(page, '/admin/');
    await open();
    await group('Recent')
      .getByRole('option', { name: /^LATCHKEY_SESSION_IDLE_SECONDS/ })
      .click();

    await page.waitForURL('**/admin/settings?q=LATCHKEY_SESSION_IDLE_SECONDS');
  });

  it('explains a pasted trace id', async () => {
    await open();
    await field().fill(`{"title": "Unauthorized", "traceId": "${traceId}"}`);
    await option(/^Explain the request/).click();

    await page.waitForURL(`**/admin/explanations/${traceId}`);
  });

  it('sends a pasted secret nowhere', async () => {
    requested.length = 0;
    await open();
    await field().fill(secret);
    await page.getByText('The secret is not sent anywhere.').waitFor();
    await option(/Nightly backup/).waitFor();

    expect(await field().inputValue()).toBe(token.tokenPreview);
    await option(/^Rejections of/).click();
    await page.waitForURL('**/admin/explanations?tokenPreview=*');
    await title('Rejections').waitFor();
    expect(requested.filter((url) => url.includes(secret))).toEqual([]);
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(secret);
  });

  it('opens forms: a new user, a password', async () => {
    await open();
    await field().fill('new user');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).and(page.locator(':focus')).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await open();
    await field().fill('change my');
    await page.keyboard.press('Enter');
    await page.getByLabel('Current password').and(page.locator(':focus')).waitFor();
  });

  it('changes theme and language', async () => {
    await open();
    await field().fill('theme dark');
    await page.keyboard.press('Enter');
    await page.locator('html[data-theme=dark]').waitFor();
    await dialog().waitFor({ state: 'detached' });

    await open();
    await field().fill('deutsch');
    await page.keyboard.press('Enter');
    await title('Start').waitFor();
    await page.evaluate('localStorage.clear()');
    await page.reload();
  });

  it('opens in a new tab with Ctrl and Enter', async () => {
    await open();
    await field().fill('roles');
    await option('Roles').waitFor();
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.keyboard.press('Control+Enter'),
    ]);
    await tab.waitForURL('**/admin/roles', { waitUntil: 'commit' });
    await tab.close();

    expect(pathOf()).toBe('/admin/');
  });

  it('does not open over a dialog, whose input it would hide', async () => {
    await visit(page, '/admin/users');
    await page.getByRole('button', { name: 'New user' }).click();
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('karl');
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Tab');

    expect(await dialog().count()).toBe(0);
    expect(await page.getByRole('dialog').getByLabel('Name', { exact: true }).inputValue()).toBe('karl');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('fills a narrow screen, and opens with its button', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await field().and(page.locator(':focus')).waitFor();
    const size = await page.evaluate<number[]>(
      `(({ width, height }) => [width, height])(document.querySelector('.app-palette').getBoundingClientRect())`,
    );

    expect(size).toEqual([390, 844]);
    await field().fill('sign out');
    await option('Sign out').waitFor();
    await field().fill('keyboard');
    await option('Sign out').waitFor({ state: 'detached' });
    expect(await option('Keyboard shortcuts').count()).toBe(0);
    await page.getByRole('button', { name: 'Close' }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).isVisible()).toBe(false);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('offers what the user may do, and signs out', async () => {
    const admin = page;
    page = await inUse.signedIn('ben', '/admin/');
    await open();
    expect(await option('New API token').count()).toBe(1);
    for (const name of ['Users', 'New user', 'New role', 'Settings']) {
      expect([name, await option(name).count()]).toEqual([name, 0]);
    }
    await field().fill('ada');
    await page.getByText('Nothing found.').waitFor();
    await field().fill('sign out');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.context().close();
    page = admin;
  });
});
