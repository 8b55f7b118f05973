import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Locator, type Page } from 'playwright-core';
import { newUser } from '../support/factories.js';
import { useConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';

let page: Page;
let token: UserTokenDto;
let traceId: string;

const inUse = useConsole(async (client, headers) => {
  await client.createUser(newUser({ name: 'ada', roles: ['user'] }), headers);
  for (let number = 1; number <= 24; number += 1) {
    token = (await client.createUserToken('ada', headers, { note: `backup ${number}` })).body;
  }
  traceId = (await client.me({})).headers.get('x-request-id') ?? '';
});

beforeAll(() => {
  page = inUse.page;
});

const focused = (level: string | RegExp) =>
  page.getByRole('heading', { name: level, level: 1 }).and(page.locator(':focus'));
const scrollTop = () => page.evaluate<number>('scrollY');

async function openPalette(): Promise<Locator> {
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Search and commands' });
  await field.and(page.locator(':focus')).waitFor();
  return field;
}

async function focusViewButton(): Promise<Locator> {
  const button = page.getByRole('button', { name: 'View', exact: true });
  await button.focus();
  return button;
}

async function focusLinkInMenu(): Promise<Locator> {
  await page
    .getByRole('button', { name: /^Account of/ })
    .first()
    .click();
  const link = page.locator('a[role=menuitem]').first();
  await link.focus();
  return link;
}

describe('the focus after opening a page', () => {
  it.each([
    ['a user', '/admin/users', 'ada', /^ada/],
    ['a token', '/admin/tokens', 'backup 24', /^backup 24/],
    ['a role', '/admin/roles', 'auditor', /^auditor/],
  ])('of %s is on its heading, from a list', async (_, list, name, heading) => {
    await visit(page, list);
    await page.locator('main a', { hasText: name }).first().click();

    await focused(heading).waitFor();
  });

  it('is on the heading, from the palette and from the page of another token', async () => {
    await visit(page, '/admin/');
    for (const note of ['backup 3', 'backup 7']) {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Search and commands' }).fill(note);
      await page.getByRole('option', { name: new RegExp(`^${note}`) }).click();

      await focused(new RegExp(`^${note}`)).waitFor();
    }
  });

  it('is on the heading of an explanation, from the navigation and from an entry', async () => {
    await visit(page, '/admin/');
    await page.getByRole('navigation', { name: 'Main' }).getByText('Rejections').click();
    await focused('Rejections').waitFor();
    await page.locator(`main a[href$="${traceId}"]`).first().click();

    await page.locator('main h1:focus').waitFor();
    expect(page.url()).toContain(traceId);
  });

  it('stays where the user has moved it while the page loads', async () => {
    await visit(page, '/admin/users');
    let arrive = (): void => undefined;
    const held = new Promise<void>((resolve) => (arrive = resolve));
    await page.route(
      '**/users/ada',
      async (route) => {
        await held;
        await route.continue();
      },
      { times: 1 },
    );
    await page.locator('main a', { hasText: 'ada' }).first().click();
    await page.waitForURL('**/users/ada');
    const search = page.getByRole('navigation', { name: 'Main' }).getByRole('button').first();
    await search.focus();
    arrive();
    await page.getByRole('heading', { name: /^ada/, level: 1 }).waitFor();

    expect(await search.and(page.locator(':focus')).count()).toBe(1);
  });

  it.each<[string, () => Promise<Locator>]>([
    ['in the palette', openPalette],
    ['on a button', focusViewButton],
    ['on a link in a menu', focusLinkInMenu],
  ])('stays %s when the code that moves it arrives later', async (_, focusElement) => {
    let arrive = (): void => undefined;
    const held = new Promise<void>((resolve) => (arrive = resolve));
    let chunk = '';
    await page.route('**/chunk-*.js', async (route) => {
      const response = await route.fetch();
      const body = await response.text();
      if (body.includes('moveFocus')) {
        chunk = route.request().url();
        await held;
      }
      await route.fulfill({ response, body });
    });
    await page.goto('/admin/roles');
    await page.getByRole('navigation', { name: 'Main' }).getByText('Users').click();
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
    const element = await focusElement();
    arrive();
    await page.evaluate(`import(${JSON.stringify(chunk)})`);
    // A key press renders the page, which would move the focus.
    await page.keyboard.type('a');

    expect(await element.and(page.locator(':focus')).count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.unrouteAll();
  });
});

describe('Back', () => {
  beforeEach(() => page.setViewportSize({ width: 1280, height: 500 }));

  it.each([
    ['the list of tokens', '/admin/tokens?sort=creationTime', () => `main a[href$="${token.id}"]`],
    ['the audit trail', '/admin/audit', () => 'main a[href$="/users/ada"] >> nth=-1'],
  ])('returns to the same place of %s, with the focus on the opened link', async (_, list, link) => {
    await visit(page, list);
    const row = page.locator(link());
    await row.scrollIntoViewIfNeeded();
    const top = await scrollTop();
    expect(top).toBeGreaterThan(200);
    const path = await row.getAttribute('href');
    await row.click();
    await page.locator('main h1:focus').waitFor();
    expect(await scrollTop()).toBe(0);
    await page.goBack();

    await page.locator(`main a[href="${path}"]:focus`).waitFor();
    expect(await scrollTop()).toBe(top);
  });
});
