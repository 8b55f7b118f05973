import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Sqlite from '#sqlite';
import { type Page } from 'playwright-core';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { ConsoleBrowser } from '../support/browser/console-browser.js';
import { PASSWORD } from '../support/factories.js';
import { layoutShifts, observeTiming } from '../support/browser/page-timing.js';
import { ServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/use-replicas.js';

const DAY = 86_400_000;

let folder: string;
let server: ServerProcess;
let browser: ConsoleBrowser;
let asAdmin: Headers;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
  server = await ServerProcess.start({
    DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
    LATCHKEY_ADMIN_PASSWORD: PASSWORD,
    LATCHKEY_API_TOKEN_NO_EXPIRY: 'true',
  });
  browser = await ConsoleBrowser.launch(server.client.baseUrl);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const card = (heading: string) => page.getByRole('region', { name: new RegExp(heading) });

/** Creates a service with tokens that are `age` days old. */
async function createTokens(name: string, notes: readonly string[], options: object, age = 0): Promise<void> {
  await server.client.createUser({ name, kind: 'service' }, asAdmin);
  for (const note of notes) {
    const { status, body } = await server.client.createUserToken(name, asAdmin, { note, ...options });
    expect(status).toBe(201);
    const database = new Sqlite(join(folder, 'latchkey.sqlite'));
    database
      .prepare('UPDATE tokens SET "creationTime" = "creationTime" - ? WHERE id = ?')
      .run(age * DAY, body.id);
    database.close();
  }
}

/** Waits until the server has written the use of a permission. */
const untilWritten = (id: string) =>
  waitUntil(async () => {
    const { body } = await server.client.tokenUsage(id, asAdmin);
    return body.permissions?.some(({ lastUseDate }) => lastUseDate !== undefined) ?? false;
  });

const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

// The steps depend on each other.
describe('the home page', () => {
  it('welcomes the first administrator with a command, and confirms the request', async () => {
    page = await browser.open('/admin/');
    await page.getByLabel('Name', { exact: true }).fill('admin');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Waiting for your request').waitFor();
    await page.getByText(/curl -X POST -u 'admin'/).waitFor();

    // A sign-in to another console does not count.
    const other = await browser.open('/admin/');
    await other.getByLabel('Name', { exact: true }).fill('admin');
    await other.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByText('Waiting for your request').waitFor();
    await other.context().close();
    await page.waitForTimeout(2_500);
    await page.getByText('Waiting for your request').waitFor();

    await server.client.login('admin', PASSWORD, { headers: { 'User-Agent': 'curl/8.14.1' } });

    await page.getByText('Request received from curl/8.14.1').waitFor();
    const figure = page.locator('app-server-stats dl > div').filter({ hasText: 'Sign-ins today' });
    await figure.getByText('3', { exact: true }).waitFor();
  });

  it('shows the welcome without layout shifts', async () => {
    await observeTiming(page.context());
    await page.reload();
    await page.getByText('Waiting for your request').waitFor();
    await page.getByRole('heading', { name: 'Sign-ins in the last 30 days' }).waitFor();

    expect(await layoutShifts(page)).toEqual([]);
  });

  it('reports that there is nothing to do', async () => {
    await page.getByRole('heading', { name: 'Nothing to do' }).waitFor();
  });

  it('opens the form for a service', async () => {
    await page.getByRole('link', { name: 'Create a service and its first token' }).click();
    await page.getByRole('dialog').getByText('A service has no password').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    await page.getByRole('heading', { name: 'Nothing to do' }).waitFor();
  });

  it('hides the welcome after it is dismissed', async () => {
    await page.getByRole('button', { name: 'Do not show again' }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Nothing to do' }).waitFor();

    expect(await page.getByText('Send your first request').count()).toBe(0);
  });

  it('groups tokens by the reason why they need attention', async () => {
    asAdmin = await server.client.loginHeaders('admin', PASSWORD);
    await createTokens('deploy', ['production', 'staging'], { expirationTime: inDays(5) });
    await createTokens('old', ['forgotten one', 'forgotten two', 'forgotten three'], {}, 8);
    await createTokens('forever', ['no end in sight', 'nor here', 'nor there'], { expirationTime: null });
    await createTokens('gone', ['of somebody who left'], {});
    await server.client.updateUser('gone', { enabled: false }, { ...asAdmin, 'If-Match': '*' });
    await page.reload();

    await card('Expires within 14 days').getByText('production').waitFor();
    await card('Never used').getByText('forgotten one').waitFor();
    await card('No expiry').getByText('no end in sight').waitFor();
    await card('Owner is disabled').getByText('of somebody who left').waitFor();
  });

  it('shows leaked tokens and used canaries first', async () => {
    await server.client.createUser({ name: 'spilled', kind: 'service' }, asAdmin);
    const { body: leaked } = await server.client.createUserToken('spilled', asAdmin, { note: 'in a commit' });
    const { body: canary } = await server.client.createMyToken(asAdmin, {
      kind: 'canary',
      note: 'in the wiki',
    });
    await server.client.reportLeak({ tokens: [leaked.token ?? ''] });
    await server.client.me(tokenHeader(canary));
    await waitUntil(
      async () => (await server.client.tokens(asAdmin, '?kind=canary&neverUsed=false')).body.total === 1,
    );
    await waitUntil(
      async () => (await server.client.tokens(asAdmin, '?leaked=true&state=revoked')).body.total === 1,
    );

    await page.reload();

    await card('Canary used').getByText('in the wiki').waitFor();
    await card('Reported as leaked').getByText('in a commit').waitFor();
    await server.client.revokeToken(canary.id, asAdmin);
    await server.client.deleteUser('spilled', asAdmin);
    await page.reload();
  });

  it('extends a token, and undoes it', async () => {
    await page.getByRole('button', { name: 'Extend by 90 days: production' }).click();
    await card('Expires within 14 days').getByText('production').waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Undo' }).click();
    await card('Expires within 14 days').getByText('production').waitFor();
  });

  it('extends all tokens of a group after a confirmation with their number', async () => {
    await page.getByRole('button', { name: 'Extend all 2' }).click();
    await page.getByRole('alertdialog').getByText('Extend 2 tokens?').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Extend all 2' }).click();

    await page.getByText('2 tokens changed').waitFor();
    await card('Expires within 14 days').waitFor({ state: 'detached' });
  });

  it('sets the expiry of a token, and moves the focus to the next row', async () => {
    await page.getByRole('button', { name: 'Expire in 90 days: no end in sight' }).click();
    await page.getByText('The token expires on').waitFor();
    await card('No expiry').getByText('no end in sight').waitFor({ state: 'detached' });

    expect(await page.locator(':focus').innerText()).toContain('nor here');
  });

  it('sets the expiry of all tokens of a group', async () => {
    await page.getByRole('button', { name: 'Set expiry for 2' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Set expiry for 2' }).click();
    await page.getByText('2 tokens changed').waitFor();

    await card('No expiry').waitFor({ state: 'detached' });
    const { body } = await server.client.tokens(asAdmin, '?user=forever');
    expect(body.items.every(({ expirationTime }) => expirationTime !== undefined)).toBe(true);
  });

  it('revokes all tokens of a group', async () => {
    await page.getByRole('button', { name: 'Revoke all 3' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke all 3' }).click();

    await page.getByText('3 tokens changed').waitFor();
    await card('Never used').waitFor({ state: 'detached' });
  });

  it('revokes a token, but not when the user cancels', async () => {
    await page.getByRole('button', { name: 'Revoke: of somebody who left' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await card('Owner is disabled').getByText('of somebody who left').waitFor();

    await page.getByRole('button', { name: 'Revoke: of somebody who left' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    await card('Owner is disabled').waitFor({ state: 'detached' });
  });

  it('shows tokens with unused permissions, and removes these permissions', async () => {
    await server.client.createUser({ name: 'wide', kind: 'service', roles: ['auditor'] }, asAdmin);
    const permissions = ['tokens:read', 'users:read'];
    const { body } = await server.client.createUserToken('wide', asAdmin, { note: 'report', permissions });
    const database = new Sqlite(join(folder, 'latchkey.sqlite'));
    database.prepare('UPDATE tokens SET "creationTime" = 0 WHERE id = ?').run(body.id);
    database.close();
    await server.client.verify(tokenHeader(body), '?permission=users:read');
    await untilWritten(body.id);
    await page.goto('/admin/');
    await card('Unused permissions').getByText('report').click();
    await page.getByText('never used', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Remove unused permissions' }).click();
    await page.getByRole('alertdialog').getByText('tokens:read').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('1 unused permission removed. Rejected everywhere by').waitFor();
    await page.getByText('never used', { exact: true }).waitFor({ state: 'detached' });

    expect((await server.client.token(body.id, asAdmin)).body.permissions).toEqual(['users:read']);
    await page.goto('/admin/');
    await page.getByRole('heading', { name: 'Nothing to do' }).waitFor();
  });

  it('updates the statistics after a change', async () => {
    const tile = page.locator('app-server-stats dl > div').filter({ hasText: 'Valid tokens' });
    const { body } = await server.client.stats(asAdmin);

    await tile.getByText(String(body.tokens.live), { exact: true }).waitFor();
  });

  it('links the failed sign-ins of today to the audit trail', async () => {
    await page.getByRole('link', { name: 'Failed today' }).click();
    await page.getByRole('button', { name: /^Action: Failed to sign in/ }).waitFor();

    expect(new URL(page.url()).searchParams.get('from')).toMatch(/^\d{4}-\d\d-\d\dT00:00:00.000Z$/);
    await page.goBack();
  });

  it('shows the days with sign-ins as a table', async () => {
    await page.getByRole('button', { name: 'Show as table' }).click();

    const rows = page.getByRole('region', { name: 'Sign-ins in the last 30 days' }).last().getByRole('row');
    await rows.nth(1).waitFor();
    expect(await rows.count()).toBe(2);
  });

  it('reports an unreachable server above the stale data', async () => {
    await server.stop();
    await page.getByRole('link', { name: 'Tokens', exact: true }).click();
    await page.getByText('No connection').first().waitFor();
    await page.getByRole('link', { name: 'Home', exact: true }).click();

    await page.getByText('No connection').first().waitFor();
  });

  it('causes no CSP violations, exceptions or requests to other hosts', () => {
    expect(browser.misbehaviour).toEqual([]);
  });
});
