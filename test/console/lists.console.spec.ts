import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type BulkRequestDto } from '@latchkey/auth-models';
import { type Page } from 'playwright-core';
import { type Headers } from '../support/api-client.js';
import { newUser } from '../support/factories.js';
import { useConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';

const PEOPLE = Array.from({ length: 30 }, (_, index) => `person.${10 + index}`);

let headers: Headers;
let page: Page;

const inUse = useConsole(async (client, asAdmin) => {
  headers = asAdmin;
  for (const name of PEOPLE) {
    await client.createUser(newUser({ name, roles: ['user'] }), headers);
    await client.createUserToken(name, headers, { note: `job of ${name}` });
  }
});

beforeAll(() => {
  page = inUse.page;
});

const row = (text: string) => page.getByRole('row', { name: new RegExp(text.replaceAll('.', '\\.')) });
const box = (name: string) => page.getByRole('checkbox', { name: `Select ${name}`, exact: true });
const bar = (name: string) => page.getByRole('toolbar').getByRole('button', { name });

/** The bodies of bulk requests that are sent meanwhile. */
async function bulkBodies(path: string, act: () => Promise<void>): Promise<BulkRequestDto[]> {
  const bodies: BulkRequestDto[] = [];
  const note = (request: { url(): string; postDataJSON(): unknown }) => {
    if (new URL(request.url()).pathname === path) {
      bodies.push(request.postDataJSON() as BulkRequestDto);
    }
  };
  page.on('request', note);
  await act();
  page.off('request', note);
  return bodies;
}

describe('all rows that match a filter', () => {
  it('are selected from one row and changed by filter after a confirmation with their number', async () => {
    await visit(page, '/admin/tokens?q=job%20of%20person&kind=api&sort=note');
    await page.getByText('30 tokens').waitFor();
    await box('job of person.10').click();
    await page.getByRole('button', { name: 'Select all 30 that match' }).click();
    await page.getByText('30 selected').waitFor();

    const bodies = await bulkBodies('/tokens/bulk', async () => {
      await bar('Disable').click();
      await page.getByRole('alertdialog').getByRole('heading', { name: /30/ }).waitFor();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click();
      await page.getByText('30 tokens disabled.').waitFor();
    });

    // Only matching tokens that are still enabled.
    const filter = { q: 'job of person', kind: 'api', enabled: true };
    expect(bodies).toEqual([
      expect.objectContaining({ action: 'disable', filter, dryRun: true }),
      expect.objectContaining({ action: 'disable', filter, expectedCount: 30 }),
    ]);
    expect(bodies.some((body) => 'ids' in body)).toBe(false);
    const { body } = await inUse.client.tokens(headers, '?state=disabled&size=1');
    expect(body.total).toBe(30);
  });

  it('are selected with the checkbox above the cards on a narrow screen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await visit(page, '/admin/users?role=user');
    await page.getByText('30 users').waitFor();
    await page.getByRole('checkbox', { name: 'Select all on this page' }).click();
    await page.getByText('25 selected').waitFor();
    await page.getByRole('button', { name: 'Select all 30 that match' }).click();
    await page.getByText('30 selected').waitFor();

    const bodies = await bulkBodies('/users/bulk', async () => {
      await bar('Disable').click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click();
      await page.getByText('30 users disabled.').waitFor();
    });

    expect(bodies.at(-1)).toMatchObject({ action: 'disable', filter: { role: 'user' }, expectedCount: 30 });
    await page.setViewportSize({ width: 1280, height: 800 });
  });
});

describe('rows', () => {
  it('are selected as a range with the shift key, by mouse and keyboard', async () => {
    await visit(page, '/admin/users?role=user');
    await box('person.10').click();
    await box('person.14').click({ modifiers: ['Shift'] });
    await page.getByText('5 selected').waitFor();

    await page.getByRole('link', { name: /person\.14/ }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+Space');
    await page.getByText('8 selected').waitFor();
  });

  it('return the focus to the checkboxes when the selection is cleared', async () => {
    await page.getByRole('button', { name: 'Clear selection' }).click();

    await page.locator('app-row-checkbox input:focus').waitFor();
  });

  it('are selected as a range on cards', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await box('person.11').click();
    await box('person.13').click({ modifiers: ['Shift'] });
    await page.getByText('3 selected').waitFor();
    await page.getByRole('button', { name: 'Clear selection' }).click();
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('open in a new tab with the middle button', async () => {
    const opened = page.context().waitForEvent('page');
    await row('person.12').getByRole('cell').nth(3).click({ button: 'middle' });
    const tab = await opened;

    await tab.getByRole('heading', { name: 'person.12' }).waitFor();
    expect(new URL(tab.url()).pathname).toBe('/admin/users/person.12');
    expect(new URL(page.url()).pathname).toBe('/admin/users');
    await tab.close();
  });
});

describe('pages', () => {
  const pages = () => page.getByRole('navigation', { name: 'Pages' });

  it('are turned and kept in the URL', async () => {
    await pages().getByText('1–25 of 30').waitFor();
    await pages().getByRole('button', { name: 'Last page' }).click();
    await pages().getByText('26–30 of 30').waitFor();

    expect(new URL(page.url()).searchParams.get('page')).toBe('2');
    expect(await pages().getByRole('button', { name: 'Next page' }).getAttribute('aria-disabled')).toBe(
      'true',
    );
    await pages().getByRole('button', { name: 'Previous page' }).click();
    await pages().getByText('1–25 of 30').waitFor();
  });

  it('keep the chosen number of rows now, later and in shared URLs', async () => {
    await pages().getByRole('combobox', { name: 'Rows' }).selectOption('10');
    await pages().getByText('1–10 of 30').waitFor();
    await visit(page, '/admin/users?role=user');
    await pages().getByText('1–10 of 30').waitFor();
    await pages().getByRole('button', { name: 'Next page' }).click();
    await pages().getByText('11–20 of 30').waitFor();

    expect(new URL(page.url()).search).toBe('?role=user&size=10&page=2');
  });
});

describe('columns', () => {
  it.each([
    ['/admin/users', 'Tokens', 'tokenCount'],
    ['/admin/tokens', 'State', 'state'],
    ['/admin/roles', 'Assigned to', 'userCount'],
    ['/admin/apis', 'Limited tokens', 'tokenCount'],
  ])('sort %s by the values that the column shows: %s', async (path, heading, field) => {
    await visit(page, path);
    await page.getByRole('columnheader', { name: heading }).getByRole('button').click();
    await page.waitForURL((url) => url.searchParams.get('sort') === field);
    await page.getByRole('columnheader', { name: heading }).getByRole('button').click();
    await page.waitForURL((url) => url.searchParams.get('sort') === `-${field}`);

    await page.getByRole('row').nth(1).waitFor();
  });
});

/** Resolves when the list has measured itself and rendered its columns. */
const THREE_FRAMES = `new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))`;

describe('a list', () => {
  // Otherwise, a failed test of the print layout would fail all later tests.
  afterEach(() => page.emulateMedia({ media: null }));

  // In German, whose words are longer.
  describe('in German', () => {
    beforeAll(async () => {
      await page.evaluate("localStorage.setItem('latchkey-language', 'de')");
      await page.goto('/admin/');
      await page.getByRole('heading', { name: 'Start', exact: true }).waitFor();
    });

    afterAll(async () => {
      await page.evaluate("localStorage.removeItem('latchkey-language')");
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.reload();
    });

    it.each([
      ['/admin/tokens', 'Token'],
      ['/admin/users', 'Benutzer'],
      ['/admin/roles', 'Rollen'],
      ['/admin/apis', 'APIs'],
    ])('is a table that fits into windows of 712 to 1920 pixels: %s', async (path, title) => {
      // From wide to narrow, because a column that stays by mistake does not fit then.
      await page.setViewportSize({ width: 1920, height: 800 });
      await visit(page, path);
      await page.getByRole('heading', { name: title, exact: true }).waitFor();
      for (const width of [1920, 1280, 1240, 1200, 1199, 1024, 900, 860, 859, 712]) {
        await page.setViewportSize({ width, height: 800 });
        await page.locator('tbody [data-row]').first().waitFor();
        await page.evaluate(THREE_FRAMES);
        const hidden =
          "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.rows'))";
        const innerWidth = await page.evaluate('innerWidth');
        expect([width, innerWidth, await page.evaluate(hidden)]).toEqual([width, width, 0]);
      }
    });
  });

  it('consists of cards below 680 pixels', async () => {
    await page.setViewportSize({ width: 711, height: 800 });
    await visit(page, '/admin/roles');

    await page.locator('li [data-row]').first().waitFor();
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it.each([
    ['/admin/tokens', 'app-token-identity'],
    ['/admin/users', 'app-user-identity'],
  ])('fits on a phone with letters twice as large: %s', async (path, identity) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.evaluate("document.documentElement.style.fontSize = '32px'");
    await visit(page, path);
    await page.locator(`li ${identity}`).first().waitFor();
    const widths = "[document.querySelector('.rows').scrollWidth, document.documentElement.scrollWidth]";
    expect(await page.evaluate(widths)).toEqual([356, 390]);

    await page.evaluate("document.documentElement.style.fontSize = ''");
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('prints without navigation and controls', async () => {
    await visit(page, '/admin/users');
    await page.getByRole('row').nth(1).waitFor();
    await page.emulateMedia({ media: 'print' });

    expect(await page.getByRole('navigation', { name: 'Main' }).isVisible()).toBe(false);
    expect(await page.getByRole('button', { name: 'View', exact: true }).isVisible()).toBe(false);
    expect(await page.getByRole('row').nth(1).isVisible()).toBe(true);
  });

  it('prints the audit trail with values below their headings', async () => {
    await visit(page, '/admin/audit');
    await page.locator('app-audit-row').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    // In one step, because the margins of the page change some time after the medium.
    const [time, who, ...headings] = await page.evaluate<number[]>(
      `['app-audit-row time', 'app-audit-row .who', '.columns > :nth-child(1)', '.columns > :nth-child(2)']
        .map((one) => document.querySelector(one).getBoundingClientRect().left)`,
    );

    expect([time, who]).toEqual(headings);
  });

  it('keeps the color of a selected row below the pointer', async () => {
    await visit(page, '/admin/users?role=user');
    await box('person.10').check();
    const color = () =>
      page.evaluate<string>("getComputedStyle(document.querySelector('tr.selected')).backgroundColor");
    await row('person.10').hover();
    const hovered = await color();
    await row('person.12').hover();

    expect(hovered).toBe(await color());
    await box('person.10').uncheck();
  });
});

describe('the head of a list', () => {
  it.each(['/admin/tokens', '/admin/users'])('of %s leaves the screen to the rows', async (path) => {
    await visit(page, path);
    const top = (await page.locator('tbody tr').first().boundingBox())?.y;

    expect(top).toBeLessThan(220);
  });
});

describe('an export', () => {
  it('contains all matching rows as JSON lines', async () => {
    await visit(page, '/admin/users?role=user&sort=-name');
    await page.getByRole('button', { name: 'View', exact: true }).click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'JSON Lines' }).click();
    const parts = [];
    for await (const part of await (await downloading).createReadStream()) {
      parts.push(part as Buffer);
    }

    const lines = Buffer.concat(parts).toString('utf8').trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { name: string }).name)).toEqual([...PEOPLE].reverse());
  });
});

describe('the search of a list', () => {
  it('ignores / typed into a dialog or menu', async () => {
    await visit(page, '/admin/users?role=user');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('/');

    expect(await page.locator('app-search-field input:focus').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.locator('app-search-field input:focus').waitFor();
  });

  it('keeps the text in the URL on the settings page', async () => {
    await visit(page, '/admin/settings?q=password');
    await page.getByText('LATCHKEY_ADMIN_PASSWORD', { exact: true }).first().waitFor();

    expect(await page.getByRole('searchbox').inputValue()).toBe('password');
  });
});
