import { beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Page } from 'playwright-core';
import { tokenHeader, type ApiClient, type Headers } from '../support/api-client.js';
import { ClickCounter } from '../support/browser/console-browser.js';
import { newUser } from '../support/factories.js';
import { useConsole } from '../support/browser/use-console.js';
import { waitUntil } from '../support/use-replicas.js';

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
  deploy = (await api.createUserToken('deploy-bot', headers, { note: '<img src=x onerror=alert(1)>' })).body;
});

beforeAll(() => {
  page = inUse.page;
});

/** Waits until the server has written the use of a token's old secret. */
const usedWithOldSecret = (id: string) =>
  waitUntil(async () => (await api.token(id, headers)).body.superseded?.lastUsageTime !== undefined);

describe('the page of a token', () => {
  it('rotates the token in four clicks without an outage and shows the use of the old secret', async () => {
    await page.goto('/admin/');
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
    await usedWithOldSecret(backup.id);
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
    await page.goto(`/admin/tokens/${deploy.id}`);
    await page.getByRole('heading', { name: '<img src=x onerror=alert(1)>' }).waitFor();
    await page.getByRole('button', { name: 'Edit' }).click();
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

  it('rejects the rotation of a token that was rotated meanwhile, and loads it again', async () => {
    await page.getByRole('button', { name: 'Rotate' }).click();
    await page.getByText('The old secret works until').waitFor();
    await api.rotateToken(deploy.id, headers, { gracePeriodSeconds: 3600 });
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
    await page.getByText('The resource is now at version').waitFor();

    await page.getByText('The previous secret still works').waitFor();
  });

  it('shows not found for an unknown token', async () => {
    await page.goto('/admin/tokens/nothing-of-that-id');

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
    await page.goto('/admin/tokens');
    await page.getByRole('row', { name: /nightly backup/ }).waitFor();
    await inUse.stopServer();
    await page.getByRole('link', { name: /^nightly backup/ }).click();
    await page.getByRole('heading', { name: 'No connection' }).waitFor();
    await inUse.startServer();
    await page.getByRole('button', { name: 'Try again' }).click();

    await page.getByRole('heading', { name: 'nightly backup' }).waitFor();
  });
});
