import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { EventSender } from '../../apps/api/src/events/sender/event-sender.service.js';
import { tokenHeader, type ApiClient, type Headers } from '../support/api-client.js';
import { Axe, AXE_CONTEXT_OPTIONS, type Theme } from '../support/browser/axe.js';
import { IS_DEEP } from '../support/deep.js';
import { ADMIN, newUser } from '../support/factories.js';
import { signIn, useServedConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

/** Sends e-mail through a server that does not run. */
const MAIL = {
  LATCHKEY_SMTP_URL: 'smtp://127.0.0.1:1',
  LATCHKEY_MAIL_FROM: 'latchkey@example.org',
  LATCHKEY_PUBLIC_URL: 'https://auth.example.org',
};

/** Window in which screens are checked. */
interface Window {
  /** Width in pixels. */
  width: number;
  themes: readonly Theme[];
}

/** Checks screens with axe-core in each window. `npm test` checks only the start, the lists and a form. */
export function describeAccessibility(windows: readonly Window[]): void {
  let tokenId: string;

  const prepare = async (client: ApiClient, headers: Headers): Promise<void> => {
    for (let made = 0; made < 12; made += 1) {
      const { password, ...user } = newUser({ displayName: `Person ${made}`, enabled: made % 5 !== 0 });
      await client.createUser(user, headers);
    }
    const { body: token } = await client.createMyToken(headers, { note: 'dashboards' });
    tokenId = token.id;
    await client.me(tokenHeader(token));
    await client.rotateToken(tokenId, headers, { gracePeriodSeconds: 3600 });
    await client.me({});
  };
  const inUse = useServedConsole(prepare, { ...MAIL, LATCHKEY_EVENT_HOSTS: '127.0.0.1' });

  let page: Page;
  let axe: Axe;

  /** Signs in, for all later pages of the browser profile. */
  async function checkSignIn(): Promise<void> {
    await page.goto('/admin/sign-in');
    await page.getByLabel('Name', { exact: true }).fill('admin');
    await axe.check('sign-in');
    await signIn(page, ADMIN.name, ADMIN.password);
    await page.getByRole('heading', { name: 'Needs attention' }).waitFor();
  }

  describe.each(windows)('at $width pixels, in the themes $themes', ({ width, themes }) => {
    beforeAll(async () => {
      const context = await inUse.browser.context({
        ...AXE_CONTEXT_OPTIONS,
        viewport: { width, height: 844 },
      });
      page = await context.newPage();
      axe = await Axe.on(page, themes);
    });

    afterAll(() => page.context().close());

    it('has no serious finding before and at sign-in, and at home', async () => {
      await page.goto('/admin/set-up#AAAAAAAAAAAAAAAAAAAAAA');
      await page.getByRole('heading', { name: 'Choose your password' }).waitFor();
      await axe.check('set-up');
      await checkSignIn();
      await axe.check('home');
      await page.getByRole('button', { name: 'Show as table' }).click();
      await axe.check('home, as a table');

      expect(axe.takeViolations()).toEqual([]);
    });

    it('has no serious finding on users and tokens', async () => {
      await visit(page, '/admin/users?size=10');
      await page.getByText('Person 11', { exact: true }).first().waitFor();
      await axe.check('users');
      await page.getByRole('button', { name: 'New user' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Create user' }).click();
      await axe.check('new user');
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
      await visit(page, '/admin/users?q=nobody-has-this');
      await page.getByText('No matches').waitFor();
      await axe.check('no match');
      await visit(page, '/admin/tokens');
      await page.getByRole('heading', { name: 'Tokens' }).waitFor();
      await axe.check('tokens');
      await page.getByRole('button', { name: 'Filter', exact: true }).click();
      await page.getByRole('menuitemradio', { name: 'Revoked 0' }).waitFor();
      await axe.check('presets and filters');
      await page.getByRole('menuitem', { name: 'State…' }).click();
      await page.getByRole('menuitemradio', { name: 'Active' }).click();
      await page.getByRole('button', { name: 'State: Active' }).waitFor();
      await axe.check('tokens, with a filter');
      await page.getByRole('button', { name: 'View', exact: true }).click();
      await page.getByRole('button', { name: 'Copy link' }).waitFor();
      await axe.check('columns and rows');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: 'View' }).waitFor({ state: 'detached' });

      expect(axe.takeViolations()).toEqual([]);
    });

    if (!IS_DEEP) {
      return;
    }

    let receiver: WebhookReceiver;
    beforeAll(async () => (receiver = await WebhookReceiver.start()));
    afterAll(() => receiver.close());

    it('has no serious finding on the pages of a token', async () => {
      const more = () => page.locator('main').getByRole('button', { name: 'More' }).click();
      await visit(page, `/admin/tokens/${tokenId}`);
      await page.getByRole('img', { name: /^Used/ }).waitFor();
      await axe.check('token');
      await page.getByRole('radio', { name: 'Table' }).click();
      await more();
      await page.getByRole('menuitem', { name: 'Revoke', exact: true }).click();
      await page.getByRole('alertdialog').waitFor();
      await axe.check('token, as a table, and its revocation');
      await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
      await more();
      await axe.check('menu of a token');
      await page.getByRole('menuitem', { name: 'Raw JSON' }).click();
      await page.getByText('curl -H').waitFor();
      await axe.check('token, as JSON');
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
      await more();
      await page.getByRole('menuitem', { name: 'Edit' }).click();
      await page.getByRole('checkbox', { name: 'Change the expiry' }).check();
      await axe.check('token, edited');
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
      await page.locator('app-token-permissions').getByRole('button', { name: 'Change' }).click();
      await page.getByRole('radio', { name: 'Only selected roles and permissions' }).check();
      await page.getByRole('checkbox', { name: /^users:write/ }).waitFor();
      await axe.check('token, with another scope');
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
      await page.locator('app-token-limits').getByRole('button', { name: 'Change' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).waitFor();
      await axe.check('token, with other limits');
      await visit(page, `/admin/tokens/${tokenId}`);
      await page.getByRole('button', { name: 'Respond to a leak' }).click();
      await page.getByText('recorded since then').waitFor();
      await axe.check('response to a leak');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByRole('tab', { name: 'History' }).click();
      await page.getByRole('list', { name: 'About this token' }).waitFor();
      await axe.check('history of a token');
      await visit(page, '/admin/tokens/new');
      await page.getByRole('radio', { name: 'Only selected roles and permissions' }).check();
      await page.getByRole('button', { name: 'Create token' }).click();
      await axe.check('new token');
      await visit(page, `/admin/tokens/${tokenId}`);
      await page.getByRole('button', { name: 'Rotate' }).click();
      await page.getByText('The old secret works until').waitFor();
      await axe.check('rotation');
      await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
      await page.getByRole('button', { name: 'Copy token' }).click();
      await axe.check('new secret');

      expect(axe.takeViolations()).toEqual([]);
    });

    it('has no serious finding on the audit trail, on my account, and in the shell', async () => {
      await visit(page, '/admin/audit');
      await page
        .getByRole('button', { name: /^Details/ })
        .first()
        .click();
      await axe.check('audit trail');
      await page.getByRole('button', { name: 'Filter', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Actor…' }).click();
      await page.getByRole('dialog', { name: 'Actor' }).getByRole('button', { name: 'Apply' }).waitFor();
      await axe.check('audit trail, a filter');
      await visit(page, '/admin/explanations');
      await page
        .getByRole('link', { name: /No credentials/ })
        .first()
        .waitFor();
      await axe.check('rejections');
      await page
        .getByRole('link', { name: /No credentials/ })
        .first()
        .click();
      await page.getByRole('heading', { name: 'What to do' }).waitFor();
      await axe.check('a rejection');
      await visit(page, '/admin/account');
      await page.getByRole('heading', { name: 'Activity' }).waitFor();
      await page.getByRole('button', { name: 'Change password' }).click();
      await page.getByLabel('Current password').waitFor();
      await axe.check('account');
      // The shell on a page with few elements.
      await visit(page, '/admin/nowhere');
      await page.getByRole('heading', { name: 'Page not found' }).waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      await axe.check('keyboard map');
      await page.keyboard.press('Escape');
      await page
        .getByRole('button', { name: /^Account of/ })
        .first()
        .click();
      await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
      await axe.check('account menu');
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
      await page.keyboard.press('Control+k');
      const field = page.getByRole('combobox', { name: 'Search and commands' });
      await field.waitFor();
      await axe.check('search for everything');
      await field.fill('Person 1');
      await page.getByRole('group', { name: 'Users' }).waitFor();
      await axe.check('search for everything, with results');
      await field.fill('nobody-has-this');
      await page.getByText('Nothing found.').waitFor();
      await axe.check('search for everything, without results');

      expect(axe.takeViolations()).toEqual([]);
    });

    it('has no serious finding on roles, APIs and settings', async () => {
      await visit(page, '/admin/roles');
      await page.getByText('3 roles').waitFor();
      await axe.check('roles');
      await visit(page, '/admin/roles/auditor');
      await page.getByRole('heading', { name: 'What this role allows' }).waitFor();
      await axe.check('a built-in role');
      await visit(page, '/admin/roles/_new');
      await page.getByRole('checkbox', { name: /^users:write/ }).check();
      await page.getByRole('button', { name: 'Create role' }).click();
      await axe.check('new role');
      await visit(page, '/admin/apis');
      await page.getByText('9 APIs').waitFor();
      await axe.check('APIs');
      await visit(page, '/admin/apis/users');
      await page.getByText('See all users and their profiles.', { exact: true }).waitFor();
      await axe.check('an API');
      await visit(page, '/admin/apis/_new');
      await page.getByRole('button', { name: 'Add permission' }).click();
      await page.getByRole('button', { name: 'Create API' }).click();
      await axe.check('new API');
      await visit(page, '/admin/settings');
      await page.getByText(/\d{2} variables/).waitFor();
      await axe.check('settings');
      await visit(page, '/admin/settings/events');
      await page.getByText('1 target', { exact: true }).waitFor();
      await axe.check('event targets');
      await visit(page, '/admin/settings/events/owners');
      await page.getByText('There are no deliveries yet.').waitFor();
      await page.getByRole('button', { name: 'Send test event' }).click();
      await page.locator('.notices .notice').waitFor();
      await axe.check('an event target');
      await visit(page, '/admin/settings/events/_new');
      await page.getByRole('button', { name: 'Create target' }).click();
      await axe.check('new event target');

      expect(axe.takeViolations()).toEqual([]);
    });

    it('has no serious finding on the pages of event targets', async () => {
      const asAdmin = await inUse.client.loginHeaders(ADMIN.name, ADMIN.password);
      const send = async (note: string, status: number) => {
        receiver.status = status;
        await inUse.client.createMyToken(asAdmin, { note });
        await inUse.app.get(EventSender, { strict: false }).settle();
      };
      const more = async (item: string) => {
        await page.locator('main').getByRole('button', { name: 'More' }).click();
        await page.getByRole('menuitem', { name: item }).click();
      };
      const answer = async (name: string) => {
        await page.locator('mat-dialog-container').getByRole('button', { name, exact: true }).click();
        await page.locator('mat-dialog-container').waitFor({ state: 'detached' });
      };
      await visit(page, '/admin/settings/events/_new');
      await page.getByRole('radio', { name: 'E-mail' }).check();
      await page.getByLabel('Addresses', { exact: true }).fill('nobody');
      const chosen = page.locator('app-type-picker input:checked');
      while ((await chosen.count()) > 0) {
        await chosen.first().uncheck();
      }
      await page.getByRole('button', { name: 'Create target' }).click();
      await axe.check('new e-mail target, with errors');
      await page.getByRole('radio', { name: 'Webhook' }).check();
      await page.getByLabel('Name', { exact: true }).fill(`on-call-${width}`);
      await page.getByLabel('URL', { exact: true }).fill(receiver.url);
      await page.getByRole('checkbox', { name: 'Token created' }).check();
      await page.getByRole('combobox', { name: 'Only for this user' }).fill(ADMIN.name);
      await page.getByRole('option', { name: ADMIN.name }).waitFor();
      await axe.check('new event target, with suggestions');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Create target' }).click();
      await page.getByRole('button', { name: 'Copy secret' }).waitFor();
      await axe.check('secret of a webhook');
      await page.getByRole('button', { name: 'Done' }).click();
      await answer('Leave');
      await page.getByRole('heading', { name: `on-call-${width}` }).waitFor();
      await send('delivered', 204);
      await send('waiting', 503);
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page.getByText('Waiting', { exact: true }).nth(1).waitFor();
      await axe.check('an event target that fails');
      await page.locator('main').getByRole('button', { name: 'More' }).click();
      await axe.check('menu of an event target');
      await page.getByRole('menuitem', { name: 'Redeliver events…' }).click();
      await page.getByRole('dialog').getByLabel('Since').waitFor();
      await axe.check('redelivery of events');
      await answer('Cancel');
      await more('Delete');
      await axe.check('deletion of an event target');
      await answer('Cancel');
      await more('Rotate secret');
      await answer('Rotate secret');
      await page.getByRole('button', { name: 'Copy secret' }).click();
      await axe.check('rotated secret of a webhook');
      await page.getByRole('button', { name: 'Done' }).click();
      receiver.status = 410;
      await page.getByRole('button', { name: 'Send test event' }).click();
      await page.getByText('The test event did not arrive.').waitFor();
      await axe.check('failed test of an event target');
      await visit(page, `/admin/settings/events/on-call-${width}/edit`);
      await page.getByRole('button', { name: 'Save changes' }).waitFor();
      await axe.check('event target, edited');
      await page.getByRole('link', { name: 'Cancel' }).click();
      await page.locator('main').getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Disable' }).click();
      await answer('Disable');
      await page.getByRole('button', { name: 'Close' }).click();
      await page.locator('mat-snack-bar-container').waitFor({ state: 'detached' });
      await axe.check('disabled event target');
      await more('Delete');
      await answer('Delete');
      await page.getByText('1 target', { exact: true }).waitFor();

      expect(axe.takeViolations()).toEqual([]);
    });

    it('has no serious finding where it sends e-mail', async () => {
      await visit(page, '/admin/lost-password');
      await page.getByRole('button', { name: 'Send link' }).click();
      await page.getByText('This field is required.').waitFor();
      await axe.check('lost password, with an error');
      await page.getByLabel('Name or e-mail address').fill('nobody');
      await page.getByRole('button', { name: 'Send link' }).click();
      await page.getByRole('heading', { name: 'Check your e-mail' }).waitFor();
      await axe.check('lost password, sent');

      expect(axe.takeViolations()).toEqual([]);
    });

    it.each(['Profile', 'Tokens', 'Activity', 'Access'])(
      'has no serious finding on the page of a user: %s',
      async (tab) => {
        await visit(page, '/admin/users/admin');
        await page.getByRole('tab', { name: tab }).click();
        await page.waitForLoadState('networkidle');
        await axe.check(tab);

        expect(axe.takeViolations()).toEqual([]);
      },
    );
  });
}
