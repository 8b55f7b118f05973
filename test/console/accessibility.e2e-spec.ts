import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BrowserContextOptions, type Page } from 'playwright-core';
import { tokenHeader } from '../support/api-client.js';
import { ConsoleBrowser } from '../support/console-browser.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ServerProcess } from '../support/server-process.js';

const AXE = readFileSync(
  createRequire(join(process.cwd(), 'package.json')).resolve('axe-core/axe.min.js'),
  'utf8',
);

interface Finding {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

let folder: string;
let server: ServerProcess;
let browser: ConsoleBrowser;
let tokenId: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
  server = await ServerProcess.start({
    DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
    LATCHKEY_ADMIN_PASSWORD: PASSWORD,
  });
  const headers = await server.client.loginHeaders('admin', PASSWORD);
  for (let made = 0; made < 30; made += 1) {
    const { password, ...user } = newUser({ displayName: `Person ${made}`, enabled: made % 5 !== 0 });
    await server.client.createUser(user, headers);
  }
  const { body: token } = await server.client.createMyToken(headers, { note: 'dashboards' });
  tokenId = token.id;
  await server.client.me(tokenHeader(token));
  await server.client.rotateToken(tokenId, headers, { gracePeriodSeconds: 3600 });
  browser = await ConsoleBrowser.launch(server.client.baseUrl);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What axe-core finds on the page as it is, of those that keep somebody out. */
async function seriousFindings(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate<{ violations: Finding[] }>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

type Look = (screen: string) => Promise<void>;

/** Visits screens in a browser profile of its own, and tells what is found on those that were looked at. */
async function findingsOn(
  options: BrowserContextOptions,
  visit: (page: Page, look: Look) => Promise<void>,
): Promise<string[]> {
  // The policy of the console forbids foreign scripts, so that axe-core has to go around it.
  const profile = await browser.profile({ ...options, bypassCSP: true, reducedMotion: 'reduce' });
  await profile.addInitScript(AXE);
  const page = await profile.newPage();
  const findings: string[] = [];
  await visit(page, async (screen) => {
    // Colours are judged when nothing moves any more.
    await page.waitForTimeout(400);
    findings.push(...(await seriousFindings(page)).map((finding) => `${screen}: ${finding}`));
  });
  await profile.close();
  return findings;
}

async function signIn(page: Page, look?: Look): Promise<void> {
  await page.goto('/admin/sign-in');
  await page.getByLabel('Name', { exact: true }).fill('admin');
  await look?.('sign-in');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Tokens to look at' }).waitFor();
}

describe.each(['light', 'dark'] as const)('the %s theme', (colorScheme) => {
  describe.each([1280, 390])('at %d pixels', (width) => {
    const options = { colorScheme, viewport: { width, height: 844 } };

    it('has no serious finding before and at sign-in, and at home', async () => {
      const findings = await findingsOn(options, async (page, look) => {
        await page.goto('/admin/set-up#AAAAAAAAAAAAAAAAAAAAAA');
        await page.getByRole('heading', { name: 'Choose your password' }).waitFor();
        await look('set-up');
        await signIn(page, look);
        await look('home');
        await page.getByRole('button', { name: 'As a table' }).click();
        await look('home, as a table');
      });

      expect(findings).toEqual([]);
    });

    it('has no serious finding on users and tokens', async () => {
      const findings = await findingsOn(options, async (page, look) => {
        await signIn(page);
        await page.goto('/admin/users');
        await page.getByText('Person 1', { exact: true }).first().waitFor();
        await look('users');
        await page.getByRole('button', { name: 'New user' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Create user' }).click();
        await look('new user');
        await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
        await page.goto('/admin/users?q=nobody-has-this');
        await page.getByText('Nothing matches').waitFor();
        await look('no match');
        await page.goto('/admin/tokens');
        await page.getByRole('heading', { name: 'Tokens' }).waitFor();
        await look('tokens');
      });

      expect(findings).toEqual([]);
    });

    it('has no serious finding on the pages of a token', async () => {
      const findings = await findingsOn(options, async (page, look) => {
        await signIn(page);
        await page.goto(`/admin/tokens/${tokenId}`);
        await page.getByRole('img', { name: /^Used/ }).waitFor();
        await page.getByText('Raw JSON').click();
        await look('token');
        await page.getByRole('radio', { name: 'Table' }).click();
        await page.getByRole('button', { name: 'Revoke' }).click();
        await page.getByRole('alertdialog').waitFor();
        await look('token, as a table, and its revocation');
        await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
        await page.getByRole('button', { name: 'Edit' }).click();
        await page.getByRole('checkbox', { name: 'Change the end' }).check();
        await look('token, edited');
        await page.goto('/admin/tokens/new');
        await page.getByRole('radio', { name: 'Only what I choose' }).check();
        await page.getByRole('button', { name: 'Create token' }).click();
        await look('new token');
        await page.goto(`/admin/tokens/${tokenId}/rotate`);
        await page.getByText('The old secret works until').waitFor();
        await look('rotation');
        await page.getByRole('button', { name: 'Rotate' }).click();
        await page.getByRole('button', { name: 'Copy token' }).click();
        await look('new secret');
      });

      expect(findings).toEqual([]);
    });

    it('has no serious finding on the audit trail, on my account, and in the shell', async () => {
      const findings = await findingsOn(options, async (page, look) => {
        await signIn(page);
        await page.goto('/admin/audit');
        await page
          .getByRole('button', { name: /^Details/ })
          .first()
          .click();
        await look('audit trail');
        await page.getByRole('button', { name: /^Who: any/ }).click();
        await look('audit trail, a filter');
        await page.goto('/admin/account');
        await page.getByRole('heading', { name: 'Activity' }).waitFor();
        await page.getByRole('button', { name: 'Change password' }).click();
        await look('account');
        await page.goto('/admin/settings');
        await page.getByText('28 variables').waitFor();
        await page.keyboard.press('?');
        await page.getByRole('dialog').waitFor();
        await look('keyboard map');
        await page.keyboard.press('Escape');
        await page
          .getByRole('button', { name: /^Account of/ })
          .first()
          .click();
        await look('account menu');
      });

      expect(findings).toEqual([]);
    });

    it('has no serious finding on roles and settings', async () => {
      const findings = await findingsOn(options, async (page, look) => {
        await signIn(page);
        await page.goto('/admin/roles');
        await page.getByText('3 roles').waitFor();
        await look('roles');
        await page.goto('/admin/roles/auditor');
        await page.getByRole('heading', { name: 'What this allows' }).waitFor();
        await look('a built-in role');
        await page.goto('/admin/roles/_new');
        await page.getByRole('checkbox', { name: /^users:write/ }).check();
        await page.getByRole('button', { name: 'Create role' }).click();
        await look('new role');
        await page.goto('/admin/settings');
        await page.getByText('28 variables').waitFor();
        await look('settings');
      });

      expect(findings).toEqual([]);
    });
  });

  it.each([1280, 390])('has no serious finding on the page of a user at %d pixels', async (width) => {
    const profile = await browser.profile({ colorScheme, bypassCSP: true, viewport: { width, height: 844 } });
    await profile.addInitScript(AXE);
    const page = await profile.newPage();
    const findings: string[] = [];

    await page.goto('/admin/users/admin');
    await page.getByLabel('Name', { exact: true }).fill('admin');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    for (const tab of ['Profile', 'Tokens', 'Activity', 'Access', 'Raw JSON']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.waitForLoadState('networkidle');
      await page.waitForTimeout(400);
      findings.push(...(await seriousFindings(page)).map((finding) => `${tab}: ${finding}`));
    }

    expect(findings).toEqual([]);
    await profile.close();
  });
});
