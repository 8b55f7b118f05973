import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { ADMIN, newUser } from '../support/factories.js';
import { waitUntil } from '../support/wait-until.js';
import { useConsole } from '../support/browser/use-console.js';

const member = newUser({ name: 'member' });

let page: Page;

const inUse = useConsole((client, asAdmin) => client.createUser(member, asAdmin), {
  LATCHKEY_SESSION_IDLE_SECONDS: '129600',
});

beforeAll(() => {
  page = inUse.page;
});

const row = (name: string) => page.getByRole('listitem').filter({ hasText: name });

// The steps depend on each other.
describe('the settings page', () => {
  it('opens with g s, and shows each variable with value, description and source', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByText(/\d{2} variables/).waitFor();
    await row('LATCHKEY_AUDIT_KEY').waitFor();
    await row('LATCHKEY_METRICS').waitFor({ state: 'hidden' });
    await page.getByRole('heading', { name: 'Advanced settings' }).click();

    const idle = await row('LATCHKEY_SESSION_IDLE_SECONDS').innerText();
    expect(idle).toContain('129600 · 1 day 12 hours');
    expect(idle).toContain('Time after which an unused session expires.');
    expect(idle).toMatch(/Source: *\n? *Environment/);
    expect(await row('LATCHKEY_METRICS').innerText()).toContain('for no one (off).');
  });

  it('names the commands while there is neither a backup nor a verification of the audit trail', async () => {
    const text = await page.locator('app-server-state').innerText();
    expect(text).toContain('No backup recorded');
    expect(text).toContain('latchkey backup FILE');
    expect(text).toContain('Never verified');
    expect(text).toContain('latchkey verify-audit');
  });

  it('hides secrets', async () => {
    expect(await row('LATCHKEY_ADMIN_PASSWORD').innerText()).toContain('set, value hidden');
    expect(await page.locator('main').innerText()).not.toContain(ADMIN.password);
  });

  it('filters variables by their description', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('failed sign-ins');
    await page.getByText('2 variables').waitFor();
    await page.getByLabel('Filter by name or description').fill('nothing like this');
    await page.getByRole('heading', { name: 'No matching variables' }).waitFor();
    await page.getByRole('button', { name: 'Clear filter' }).click();
    await page.getByText(/\d{2} variables/).waitFor();
  });

  it('shows the button that copies the name of a variable on focus', async () => {
    const opacity = () =>
      page.evaluate<string>(
        `getComputedStyle(document.querySelector('[aria-label="Copy DATABASE_URL"]').parentElement).opacity`,
      );
    expect(await opacity()).toBe('0');
    await page.getByRole('button', { name: 'Copy DATABASE_URL' }).focus();
    // With reduced motion, every change is a transition of one millisecond.
    await waitUntil(opacity, (value) => value === '1');
    await page.getByRole('button', { name: 'Copy DATABASE_URL' }).click();

    await row('DATABASE_URL').getByText('Copied').waitFor({ state: 'attached' });
  });

  it('shows the version and links the API documentation', async () => {
    const { body } = await inUse.client.request<{ info: { version: string } }>('GET', '/openapi.json');
    await page.getByText(body.info.version, { exact: true }).waitFor();
    const urls = await page.evaluate<string[]>(
      "performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)",
    );
    expect(urls).not.toContain('/openapi.json');

    expect(await page.getByRole('link', { name: 'Documentation' }).getAttribute('href')).toBe('/docs');
  });

  it('reports an unreachable server, and its return', async () => {
    await page.getByText('Ready to serve').waitFor();
    await inUse.stopServer();
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText('Not ready').waitFor();
    await inUse.startServer();
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText('Ready to serve').waitFor();
  });

  it('shows warnings of a ready server', async () => {
    const remark =
      'Notifications from other replicas do not arrive, so the server reads every token from the database.';
    const json = { status: 'ok', remarks: [remark] };
    await page.route('**/health/ready', (route) => route.fulfill({ json }), { times: 1 });
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByRole('list', { name: 'Server warnings' }).getByText(remark).waitFor();
    await page.getByText('Tokens are still verified securely').waitFor();
    await page.getByText('Ready to serve').waitFor();
    await page.getByRole('button', { name: 'Check again' }).click();

    await page.getByText('Tokens are still verified securely').waitFor({ state: 'detached' });
  });

  it('opens from the menu More on a narrow screen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('link', { name: 'Tokens' }).click();
    await page.getByRole('button', { name: 'More pages' }).click();
    await page.getByRole('menuitem', { name: 'Settings' }).click();

    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  });

  it('states the missing permission to users without it', async () => {
    const other = await inUse.signedIn('member', '/admin/settings');
    await other.getByRole('heading', { name: 'No access to this page' }).waitFor();
    await other.getByText('It requires the permission settings:read.').waitFor();

    expect(await other.getByRole('link', { name: 'Settings' }).count()).toBe(0);
    await other.context().close();
  });
});
