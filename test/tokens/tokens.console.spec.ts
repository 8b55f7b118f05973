import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ProblemDto, type UserTokenDto } from '@latchkey/auth-models';
import { type Page } from 'playwright-core';
import { tokenHeader, type ApiClient, type Headers } from '../support/api-client.js';
import { ClickCounter } from '../support/browser/console-browser.js';
import { newUser } from '../support/factories.js';
import { useConsole } from '../support/browser/use-console.js';
import { flushTokenUsage } from '../support/use-server.js';
import { visit } from '../support/browser/visit.js';

const auditor = newUser({ name: 'auditor-one', roles: ['auditor'] });

let backup: UserTokenDto;
let deploy: UserTokenDto;
let api: ApiClient;
let headers: Headers;
let page: Page;
const inUse = useConsole(async (client, asAdmin) => {
  [api, headers] = [client, asAdmin];
  await api.createUser(auditor, headers);
  for (const name of ['backup-bot', 'deploy-bot']) {
    await api.createUser({ name, kind: 'service' }, headers);
  }
  backup = (await api.createUserToken('backup-bot', headers, { note: 'nightly backup' })).body;
  deploy = (await api.createUserToken('deploy-bot', headers, { note: 'production' })).body;
});

beforeAll(() => {
  page = inUse.page;
});

describe('the tokens of all users', () => {
  it('finds a leaked token by its last four characters and revokes it in four clicks', async () => {
    const leaked = (await api.createUserToken('backup-bot', headers, { note: 'leaked' })).body;
    await visit(page, '/admin/');
    const clicks = new ClickCounter();
    await clicks.click(page.getByRole('link', { name: 'Tokens', exact: true }).first());
    await page.getByRole('heading', { name: 'Tokens', exact: true }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.insertText(leaked.token ?? '');
    await clicks.click(page.getByRole('button', { name: `Find ${leaked.token?.slice(-4)}` }));
    await page.getByText('1 token found').waitFor();

    expect(page.url()).not.toContain('latchkey_');
    await page.getByRole('row', { name: /backup-bot/ }).waitFor();
    await clicks.click(page.getByRole('button', { name: 'Revoke leaked' }));
    await page.getByRole('alertdialog').getByText('“leaked” of backup-bot').waitFor();
    await clicks.click(page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }));
    await page.getByText('Token revoked').waitFor();
    expect(clicks.count).toBeLessThanOrEqual(4);
    await page.getByRole('row', { name: /Revoked/ }).waitFor();
    expect((await api.me(tokenHeader(leaked))).status).toBe(401);
  });

  it('finds a token by its preview', async () => {
    const preview = (await api.tokens(headers, '?q=nightly')).body.items[0]?.tokenPreview ?? '';
    await visit(page, '/admin/tokens');
    await page.getByRole('row', { name: /production/ }).waitFor();
    await page.getByRole('searchbox').fill(preview);
    await page.getByText('1 token found').waitFor();
    await page.getByRole('row', { name: /nightly backup/ }).waitFor();
    await page.goBack();
    await page.getByRole('row', { name: /production/ }).waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
  });

  it('shows API tokens first, and sessions in a tab that the URL keeps', async () => {
    await visit(page, '/admin/tokens');
    await page.getByRole('row', { name: /nightly backup/ }).waitFor();
    expect(await page.getByRole('row', { name: /This session/ }).count()).toBe(0);
    await page.getByRole('link', { name: 'Sessions', exact: true }).click();
    await page.getByRole('row', { name: /This session/ }).waitFor();
    await page.reload();
    await page.getByRole('row', { name: /This session/ }).waitFor();

    expect(new URL(page.url()).search).toBe('?kind=session');
    expect(await page.locator('[aria-current=page]', { hasText: 'Sessions' }).count()).toBe(1);
    expect(await page.getByRole('row', { name: /nightly backup/ }).count()).toBe(0);
  });

  it('applies a preset with its number of tokens, keeps it in the URL, and removes it by its chip', async () => {
    await visit(page, '/admin/tokens');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('menuitemradio', { name: 'Revoked 1' }).click();
    await page.getByRole('row', { name: /leaked/ }).waitFor();

    expect(new URL(page.url()).search).toBe('?state=revoked');
    await page.getByRole('button', { name: 'Remove the filter State' }).press('Enter');
    await page.getByRole('row', { name: /nightly backup/ }).waitFor();
    await page.getByRole('button', { name: 'Filter', exact: true }).and(page.locator(':focus')).waitFor();
  });

  it('disables selected tokens and undoes it', async () => {
    await page.getByRole('checkbox', { name: 'Select nightly backup' }).check();
    await page.getByRole('toolbar').getByRole('button', { name: 'Disable' }).click();
    await page.getByText('1 token disabled.').waitFor();
    await page.getByRole('row', { name: /nightly backup.*Disabled/ }).waitFor();

    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('row', { name: /nightly backup.*Active/ }).waitFor();
  });

  it('confirms the number of tokens before extending them', async () => {
    await visit(page, '/admin/tokens?kind=api');
    await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
    await page.getByRole('toolbar').getByRole('button', { name: 'Extend' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: '1 year' }).check();
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alertdialog').getByRole('heading', { name: 'Extend 2 tokens?' }).waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Extend' }).click();

    await page.getByText('2 tokens extended.').waitFor();
  });
});

describe('the page of a token', () => {
  it('rotates the token in four clicks without an outage and shows the use of the old secret', async () => {
    await visit(page, '/admin/');
    const clicks = new ClickCounter();
    await clicks.click(page.getByRole('link', { name: 'Tokens', exact: true }).first());
    await clicks.click(page.getByRole('button', { name: 'Rotate nightly backup' }));
    await page.getByText('The old secret works until').waitFor();
    await clicks.click(page.getByRole('dialog').getByRole('button', { name: 'Rotate' }));
    const secret = await page.locator('app-secret-panel code').first().innerText();
    await clicks.click(page.getByRole('button', { name: 'Copy token' }));

    expect(clicks.count).toBeLessThanOrEqual(4);
    const old = { ...tokenHeader(backup), 'User-Agent': 'an old script' };
    expect((await api.me(old)).status).toBe(200);
    expect((await api.me(tokenHeader({ ...backup, token: secret }))).status).toBe(200);
    await flushTokenUsage(inUse);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('link', { name: /^nightly backup/ }).click();
    await page.getByText(/The old secret is still in use\. It was last used .* from 127\.0\.0\.1/).waitFor();
    await page.getByText('an old script').first().waitFor();
  });

  it('restricts the token to the addresses that it was used from', async () => {
    await page.getByRole('button', { name: 'Restrict to used addresses' }).click();
    await page.getByRole('alertdialog').getByText('127.0.0.1', { exact: true }).waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Restrict' }).click();
    await page.locator('app-token-limits code', { hasText: '127.0.0.1' }).waitFor();

    expect((await api.token(backup.id, headers)).body.allowedAddresses).toEqual(['127.0.0.1']);
  });

  it('shows the use as a chart and as a table', async () => {
    await page.getByRole('img', { name: /^Used \d+ times? on 1 day/ }).waitFor();
    await page.getByRole('radio', { name: 'Table' }).click();

    await page.getByRole('columnheader', { name: 'With the old secret' }).waitFor();
  });

  it('merges concurrent changes and asks about conflicts', async () => {
    await visit(page, `/admin/tokens/${deploy.id}`);
    await page.getByRole('heading', { name: 'production' }).waitFor();
    await page.locator('main').getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await page.getByRole('dialog').getByLabel('Note').fill('mine');
    const { body } = await api.token(deploy.id, headers);
    await api.updateToken(deploy.id, { note: 'theirs', version: body.version }, headers);
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    const merge = page.getByRole('dialog').filter({ hasText: 'Someone else has made changes' });
    await merge.getByText('theirs', { exact: true }).waitFor();
    await merge.getByRole('button', { name: 'Cancel' }).click();
    await merge.waitFor({ state: 'detached' });
    expect((await api.token(deploy.id, headers)).body.note).toBe('theirs');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await merge.getByRole('button', { name: 'Save' }).click();

    await page.getByRole('heading', { name: 'mine' }).waitFor();
  });

  it('asks before Escape discards a change', async () => {
    await page.locator('main').getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await page.getByRole('dialog').getByLabel('Note').fill('half of a n');
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByRole('dialog').getByLabel('Note').inputValue()).toBe('half of a n');
    await page.getByRole('dialog').getByLabel('Note').fill('mine');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();

    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('keeps the dialog open when the chosen expiry is in the past', async () => {
    await page.locator('main').getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await page.getByRole('checkbox', { name: 'Change the expiry' }).check();
    await page.getByRole('dialog').locator('[type=datetime-local]').fill('2020-01-01T00:00');
    await page.getByRole('dialog').getByText('Choose a time in the future.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();

    await page.getByRole('dialog').locator('[type=datetime-local]:focus').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('rejects the rotation of a token that was rotated meanwhile, and loads it again', async () => {
    await page.getByRole('button', { name: 'Rotate' }).click();
    await page.getByText('The old secret works until').waitFor();
    await api.rotateToken(deploy.id, headers, { gracePeriodSeconds: 3600 });
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
    await page.getByText('The resource is now at version').waitFor();

    await page.getByText('The previous secret still works').waitFor();
  });

  it('enables the disabled token of a CI job, from the trace id of its failure, in four clicks', async () => {
    const { body: token } = await api.createUserToken('deploy-bot', headers, { note: 'pipeline' });
    await api.updateToken(token.id, { enabled: false }, { ...headers, 'If-Match': '*' });
    const rejected = await api.me(tokenHeader(token));
    const { traceId } = rejected.body as unknown as ProblemDto;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(traceId)})`);
    await visit(page, '/admin/');
    const clicks = new ClickCounter();

    await clicks.click(page.getByRole('link', { name: 'Rejections', exact: true }).first());
    await clicks.click(page.getByLabel('Trace ID'));
    await page.keyboard.press('Control+V');
    await page.getByRole('heading', { name: 'Token disabled' }).waitFor();
    const steps = page.locator('mat-accordion').getByRole('button');
    const openStep = await steps.and(page.locator('[aria-expanded=true]')).innerText();
    await clicks.click(page.getByRole('link', { name: 'Enable the token' }));
    await clicks.click(page.getByRole('button', { name: 'Enable', exact: true }));
    await page.getByText('“pipeline” enabled').waitFor();

    expect(openStep).toMatch(/Token enabled\s+Failed/);
    expect((await api.me(tokenHeader(token))).status).toBe(200);
    expect(clicks.count).toBeLessThanOrEqual(4);
  });

  it('has no parts for the uses and rejections of a new token', async () => {
    const { body: token } = await api.createUserToken('admin', headers, { note: 'new one' });
    await visit(page, `/admin/tokens/${token.id}`);
    await page.getByRole('heading', { name: 'new one' }).waitFor();
    await page.waitForLoadState('networkidle');

    expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
      'Details',
      'Roles and permissions',
      'Usage limits',
    ]);
  });

  it('shows not found for an unknown token', async () => {
    await visit(page, '/admin/tokens/nothing-of-that-id');

    await page.getByRole('heading', { name: 'Not found' }).waitFor();
  });
});

describe('an auditor', () => {
  it('sees all tokens but cannot change those of others', async () => {
    const other = await inUse.signedIn(auditor.name, '/admin/tokens');
    await other.getByRole('row', { name: /nightly backup/ }).waitFor();

    expect(await other.getByRole('button', { name: /^Rotate/ }).count()).toBe(0);
    await other.getByRole('link', { name: /^nightly backup/ }).click();
    await other.getByRole('heading', { name: 'nightly backup' }).waitFor();
    expect(await other.getByRole('button', { name: /^Rotate/ }).count()).toBe(0);
    await other.context().close();
  });
});

describe('the page of a token without a connection', () => {
  it('reports the lost connection and recovers from it', async () => {
    // Loads the code of the page, which is not preloaded.
    await visit(page, '/admin/tokens/nothing-of-that-id');
    await page.getByRole('heading', { name: 'Not found' }).waitFor();
    await visit(page, '/admin/tokens');
    await page.getByRole('row', { name: /nightly backup/ }).waitFor();
    await inUse.stopServer();
    await page.getByRole('link', { name: /^nightly backup/ }).click();
    await page.getByRole('heading', { name: 'No connection' }).waitFor();
    await inUse.startServer();
    await page.getByRole('button', { name: 'Try again' }).click();

    await page.getByRole('heading', { name: 'nightly backup' }).waitFor();
  });
});
