import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { tokenHeader, type ApiClient, type Headers } from '../support/api-client.js';
import { ClickCounter } from '../support/browser/console-browser.js';
import { useConsole } from '../support/browser/use-console.js';

let api: ApiClient;
let headers: Headers;
let page: Page;
const inUse = useConsole(async (client, asAdmin) => {
  [api, headers] = [client, asAdmin];
  for (const name of ['backup-bot', 'deploy-bot']) {
    await api.createUser({ name, kind: 'service' }, headers);
  }
  await api.createUserToken('backup-bot', headers, { note: 'nightly backup' });
  await api.createUserToken('deploy-bot', headers, { note: 'production' });
});

beforeAll(() => {
  page = inUse.page;
});

describe('the tokens of all users', () => {
  it('finds a leaked token by its last four characters and revokes it in four clicks', async () => {
    const leaked = (await api.createUserToken('backup-bot', headers, { note: 'leaked' })).body;
    await page.goto('/admin/');
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
    await page.goto('/admin/tokens');
    await page.getByRole('row', { name: /production/ }).waitFor();
    await page.getByRole('searchbox').fill(preview);
    await page.getByText('1 token found').waitFor();
    await page.getByRole('row', { name: /nightly backup/ }).waitFor();
    await page.goBack();
    await page.getByRole('row', { name: /production/ }).waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
  });

  it('applies a quick filter and keeps it in the URL', async () => {
    await page.goto('/admin/tokens');
    await page.getByRole('button', { name: 'Revoked', exact: true }).click();
    await page.getByRole('row', { name: /leaked/ }).waitFor();

    expect(new URL(page.url()).search).toBe('?state=revoked');
    await page.getByRole('button', { name: 'Live' }).click();
    await page.getByRole('row', { name: /nightly backup/ }).waitFor();
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
    await page.goto('/admin/tokens?kind=api');
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
