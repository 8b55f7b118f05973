import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { createVerifier, type Verifier } from '@latchkey/client/verifier';
import { type Page, type Route } from 'playwright-core';
import { tokenHeader, type ApiClient, type Headers } from '../support/api-client.js';
import { ClickCounter } from '../support/browser/console-browser.js';
import { PASSWORD } from '../support/factories.js';
import { useConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';
import { flushTokenUsage, settleLeakReports } from '../support/use-server.js';
import { waitUntil } from '../support/wait-until.js';

const CLICKS_MAX = 2;

let api: ApiClient;
let headers: Headers;
let page: Page;
let verifiers: Verifier[];
const inUse = useConsole(
  async (client, asAdmin) => {
    [api, headers] = [client, asAdmin];
    const permissions = ['orders:read', 'orders:write'];
    await api.createApi(
      { name: 'orders', permissions: permissions.map((name) => ({ name, description: name })) },
      headers,
    );
    await api.createRole({ name: 'clerk', permissions }, headers);
    await api.createUser({ name: 'deploy-bot', kind: 'service', roles: ['clerk'] }, headers);
    const { body: service } = await api.createUserToken('admin', headers, { note: 'verifiers' });
    verifiers = ['orders', 'stock', 'mail'].map((name) =>
      createVerifier({
        url: api.baseUrl,
        token: service.token ?? '',
        name,
        // The server stops before them.
        onWarning: () => undefined,
      }),
    );
  },
  { LATCHKEY_LEAKED_TOKENS: 'disable' },
);

beforeAll(() => {
  page = inUse.page;
});

afterAll(() => Promise.all(verifiers.map((verifier) => verifier.close())));

/**
 * Creates a token of the service, and `count` tokens with it, each with the one before. `agent` is the client
 * that uses them.
 */
async function createTokens(note: string, count: number, agent = 'curl/8'): Promise<UserTokenDto[]> {
  const { body: token } = await api.createUserToken('deploy-bot', headers, { note });
  const tokens = [token];
  while (tokens.length <= count) {
    const asParent = { ...tokenHeader(tokens.at(-1) ?? token), 'User-Agent': agent };
    tokens.push((await api.createMyToken(asParent, { note: `${note} ${tokens.length}` })).body);
  }
  return tokens;
}

const statusOf = async (token: UserTokenDto) => (await api.me(tokenHeader(token))).status;

const bearer = ({ token = '' }: UserTokenDto) => ({ authorization: `Bearer ${token}` });

const dialog = () => page.getByRole('dialog', { name: 'Respond to a leak' });

describe('the response to a leak', () => {
  it('revokes a reported token and its descendants everywhere, in two clicks from the home page', async () => {
    const tokens = await createTokens('shop pipeline', 2);
    const [leaked] = tokens as [UserTokenDto];
    await Promise.all(verifiers.map((verifier) => verifier.verify(bearer(leaked))));
    await waitUntil(() => verifiers.every((verifier) => verifier.status().fresh));
    await api.request('POST', '/auth/report-leak', { body: { tokens: [leaked.token] } });
    await settleLeakReports(inUse);
    await visit(page, '/admin/');
    await page.getByRole('heading', { name: 'Reported as leaked' }).waitFor();
    const clicks = new ClickCounter();
    const startTime = performance.now();

    await clicks.click(page.getByRole('link', { name: 'Respond: shop pipeline' }));
    await clicks.click(dialog().getByRole('button', { name: 'Revoke this token and 2 others' }));
    await page.getByText(/3 tokens revoked\. Rejected everywhere by \d/).waitFor();
    const seconds = ((performance.now() - startTime) / 1_000).toFixed(1);
    process.stdout.write(`Revoke a leaked token everywhere: ${clicks.count} clicks, ${seconds} s\n`);

    expect(clicks.count).toBeLessThanOrEqual(CLICKS_MAX);
    expect(await Promise.all(tokens.map(statusOf))).toEqual([401, 401, 401]);
    const isRejected = (verifier: Verifier) =>
      verifier.verify(bearer(leaked)).then(
        () => false,
        () => true,
      );
    await waitUntil(
      () => Promise.all(verifiers.map(isRejected)),
      (all) => all.every(Boolean),
    );
    await dialog().waitFor({ state: 'detached' });
    await page.getByText('Revoked', { exact: true }).first().waitFor();
  });

  it('shows what the token could do, where it was used, and what was created with it', async () => {
    const [token] = (await createTokens('nightly export', 2, 'thief/1.0')) as [UserTokenDto];
    await flushTokenUsage(inUse);
    await visit(page, `/admin/tokens/${token.id}`);
    await page.getByRole('button', { name: 'Respond to a leak' }).click();

    await dialog().getByText('Roles of deploy-bot: clerk.').waitFor();
    expect(await dialog().locator('.apis').innerText()).toMatch(/orders\s+read\s+write/);
    await dialog()
      .getByText(/^Used \d+ times? since then, on 1 day\.$/)
      .waitFor();
    await dialog()
      .getByRole('row', { name: /127\.0\.0\.1 thief\/1\.0/ })
      .waitFor();
    await dialog().getByText('2 tokens created since then:').waitFor();
    await dialog().getByRole('link', { name: 'nightly export 2' }).waitFor();
    await dialog().getByText('1 change recorded since then:').waitFor();

    await dialog().getByRole('link', { name: 'Open in the audit trail' }).click();
    await page.waitForURL(new RegExp(`/audit\\?actorToken=${token.id}`));
    await page.getByRole('link', { name: 'nightly export 1' }).waitFor();
    expect(await page.getByRole('link', { name: 'nightly export 2' }).count()).toBe(0);
  });

  it('starts 30 days before the report, marks its day, and shows what can still create tokens', async () => {
    const { body: token } = await api.createUserToken('admin', headers, { note: 'operations' });
    await api.createOffer('deploy-bot', tokenHeader(token), { note: 'handed over' });
    await api.createUser({ name: 'anne', password: PASSWORD, roles: ['clerk'] }, headers);
    const asAnne = await api.loginHeaders('anne', PASSWORD);
    const template = { name: 'orders', permissions: ['orders:read'], expiresIn: 86_400 };
    await api.createTokenTemplate(template, headers);
    const { body: request } = await api.requestToken({ template: 'orders' }, asAnne);
    await api.decideOffer(request.id, 'approve', tokenHeader(token));
    await flushTokenUsage(inUse);
    await api.request('POST', '/auth/report-leak', { body: { tokens: [token.token] } });
    await settleLeakReports(inUse);
    const { leakReportTime = '' } = (await api.token(token.id, headers)).body;
    await visit(page, `/admin/tokens/${token.id}`);
    await page.getByRole('button', { name: 'Respond to a leak' }).click();

    const day = new Date(Date.parse(leakReportTime) - 30 * 86_400_000).toISOString().slice(0, 10);
    expect(await dialog().getByLabel('Leaked since').inputValue()).toBe(day);
    await dialog()
      .getByRole('row', { name: /127\.0\.0\.1 .* Day of the report/ })
      .first()
      .waitFor();
    await dialog().getByText('2 offers approved with it are not claimed yet.').waitFor();

    await dialog().getByRole('checkbox', { name: 'Also end 2 open offers' }).uncheck();
    await dialog().getByRole('button', { name: 'Revoke this token', exact: true }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Respond to a leak' }).click();
    await dialog().getByRole('button', { name: 'End 2 offers' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect((await api.offers(headers, '?state=offered')).body.total).toBe(0);

    await page.getByRole('button', { name: 'Respond to a leak' }).waitFor({ state: 'detached' });
    await page.getByText('Revoked by admin').waitFor();
  });

  it('shows failed requests, and revokes nothing before it has counted the tokens', async () => {
    const [token] = (await createTokens('not counted', 1)) as [UserTokenDto];
    const usedUp = (await api.createMyToken(tokenHeader(token), { maxUses: 1 })).body;
    await api.verify(tokenHeader(usedUp));
    const isCount = ({ pathname, searchParams }: URL) =>
      pathname === '/tokens' && searchParams.has('descendantOf') && !searchParams.has('createdFrom');
    await page.route(isCount, (route) => route.abort());
    await page.route('**/audit-events?*', (route) => route.abort());
    await visit(page, `/admin/tokens/${token.id}`);
    await page.getByRole('button', { name: 'Respond to a leak' }).click();
    const revoke = dialog().getByRole('button', { name: /^Revoke this token/ });
    await dialog().getByRole('heading', { name: 'No connection' }).nth(2).waitFor();
    expect(await revoke.isDisabled()).toBe(true);
    // Enter in a field submits the form even then.
    await dialog().getByLabel('Note for the audit trail').press('Enter');

    await page.unrouteAll();
    for (let left = 3; left > 0; left -= 1) {
      await dialog().getByRole('button', { name: 'Try again' }).first().click();
      await dialog()
        .getByRole('button', { name: 'Try again' })
        .nth(left - 1)
        .waitFor({ state: 'detached' });
    }
    await dialog().getByText('2 changes recorded since then:').waitFor();
    await dialog().getByRole('button', { name: 'Revoke this token and 1 other', exact: true }).click();
    await page.getByText(/2 tokens revoked\./).waitFor();
    await dialog().waitFor({ state: 'detached' });
  });

  it('counts from the selected day on', async () => {
    const { body: token } = await api.createUserToken('deploy-bot', headers, { note: 'counted' });
    await visit(page, `/admin/tokens/${token.id}`);
    await page.getByRole('button', { name: 'Respond to a leak' }).click();
    await dialog().getByText('Not used since then.').waitFor();
    await dialog().getByText('Nothing recorded since then.').waitFor();

    const tokens = page.waitForRequest(/\/tokens\?.*createdFrom=2026-01-31T00:00:00Z/);
    const changes = page.waitForRequest(/\/audit-events\?.*from=2026-01-31T00:00:00Z/);
    await dialog().getByLabel('Leaked since').fill('2026-01-31');
    await dialog().getByLabel('Leaked since').blur();
    await Promise.all([tokens, changes]);

    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  });

  it('rotates the token, revokes its descendants, and records the note', async () => {
    const tokens = await createTokens('release script', 2);
    const [token] = tokens as [UserTokenDto];
    await visit(page, `/admin/tokens/${token.id}`);
    await page.getByRole('button', { name: 'Respond to a leak' }).click();
    await dialog().getByLabel('Note for the audit trail').fill('in the log of build 17');
    await dialog().getByRole('button', { name: 'Rotate and revoke 2 others' }).click();
    await dialog()
      .getByText(/Token rotated, 2 tokens revoked\. Rejected everywhere by \d/)
      .waitFor();
    const secret = await dialog().locator('app-secret-panel code').first().innerText();

    expect(await Promise.all(tokens.map(statusOf))).toEqual([401, 401, 401]);
    expect(await statusOf({ ...token, token: secret })).toBe(200);

    await dialog().getByRole('button', { name: 'Done' }).click();
    const question = page.getByRole('alertdialog');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    await dialog().getByRole('button', { name: 'Copy token' }).click();
    await dialog().getByRole('button', { name: 'Done' }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('“in the log of build 17”').waitFor();
  });

  it('stays open until the response with the new secret is there', async () => {
    const { body: token } = await api.createUserToken('deploy-bot', headers, { note: 'rotated slowly' });
    await visit(page, `/admin/tokens/${token.id}`);
    await page.getByRole('button', { name: 'Respond to a leak' }).click();
    const held = new Promise<Route>((resolve) => {
      void page.route('**/tokens/*/rotate', resolve, { times: 1 });
    });
    await dialog().getByRole('button', { name: 'Rotate', exact: true }).click();
    const request = await held;
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    await request.continue();

    await dialog().getByText('Token rotated.').waitFor();
    const canUnload = () =>
      page.evaluate<boolean>("dispatchEvent(new Event('beforeunload', { cancelable: true }))");
    expect(await canUnload()).toBe(false);
    await page.keyboard.press('Escape');
    await dialog().getByRole('button', { name: 'Copy token' }).click();
    await dialog().getByText('Copied').first().waitFor();
    expect(await canUnload()).toBe(true);
    await dialog().getByRole('button', { name: 'Done' }).click();
    await dialog().waitFor({ state: 'detached' });
  });

  it('reads the token again if it was changed in the meantime, and rotates it with the next click', async () => {
    const { body: token } = await api.createUserToken('deploy-bot', headers, { note: 'changed meanwhile' });
    await visit(page, `/admin/tokens/${token.id}`);
    await page.getByRole('button', { name: 'Respond to a leak' }).click();
    await dialog().getByText('Not used since then.').waitFor();
    await api.request('POST', '/auth/report-leak', { body: { tokens: [token.token] } });
    await settleLeakReports(inUse);

    await dialog().getByRole('button', { name: 'Rotate', exact: true }).click();
    await dialog().getByRole('alert').waitFor();
    await dialog().getByText('Reported as leaked on').waitFor();
    await dialog().getByRole('button', { name: 'Rotate', exact: true }).click();
    await dialog().getByText('The token is disabled.').waitFor();

    await dialog().getByRole('button', { name: 'Copy token' }).click();
    await dialog().getByRole('button', { name: 'Done' }).click();
    await dialog().waitFor({ state: 'detached' });
  });

  it('asks before it discards a note, and shows the current token after it is closed', async () => {
    const { body: token } = await api.createUserToken('deploy-bot', headers, { note: 'before the dialog' });
    await visit(page, `/admin/tokens/${token.id}`);
    await page.getByRole('button', { name: 'Respond to a leak' }).click();
    await dialog().getByLabel('Note for the audit trail').fill('in the log');
    await api.request('PATCH', `/tokens/${token.id}`, {
      headers: { ...headers, 'If-Match': '*' },
      body: { note: 'during the dialog' },
    });
    await page.keyboard.press('Escape');
    const question = page.getByRole('alertdialog');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    expect(await dialog().getByLabel('Note for the audit trail').inputValue()).toBe('in the log');

    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'during the dialog' }).waitFor();
  });

  it('keeps the descendants if the box is cleared', async () => {
    const tokens = await createTokens('kept', 1);
    const [token] = tokens as [UserTokenDto];
    await visit(page, `/admin/tokens/${token.id}`);
    await page.getByRole('button', { name: 'Respond to a leak' }).click();
    await dialog()
      .getByRole('checkbox', { name: /^Also revoke the token created with it/ })
      .uncheck();
    await dialog().getByRole('button', { name: 'Revoke this token', exact: true }).click();
    await page.getByText(/1 token revoked\./).waitFor();

    expect(await Promise.all(tokens.map(statusOf))).toEqual([401, 200]);
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Respond to a leak' }).click();
    await dialog().getByRole('button', { name: 'Revoke 1 token created with it' }).click();
    await dialog().waitFor({ state: 'detached' });

    expect(await Promise.all(tokens.map(statusOf))).toEqual([401, 401]);
  });
});

describe('the history of a token', () => {
  it('shows the actions with the token, and those on it', async () => {
    const [token] = (await createTokens('with a history', 1)) as [UserTokenDto];
    await visit(page, `/admin/tokens/${token.id}`);
    await page.getByRole('tab', { name: 'History' }).click();
    await page.waitForURL(/tab=history/);

    const entries = page.getByRole('list', { name: 'About this token' }).getByRole('listitem');
    await entries.filter({ hasText: 'Created a token' }).waitFor();
    await page.getByRole('radio', { name: 'With this token' }).click();
    await page
      .getByRole('list', { name: 'With this token' })
      .getByRole('link', { name: 'with a history 1' })
      .click();
    await page.getByRole('heading', { name: 'with a history 1' }).waitFor();
  });
});

describe('the superseded secret on the page of a token', () => {
  it('is revoked with a button', async () => {
    const { body: former } = await api.createUserToken('deploy-bot', headers, { note: 'rotated' });
    await api.rotateToken(former.id, headers, { gracePeriodSeconds: 3_600 });
    expect((await api.verify(tokenHeader(former))).status).toBe(200);
    const loads: string[] = [];
    page.on('request', (request) => loads.push(new URL(request.url()).pathname));
    await visit(page, `/admin/tokens/${former.id}`);
    await page.getByRole('button', { name: 'Revoke the old secret' }).waitFor();
    await page.getByRole('button', { name: 'Revoke the old secret' }).click();
    const revoke = page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' });
    await revoke.waitFor();
    // The page loads the token again every minute, and not whenever it has loaded it.
    expect(loads.filter((path) => path === `/tokens/${former.id}`).length).toBeLessThanOrEqual(2);
    await revoke.click();
    await page.getByText('Old secret revoked. Rejected everywhere by').waitFor();

    expect((await api.verify(tokenHeader(former))).status).toBe(401);
    await page.getByText('The old secret has expired.').waitFor();
    await page.getByRole('button', { name: 'Revoke the old secret' }).waitFor({ state: 'detached' });
  });
});
