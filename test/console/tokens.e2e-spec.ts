import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Locator, type Page } from 'playwright-core';
import { type Headers } from '../support/api-client.js';
import { ConsoleBrowser } from '../support/console-browser.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { freePort } from '../support/free-port.mjs';
import { ServerProcess } from '../support/server-process.js';

const auditor = newUser({ name: 'auditor-one', roles: ['auditor'] });
const support = newRole({ permissions: ['users:read', 'tokens:read', 'tokens:write'] });
const supporter = newUser({ name: 'supporter', roles: [support.name] });

let folder: string;
let port: number;
let server: ServerProcess;
let browser: ConsoleBrowser;
let page: Page;
let headers: Headers;
let backup: UserTokenDto;
let deploy: UserTokenDto;

const start = () =>
  ServerProcess.start(
    {
      DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
      LATCHKEY_ADMIN_PASSWORD: PASSWORD,
      LATCHKEY_AUDIT_KEY: Buffer.alloc(32, 7).toString('base64'),
    },
    port,
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
  port = await freePort();
  server = await start();
  const { client } = server;
  headers = await client.loginHeaders('admin', PASSWORD);
  await client.createRole(support, headers);
  await client.createUser(auditor, headers);
  await client.createUser(supporter, headers);
  for (const name of ['backup-bot', 'deploy-bot']) {
    await client.createUser({ name, kind: 'service' }, headers);
  }
  backup = (await client.createUserToken('backup-bot', headers, { note: 'nightly backup' })).body;
  deploy = (await client.createUserToken('deploy-bot', headers, { note: '<img src=x onerror=alert(1)>' }))
    .body;
  browser = await ConsoleBrowser.launch(client.baseUrl);
  page = await browser.open('/admin/');
  await signIn(page, 'admin');
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(target: Page, name: string): Promise<void> {
  await target.getByLabel('Name', { exact: true }).fill(name);
  await target.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await target.getByRole('button', { name: 'Sign in' }).click();
  await target.getByRole('navigation', { name: 'Main' }).waitFor();
}

/** Clicks, and counts how often. */
function counted(): { click: (target: Locator) => Promise<void>; clicks: () => number } {
  let clicks = 0;
  return {
    click: async (target) => {
      clicks += 1;
      await target.click();
    },
    clicks: () => clicks,
  };
}

/** Waits until the server has written down that the old secret of a token was used. */
async function usedWithOldSecret(id: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { body } = await server.client.token(id, headers);
    if (body.superseded?.lastUsageTime !== undefined) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Nothing was written down');
}

const credentialOf = ({ user }: UserTokenDto, secret: string): Headers => ({
  'X-Auth-Token': Buffer.from(`${user}:${secret}`).toString('base64'),
});

describe('the tokens of everybody', () => {
  it('tells the owner of a leaked token by its last four characters, and ends it, in four clicks', async () => {
    const leaked = (await server.client.createUserToken('backup-bot', headers, { note: 'leaked' })).body;
    await page.goto('/admin/');
    const { click, clicks } = counted();
    await click(page.getByRole('link', { name: 'Tokens', exact: true }).first());
    await page.getByRole('heading', { name: 'Tokens', exact: true }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.insertText(leaked.token ?? '');
    await click(page.getByRole('button', { name: `Find ${leaked.token?.slice(-4)}` }));
    await page.getByText('1 token found').waitFor();

    expect(page.url()).not.toContain('lk_');
    await page.getByRole('row', { name: /backup-bot/ }).waitFor();
    await click(page.getByRole('button', { name: 'Revoke leaked' }));
    await page.getByRole('alertdialog').getByText('“leaked” of backup-bot').waitFor();
    await click(page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }));
    await page.getByText('The token is revoked').waitFor();
    expect(clicks()).toBeLessThanOrEqual(4);
    await page.getByRole('row', { name: /Revoked/ }).waitFor();
    expect((await server.client.me(credentialOf(leaked, leaked.token ?? ''))).status).toBe(401);
  });

  it('has a view by one click, which the address keeps', async () => {
    await page.goto('/admin/tokens');
    await page.getByRole('button', { name: 'Revoked', exact: true }).click();
    await page.getByRole('row', { name: /leaked/ }).waitFor();

    expect(new URL(page.url()).search).toBe('?state=revoked');
    await page.getByRole('button', { name: 'All live' }).click();
    await page.getByRole('row', { name: /nightly backup/ }).waitFor();
  });

  it('disables what is selected, and takes it back', async () => {
    await page.getByRole('checkbox', { name: 'Select nightly backup' }).check();
    await page.getByRole('toolbar').getByRole('button', { name: 'Disable' }).click();
    await page.getByText('1 token disabled.').waitFor();
    await page.getByRole('row', { name: /nightly backup.*Disabled/ }).waitFor();

    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('row', { name: /nightly backup.*Active/ }).waitFor();
  });

  it('asks with the number before it extends all that match', async () => {
    await page.goto('/admin/tokens?kind=api');
    await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
    await page.getByRole('toolbar').getByRole('button', { name: 'Extend' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: '1 year' }).check();
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('alertdialog').getByRole('heading', { name: 'Extend 2 tokens?' }).waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Extend' }).click();

    await page.getByText('2 tokens extended.').waitFor();
  });
});

describe('one token', () => {
  it('is rotated without an outage in four clicks, and its old secret is watched', async () => {
    await page.goto('/admin/');
    const { click, clicks } = counted();
    await click(page.getByRole('link', { name: 'Tokens', exact: true }).first());
    await click(page.getByRole('link', { name: 'Rotate nightly backup' }));
    await page.getByText('The old secret works until').waitFor();
    await click(page.getByRole('button', { name: 'Rotate' }));
    const secret = await page.locator('app-secret-panel code').first().innerText();
    await click(page.getByRole('button', { name: 'Copy token' }));

    expect(clicks()).toBeLessThanOrEqual(4);
    const old = { ...credentialOf(backup, backup.token ?? ''), 'User-Agent': 'an old script' };
    expect((await server.client.me(old)).status).toBe(200);
    expect((await server.client.me(credentialOf(backup, secret))).status).toBe(200);
    await usedWithOldSecret(backup.id);
    await page.getByRole('link', { name: 'Done' }).click();
    await page.getByText(/The old secret is still in use: .* from 127\.0\.0\.1/).waitFor();
    await page.getByText('an old script').first().waitFor();
  });

  it('shows its use as a chart and as a table', async () => {
    await page.getByRole('img', { name: /^Used \d+ times on 1 day/ }).waitFor();
    await page.getByRole('radio', { name: 'Table' }).click();

    await page.getByRole('columnheader', { name: 'With the old secret' }).waitFor();
  });

  it('lets two people change it, and asks where both changed the same', async () => {
    await page.goto(`/admin/tokens/${deploy.id}`);
    await page.getByRole('heading', { name: '<img src=x onerror=alert(1)>' }).waitFor();
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('dialog').getByLabel('Note').fill('mine');
    const { body } = await server.client.token(deploy.id, headers);
    await server.client.updateToken(deploy.id, { note: 'theirs', version: body.version }, headers);
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    const merge = page.getByRole('dialog').filter({ hasText: 'Somebody else changed this' });
    await merge.getByText('theirs', { exact: true }).waitFor();
    await merge.getByRole('button', { name: 'Cancel' }).click();
    await merge.waitFor({ state: 'detached' });
    expect((await server.client.token(deploy.id, headers)).body.note).toBe('theirs');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await merge.getByRole('button', { name: 'Save' }).click();

    await page.getByRole('heading', { name: 'mine' }).waitFor();
  });

  it('refuses to rotate what somebody else has rotated meanwhile, and goes on from there', async () => {
    await page.goto(`/admin/tokens/${deploy.id}/rotate`);
    await page.getByText('The old secret works until').waitFor();
    await server.client.rotateToken(deploy.id, headers, { gracePeriodSeconds: 3600 });
    await page.getByRole('button', { name: 'Rotate' }).click();
    await page.getByText('not the one you mean').waitFor();

    await page.getByText('The secret before the present one still works').waitFor();
  });

  it('is not there for whoever asks for a wrong one', async () => {
    await page.goto('/admin/tokens/nothing-of-that-id');

    await page.getByRole('heading', { name: 'This is not there any more' }).waitFor();
  });
});

describe('a new token', () => {
  it('asks what it is for, and shows its secret once', async () => {
    await page.goto('/admin/tokens/new?user=deploy-bot');
    await page.getByRole('button', { name: 'Create token' }).click();
    await page.getByText('This is needed.').waitFor();
    await page.getByLabel('What is it for?').fill('staging');
    await page.getByRole('radio', { name: '7 days' }).check();
    await page.getByRole('radio', { name: 'Only what I choose' }).check();
    await page.getByRole('button', { name: 'Create token' }).click();
    await page.getByRole('heading', { name: 'The token is created' }).waitFor();
    const secret = await page.locator('app-secret-panel code').first().innerText();

    const { items } = (await server.client.userTokens('deploy-bot', headers)).body;
    expect(items.find(({ note }) => note === 'staging')?.permissions).toEqual([]);
    expect(
      (await server.client.me({ 'X-Auth-Token': Buffer.from(`deploy-bot:${secret}`).toString('base64') }))
        .status,
    ).toBe(200);
  });

  it('does not let go of it uncopied without asking', async () => {
    await page.getByRole('link', { name: 'Done' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('tab', { name: '.env' }).click();
    await page.getByText('AUTH_USER=deploy-bot').waitFor();
    await page.getByRole('button', { name: 'Copy lines' }).click();
    await page.getByRole('link', { name: 'Done' }).click();

    await page.getByRole('heading', { name: 'staging' }).waitFor();
  });

  it('tells beside the owner that there is none of that name', async () => {
    await page.goto('/admin/tokens/new?user=nobody-there');
    await page.getByLabel('What is it for?').fill('nothing');
    await page.getByRole('button', { name: 'Create token' }).click();

    await page.getByText('There is no user of that name.').waitFor();
  });

  it('is refused to whoever would gain by it', async () => {
    const other = await browser.open('/admin/tokens/new?user=admin');
    await signIn(other, supporter.name);
    await other.getByLabel('What is it for?').fill('to become an administrator');
    await other.getByRole('button', { name: 'Create token' }).click();

    await other
      .getByRole('alert')
      .getByText(/They hold .* and you do not/)
      .waitFor();
    await other.context().close();
  });
});

describe('an auditor', () => {
  it('sees all tokens, may change none of others, and is told so', async () => {
    const other = await browser.open('/admin/tokens');
    await signIn(other, auditor.name);
    await other.getByRole('row', { name: /nightly backup/ }).waitFor();

    expect(await other.getByRole('link', { name: /^Rotate/ }).count()).toBe(0);
    await other.goto(`/admin/tokens/${backup.id}/rotate`);
    await other.getByText('You may see this token, but you may not rotate it.').waitFor();
    await other.context().close();
  });
});

describe('a server that is gone', () => {
  it('is told on the page of a token, which comes back with it', async () => {
    await page.goto('/admin/tokens');
    await page.getByRole('row', { name: /nightly backup/ }).waitFor();
    await server.stop();
    await page.getByRole('link', { name: /^nightly backup/ }).click();
    await page.getByRole('heading', { name: 'No connection' }).waitFor();
    server = await start();
    await page.getByRole('button', { name: 'Try again' }).click();

    await page.getByRole('heading', { name: 'nightly backup' }).waitFor();
  });
});

describe('all of these screens', () => {
  it('broke no policy, threw nothing, and asked no other host', () => {
    expect(browser.misbehaviour).toEqual([]);
  });
});
