import { beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Locator, type Page } from 'playwright-core';
import { ADMIN, newUser } from '../support/factories.js';
import { useServedConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';

const PEOPLE = ['ada', 'ben', 'cleo', 'dora'];
const TABS_MAX = 25;

/** Each dialog with its page, its button, and the item if the button opens a menu. */
const DIALOGS: [dialog: string, path: string, button: RegExp, item: string | null][] = [
  ['a new user', '/users', /^New user$/, null],
  ['a new password', '/users/ada', /^More$/, 'Set password…'],
  ['a set-up link', '/users/ada', /^More$/, 'Create set-up link…'],
  ['the revocation of all tokens', '/users/ada', /^More$/, 'Revoke all tokens…'],
  ['a deletion', '/users/ada', /^More$/, 'Delete…'],
  ['a revocation in a list', '/tokens?q=job', /^Revoke job of ada$/, null],
  ['a revocation', '/tokens/{token}', /^More$/, 'Revoke'],
  ['an edit', '/tokens/{token}', /^More$/, 'Edit'],
  ['the revocation of other tokens', '/account', /^Revoke all others$/, null],
  ['the search palette', '/settings', /^Search$/, null],
  ['the keyboard shortcuts', '/settings', /^Account of/, 'Keyboard shortcuts'],
];

let page: Page;
let token: UserTokenDto;

const inUse = useServedConsole(async (client, headers) => {
  for (const name of PEOPLE) {
    await client.createUser(newUser({ name, roles: ['user'] }), headers);
    token = (await client.createUserToken(name, headers, { note: `job of ${name}` })).body;
  }
});

beforeAll(async () => {
  page = await inUse.browser.open('/admin/');
});

const keys = async (...pressed: string[]) => {
  for (const key of pressed) {
    await page.keyboard.press(key);
  }
};
const hasFocus = (target: Locator) =>
  target
    .and(page.locator(':focus'))
    .waitFor()
    .catch(async (error: Error) => {
      const focused = await page.evaluate<string>('document.activeElement.outerHTML.slice(0, 300)');
      throw new Error(`The focus is on ${focused}`, { cause: error });
    });
const link = (name: string) => page.getByRole('link', { name: new RegExp(`^${name}`) });
const title = (name: string) => page.getByRole('heading', { name, exact: true, level: 1 });

/** Opens the menu of a button and waits until it has the focus. */
async function openMenu(button: Locator): Promise<void> {
  await button.press('Enter');
  await page.getByRole('menu').locator(':focus').waitFor();
}

async function closeDialog(): Promise<void> {
  const dialog = page.locator('mat-dialog-container');
  await dialog.locator(':focus').waitFor();
  await keys('Escape');
  await dialog.waitFor({ state: 'detached' });
}

/** Presses Tab until the target has the focus. */
async function tabTo(target: Locator): Promise<void> {
  await target.waitFor();
  for (let steps = 0; steps < TABS_MAX; steps += 1) {
    if ((await target.and(page.locator(':focus')).count()) > 0) {
      return;
    }
    await keys('Tab');
  }
  throw new Error(`It has not got the focus after ${TABS_MAX} steps`);
}

/** Whether an entry of the navigation, or its text, overlaps another. */
const OVERLAPS = `(() => {
  const links = [...document.querySelectorAll('nav :is(a, button)')].filter((one) => one.checkVisibility());
  const boxes = links.map((one) => one.getBoundingClientRect());
  const isOver = (one, other) => one.top < other.bottom && other.top < one.bottom
    && one.left < other.right && other.left < one.right;
  return links.some((one) => one.scrollHeight > one.clientHeight || one.scrollWidth > one.clientWidth)
    || boxes.some((one, index) => boxes.slice(index + 1).some((other) => isOver(one, other)));
})()`;

/** Waits until the browser has applied a new window size. */
const becomesTrue = (condition: string) =>
  page.evaluate(`new Promise((done) => {
    const check = () => (${condition} ? done() : requestAnimationFrame(check));
    check();
  })`);

/** Parts of a page that cut off their content, or that only scrolling sideways shows. */
const TOO_WIDE = `[...document.querySelectorAll('html, .surface, .rows, mat-button-toggle-group')]
  .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.outerHTML.slice(0, 200))`;

// The steps depend on each other.
describe('the keyboard', () => {
  it('signs in', async () => {
    await hasFocus(page.getByLabel('Name', { exact: true }));
    await page.keyboard.type(ADMIN.name);
    await tabTo(page.getByLabel('Password', { exact: true }));
    await page.keyboard.type(ADMIN.password);
    await keys('Enter');

    await title('Home').waitFor();
  });

  it.each([
    ['t', 'Tokens'],
    ['r', 'Roles'],
    ['p', 'APIs'],
    ['a', 'Audit trail'],
    ['e', 'Rejections'],
    ['s', 'Settings'],
    ['h', 'Home'],
    ['u', 'Users'],
  ])('opens with g %s the page %s and focuses its heading', async (key, heading) => {
    await keys('g', key);

    await hasFocus(title(heading));
  });

  it('finds a user and changes the display name', async () => {
    await keys('/');
    await page.keyboard.type('dora');
    await page.getByText('1 user found').waitFor();
    await keys('ArrowDown');
    await hasFocus(link('dora'));
    await keys('Enter');
    await tabTo(page.getByLabel('Display name'));
    await page.keyboard.type('Dora D.');
    await keys('Enter');

    await page.getByText('Profile of dora saved.').waitFor();
  });

  it('switches the tab of a page', async () => {
    await tabTo(page.getByRole('tab', { name: 'Profile' }));
    await keys('ArrowRight', 'Enter');

    await page.getByText('job of dora').waitFor();
    expect(new URL(page.url()).searchParams.get('tab')).toBe('tokens');
  });
});

describe('the rows of a list', () => {
  it.each([
    ['/users?sort=name', ['ada', 'admin', 'ben']],
    ['/tokens?kind=api&sort=note', ['job of ada', 'job of ben', 'job of cleo']],
    ['/roles?sort=name', ['admin', 'auditor', 'user']],
  ])('move the focus with the arrow keys and open with Enter on %s', async (path, names) => {
    await visit(page, `/admin${path}`);
    const rows = page.locator('[data-row]');
    await rows.first().focus();
    await keys('End');
    await hasFocus(rows.last());
    await keys('ArrowDown');
    await hasFocus(rows.last());
    await keys('Home');
    const start = await rows.allInnerTexts();
    const steps = start.findIndex((text) => text.startsWith(names[0] ?? ''));
    await keys(...Array.from({ length: steps }, () => 'ArrowDown'));
    for (const name of names) {
      await hasFocus(link(name));
      await keys('ArrowDown');
    }
    await link(names.at(-1) ?? '').focus();
    await keys('ArrowUp');
    await hasFocus(link(names.at(-2) ?? ''));
    await keys('Enter');

    await title(names.at(-2) ?? '').waitFor();
  });

  it('move the focus and are selected as a range when shown as cards', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await visit(page, '/admin/tokens?kind=api&sort=note');
    await link('job of ada').focus();
    await keys('Space', 'ArrowDown', 'ArrowDown', 'Shift+Space');
    await page.getByText('3 selected').waitFor();
    await keys('Enter');

    await title('job of cleo').waitFor();
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('open in a new tab with Ctrl and a click or Enter', async () => {
    await visit(page, '/admin/users?sort=name');
    // A click while the rows are replaced has no effect.
    await page.locator('[aria-busy=false] tbody tr').first().waitFor();
    const acts = [
      () =>
        page
          .getByRole('row', { name: /ada/ })
          .getByRole('cell')
          .nth(4)
          .click({ modifiers: ['Control'] }),
      () => link('ada').press('Control+Enter'),
    ];
    const tabs: Page[] = [];
    for (const act of acts) {
      const [tab] = await Promise.all([page.context().waitForEvent('page'), act()]);
      // The tab may stay in the background, where nothing is rendered.
      await tab.waitForURL('**/admin/users/ada', { waitUntil: 'commit' });
      tabs.push(tab);
    }
    // At the end, because the event of a tab can be lost while another one closes.
    await Promise.all(tabs.map((tab) => tab.close()));

    expect(new URL(page.url()).pathname).toBe('/admin/users');
  });
});

describe('the focus', () => {
  it.each(DIALOGS)('returns to its place after the dialog of %s', async (_dialog, path, name, item) => {
    await visit(page, `/admin${path.replace('{token}', token.id)}`);
    const button = page.getByRole('button', { name });
    // Dialogs in a script of their own open faster the second time.
    for (let times = 1; times <= 2; times += 1) {
      if (item === null) {
        await button.press('Enter');
      } else {
        await openMenu(button);
        await page.getByRole('menuitem', { name: item, exact: true }).press('Enter');
      }
      await closeDialog();

      await hasFocus(button);
    }
  });

  it('returns to the button above the selected rows', async () => {
    await visit(page, '/admin/users?sort=name');
    await link('ada').focus();
    await keys('Space');
    const button = page.getByRole('toolbar').getByRole('button', { name: 'More' });
    for (const item of [/^Assign role/, /^Remove role/, /^Delete/]) {
      await openMenu(button);
      await page.getByRole('menuitem', { name: item }).press('Enter');
      await closeDialog();

      await hasFocus(button);
    }
  });

  it('returns to the row after the keyboard shortcuts', async () => {
    await visit(page, '/admin/users');
    await link('ben').focus();
    await keys('?');
    const shortcuts = page.getByRole('dialog', { name: 'Keyboard' });
    await shortcuts.waitFor();
    // Relative to the width, because the dialog grows while it opens.
    const gap = await page.evaluate<number>(`(() => {
      const home = [...document.querySelectorAll('dt')].find((keys) => keys.textContent.includes('Home'));
      const [one, other] = [...home.querySelectorAll('kbd')].map((key) => key.getBoundingClientRect());
      return (other.left - one.right) / one.width;
    })()`);
    expect(gap).toBeGreaterThan(0.05);
    await keys('Escape');

    await hasFocus(link('ben'));
  });

  it('returns to the button of the menu of filters, also from a filter without a value', async () => {
    await visit(page, '/admin/tokens');
    const button = page.getByRole('button', { name: 'Filter', exact: true });
    await openMenu(button);
    await keys('Escape');
    await hasFocus(button);
    await openMenu(button);
    await page.getByRole('menuitem', { name: 'State…' }).press('Enter');
    await page.getByRole('menuitemradio', { name: 'Any', exact: true }).and(page.locator(':focus')).waitFor();
    await keys('Escape');
    await hasFocus(button);
    await openMenu(button);
    await page.getByRole('menuitem', { name: 'Owner…' }).press('Enter');
    await page.getByRole('dialog', { name: 'Owner' }).locator('input:focus').waitFor();
    await keys('Escape');

    await hasFocus(button);
    await page.locator('app-filter-chip').waitFor({ state: 'detached' });
  });

  it('moves to the next row when a token is revoked', async () => {
    await visit(page, '/admin/tokens?kind=api&sort=note');
    await page.getByRole('button', { name: 'Revoke job of ada' }).press('Enter');
    const dialog = page.getByRole('alertdialog');
    // The dialog takes the focus once it has opened.
    await dialog.locator(':focus').waitFor();
    await dialog.getByRole('button', { name: 'Revoke' }).press('Enter');

    await hasFocus(link('job of ben'));
  });
});

describe('the navigation', () => {
  const users = () => page.getByRole('link', { name: 'Users', exact: true });
  const hasWidth = (width: number) =>
    becomesTrue(`document.querySelector('nav').getBoundingClientRect().width === ${width}`);

  it('consists of icons with tooltips in windows below 1200 pixels', async () => {
    await page.setViewportSize({ width: 1199, height: 800 });
    await visit(page, '/admin/settings');
    await hasWidth(72);
    await users().focus();
    await keys('Shift+Tab', 'Tab');
    await page.getByText('Users', { exact: true }).and(page.locator('.mat-mdc-tooltip *')).waitFor();
    await keys('Escape', 'Enter');

    await title('Users').waitFor();
    await page.setViewportSize({ width: 1200, height: 800 });
    await hasWidth(248);
  });
});

// In German, whose words are longer.
describe('with letters twice as large', () => {
  beforeAll(async () => {
    await page.evaluate("localStorage.setItem('latchkey-language', 'de')");
    await page.goto('/admin/users');
    await page.getByRole('heading', { name: 'Benutzer' }).waitFor();
    await page.evaluate("document.documentElement.style.fontSize = '32px'");
  });

  it.each([
    [1280, 800],
    [1199, 800],
    [390, 844],
    [320, 256],
  ])('the navigation overlaps nothing at %i pixels', async (width, height) => {
    await page.setViewportSize({ width, height });
    await visit(page, '/admin/users');
    await page.getByRole('heading', { name: 'Benutzer' }).waitFor();
    await becomesTrue(`innerWidth === ${width}`);
    expect(await page.evaluate(OVERLAPS)).toBe(false);
  });

  it.each([
    ['/admin/', 'app-login-chart'],
    ['/admin/users/ada?tab=activity', 'app-activity li'],
    ['/admin/tokens/{token}', 'app-token-limits'],
    ['/admin/roles/_new', 'app-permission-picker li'],
    ['/admin/apis/users/protect', 'mat-form-field label'],
    ['/admin/audit', 'app-audit-row'],
    ['/admin/settings', 'app-verifier-list li'],
  ])('a page fits on a phone: %s', async (path, content) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await visit(page, path.replace('{token}', token.id));
    await page.locator(content).first().waitFor();

    expect(await page.evaluate(TOO_WIDE)).toEqual([]);
  });
});
