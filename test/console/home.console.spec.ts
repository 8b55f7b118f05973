import { describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';
import { layoutShifts, observeTiming, SHIFT_MAX } from '../support/browser/page-timing.js';
import { signIn, useServedConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';
import { flushTokenUsage, settleCanaries, settleLeakReports } from '../support/use-server.js';

const DAY = 86_400_000;

let asAdmin: Headers;
let page: Page;

const inUse = useServedConsole(
  (_client, headers) => {
    asAdmin = headers;
  },
  { LATCHKEY_API_TOKEN_NO_EXPIRY: 'true' },
);

const card = (heading: string) => page.getByRole('region', { name: new RegExp(heading) });
const tidyUp = () => page.locator('summary', { hasText: 'Tidy up' });
const headings = () => page.locator('app-inbox').getByRole('heading', { level: 3 }).allInnerTexts();

/** Creates a service with tokens that are `age` days old. */
async function createTokens(name: string, notes: readonly string[], options: object, age = 0): Promise<void> {
  await inUse.client.createUser({ name, kind: 'service' }, asAdmin);
  for (const note of notes) {
    const { status, body } = await inUse.client.createUserToken(name, asAdmin, { note, ...options });
    expect(status).toBe(201);
    await inUse.database.execute(
      `UPDATE tokens SET "creationTime" = "creationTime" - ${age * DAY} WHERE id = '${body.id}'`,
    );
  }
}

const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

// The steps depend on each other.
describe('the home page', () => {
  it('welcomes the first administrator with a command, and confirms the request', async () => {
    const first = await inUse.browser.open('/admin/');
    await signIn(first, ADMIN.name, ADMIN.password);
    await first.getByText('Waiting for your request').waitFor();
    await first.getByText(/curl -X POST -u 'admin'/).waitFor();

    // A sign-in to another console does not count.
    const other = await inUse.browser.open('/admin/');
    await signIn(other, ADMIN.name, ADMIN.password);
    await other.getByText('Waiting for your request').waitFor();
    await other.context().close();
    await first.waitForResponse(/\/me\/tokens/);
    await first.getByText('Waiting for your request').waitFor();

    await inUse.client.login(ADMIN.name, ADMIN.password, { headers: { 'User-Agent': 'curl/8.14.1' } });

    await first.getByText('Request received from curl/8.14.1').waitFor();
    const figure = first.locator('app-server-stats dl > div').filter({ hasText: 'Sign-ins today' });
    await figure.getByText('4', { exact: true }).waitFor();
    await first.context().close();
  });

  it('shows the welcome without layout shifts', async () => {
    // The last test opens another page after the server has stopped.
    page = await inUse.signedIn(ADMIN.name, '/admin/', { preloads: true });
    await observeTiming(page.context());
    await page.reload();
    await page.getByText('Waiting for your request').waitFor();
    await page.getByRole('heading', { name: 'Sign-ins in the last 30 days' }).waitFor();

    expect((await layoutShifts(page)).filter(({ value }) => value > SHIFT_MAX)).toEqual([]);
  });

  it('links to the administrators without a second factor', async () => {
    await card('1 administrator without a second factor').getByRole('link').click();
    await page.waitForURL(/\/users\?/);
    await page.getByRole('row').filter({ hasText: ADMIN.name }).waitFor();

    expect(new URL(page.url()).search).toBe('?role=admin&enabled=true&secondFactor=false');
  });

  it('reports that there is nothing to do once they have one', async () => {
    await inUse.database.execute(
      `INSERT INTO second_factors ("id", "userId", "kind", "creationTime", "confirmationTime", "lastStep", "sealedSecret")
       SELECT 'factor', "id", 'totp', 0, 0, 0, '' FROM users`,
    );
    await visit(page, '/admin/');

    await page.getByRole('heading', { name: 'Nothing to do' }).waitFor();
  });

  it('links to the users whose passkey may be copied', async () => {
    await inUse.database.execute('UPDATE second_factors SET "copiedTime" = 1');
    await visit(page, '/admin/');

    await card('1 user with a passkey that may be copied').getByRole('link').click();
    await page.waitForURL(/\/users\?copiedPasskey=true/);
    await page.getByText('Passkey possibly copied').waitFor();

    await page.getByRole('row').filter({ hasText: ADMIN.name }).waitFor();
    await inUse.database.execute('UPDATE second_factors SET "copiedTime" = NULL');
    await visit(page, '/admin/');
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
    await createTokens('deploy', ['production', 'staging'], { expirationTime: inDays(5) });
    await createTokens('old', ['forgotten one', 'forgotten two', 'forgotten three'], {}, 8);
    await createTokens('forever', ['no end in sight', 'nor here', 'nor there'], { expirationTime: null });
    await createTokens('gone', ['of somebody who left'], {});
    await inUse.client.updateUser('gone', { enabled: false }, { ...asAdmin, 'If-Match': '*' });
    await visit(page, '/admin/');

    await card('Expires within 14 days').getByText('production').waitFor();
    // The most urgent group is alone until the others are opened.
    expect(await headings()).toEqual([expect.stringContaining('Expires within 14 days')]);
    await tidyUp().getByText('Tidy up (7)').click();
    await card('Never used').getByText('forgotten one').waitFor();
    await card('No expiry').getByText('no end in sight').waitFor();
    await card('Owner is disabled').getByText('of somebody who left').waitFor();
  });

  it('opens and closes the groups that are not urgent with the keyboard', async () => {
    await tidyUp().press('Enter');
    await card('Never used').waitFor({ state: 'detached' });
    await tidyUp().press('Space');
    await card('Never used').waitFor();

    expect(await page.locator('details').getAttribute('open')).not.toBeNull();
  });

  it('shows leaked tokens and used canaries first', async () => {
    await inUse.client.createUser({ name: 'spilled', kind: 'service' }, asAdmin);
    const { body: leaked } = await inUse.client.createUserToken('spilled', asAdmin, { note: 'in a commit' });
    const { body: canary } = await inUse.client.createMyToken(asAdmin, {
      kind: 'canary',
      note: 'in the wiki',
    });
    await inUse.client.reportLeak({ tokens: [leaked.token ?? ''] });
    await inUse.client.me(tokenHeader(canary));
    await settleCanaries(inUse);
    await flushTokenUsage(inUse);
    await settleLeakReports(inUse);

    await visit(page, '/admin/');

    await card('Canary used').getByText('in the wiki').waitFor();
    await card('Reported as leaked').getByText('in a commit').waitFor();
    expect(await headings()).toEqual([
      'Canary used',
      'Reported as leaked',
      expect.stringContaining('Expires within 14 days'),
    ]);
    await inUse.client.revokeToken(canary.id, asAdmin);
    await inUse.client.deleteUser('spilled', asAdmin);
    await visit(page, '/admin/');
  });

  it('leads to the response to a leak, once', async () => {
    await inUse.client.createUser({ name: 'leaky', kind: 'service' }, asAdmin);
    const { body: leaked } = await inUse.client.createUserToken('leaky', asAdmin, { note: 'in a log' });
    await inUse.database.execute(
      `UPDATE tokens SET "leakReportTime" = ${Date.now()} WHERE id = '${leaked.id}'`,
    );
    await visit(page, '/admin/');
    await page.getByRole('link', { name: 'Respond: in a log' }).click();
    const dialog = page.getByRole('dialog').filter({ hasText: 'Respond to a leak' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');

    await page.goBack();
    await page.goForward();
    await page.getByRole('button', { name: 'Respond to a leak' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await inUse.client.deleteUser('leaky', asAdmin);
    await visit(page, '/admin/');
  });

  it('extends a token, and undoes it', async () => {
    await page.getByRole('button', { name: 'Extend by 90 days: production' }).click();
    await card('Expires within 14 days').getByText('production').waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Undo' }).click();
    await card('Expires within 14 days').getByText('production').waitFor();
  });

  it('extends all tokens of a group after a confirmation that names them', async () => {
    await page.getByRole('button', { name: 'Extend all 2' }).click();
    const question = page.getByRole('alertdialog');
    await question.getByText('Extend 2 tokens?').waitFor();
    expect((await question.locator('strong').innerText()).split('\n').sort()).toEqual([
      'production (deploy)',
      'staging (deploy)',
    ]);
    await page.getByRole('alertdialog').getByRole('button', { name: 'Extend all 2' }).click();

    await page.getByText('2 tokens changed').waitFor();
    await card('Expires within 14 days').waitFor({ state: 'detached' });
  });

  it('opens the other groups when nothing is urgent any more', async () => {
    await card('Never used').getByText('forgotten one').waitFor();
  });

  it('sets the expiry of a token, and moves the focus to the next row', async () => {
    await page.getByRole('button', { name: 'Expire in 90 days: no end in sight' }).click();
    await page.getByText('The token expires on').waitFor();
    await card('No expiry').getByText('no end in sight').waitFor({ state: 'detached' });

    await page.locator(':focus', { hasText: 'nor here' }).waitFor();
  });

  it('sets the expiry of all tokens of a group', async () => {
    await page.getByRole('button', { name: 'Set expiry for 2' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Set expiry for 2' }).click();
    await page.getByText('2 tokens changed').waitFor();

    await card('No expiry').waitFor({ state: 'detached' });
    const { body } = await inUse.client.tokens(asAdmin, '?user=forever');
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
    await inUse.client.createUser({ name: 'wide', kind: 'service', roles: ['auditor'] }, asAdmin);
    const permissions = ['tokens:read', 'users:read'];
    const { body } = await inUse.client.createUserToken('wide', asAdmin, { note: 'report', permissions });
    await inUse.database.execute(`UPDATE tokens SET "creationTime" = 0 WHERE id = '${body.id}'`);
    await inUse.client.verify(tokenHeader(body), '?permission=users:read');
    await flushTokenUsage(inUse);
    await visit(page, '/admin/');
    await card('Unused permissions').getByText('report').click();
    await page.getByText('never used', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Remove unused permissions' }).click();
    await page.getByRole('alertdialog').getByText('tokens:read').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('1 unused permission removed. Rejected everywhere by').waitFor();
    await page.getByText('never used', { exact: true }).waitFor({ state: 'detached' });

    expect((await inUse.client.token(body.id, asAdmin)).body.permissions).toEqual(['users:read']);
    await visit(page, '/admin/');
    await page.getByRole('heading', { name: 'Nothing to do' }).waitFor();
  });

  it('updates the statistics after a change', async () => {
    const tile = page.locator('app-server-stats dl > div').filter({ hasText: 'Valid tokens' });
    const { body } = await inUse.client.stats(asAdmin);

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
    await inUse.stopServer();
    await page.getByRole('link', { name: 'Tokens', exact: true }).click();
    await page.getByText('No connection').first().waitFor();
    await page.getByRole('link', { name: 'Home', exact: true }).click();

    await page.getByText('No connection').first().waitFor();
  });
});
