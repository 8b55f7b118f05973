import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { ConsoleBrowser } from '../support/console-browser.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ServerProcess } from '../support/server-process.js';

/** People whom each story may change. */
const PEOPLE = ['anna', 'ben', 'cleo', 'dora', 'emil', 'fay'];

let folder: string;
let server: ServerProcess;
let browser: ConsoleBrowser;
let headers: Awaited<ReturnType<ServerProcess['client']['loginHeaders']>>;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
  server = await ServerProcess.start({
    DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
    LATCHKEY_ADMIN_PASSWORD: PASSWORD,
  });
  headers = await server.client.loginHeaders('admin', PASSWORD);
  for (const name of PEOPLE) {
    await server.client.createUser(newUser({ name, roles: ['user'] }), headers);
  }
  await server.client.createUser(newUser({ name: 'reader', roles: ['auditor'] }), headers);
  browser = await ConsoleBrowser.launch(server.client.baseUrl);
  page = await signedIn('admin', '/admin/users');
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function signedIn(name: string, path: string): Promise<Page> {
  const opened = await browser.open(path);
  await opened.getByLabel('Name', { exact: true }).fill(name);
  await opened.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await opened.getByRole('button', { name: 'Sign in' }).click();
  await opened.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
  return opened;
}

const row = (name: string) => page.getByRole('row', { name: new RegExp(name) });
const select = (name: string) => page.getByRole('checkbox', { name: `Select ${name}` }).check();
const bulk = (name: string) => page.getByRole('toolbar').getByRole('button', { name });
const answer = (name: string) => page.getByRole('alertdialog').getByRole('button', { name }).click();

describe('the list of users', () => {
  it('filters by role, and by when somebody signed in last, in the address', async () => {
    await page.getByRole('button', { name: 'Role: any' }).click();
    await page.getByRole('menuitemradio', { name: 'auditor' }).click();
    await row('anna').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Sign-in: any' }).click();
    await page.getByRole('menuitemradio', { name: 'Never signed in' }).click();
    await row('reader').waitFor();

    expect(new URL(page.url()).search).toBe('?role=auditor&neverLoggedIn=true');
    await page.getByRole('button', { name: /Sign-in: Never/ }).click();
    await page.getByRole('menuitemradio', { name: 'Not for 30 days' }).click();
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page.getByRole('button', { name: 'Clear search and filters' }).click();
    await row('anna').waitFor();
  });

  it('sorts by what has no column', async () => {
    await page.getByRole('button', { name: 'Name, A to Z' }).click();
    await page.getByRole('menuitemradio', { name: 'E-mail, A to Z' }).click();
    await page.waitForURL(/sort=email/);
    await page.goto('/admin/users');
    await row('anna').waitFor();
  });

  it('tells what disabling means in numbers, and takes it back for exactly those it changed', async () => {
    await server.client.updateUser('ben', { enabled: false, version: 0 }, headers);
    await page.reload();
    await select('anna');
    await select('ben');
    await select('cleo');
    await bulk('Disable').click();
    await page.getByText('2 users cannot sign in any more, and 0 tokens stop working.').waitFor();
    await answer('Disable');

    await row('anna').getByText('Disabled').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await row('cleo').getByText('Enabled').waitFor();
    expect(await row('ben').getByText('Disabled').count()).toBe(1);
  });

  it('takes a role from many, and names those who keep it and why', async () => {
    await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
    await bulk('More').click();
    await page.getByRole('menuitem', { name: 'Take a role' }).click();
    await page.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: 'admin' }).click();
    await page.getByRole('button', { name: 'Take the role' }).click();
    await page.getByRole('alertdialog').getByText('You are among them and lose it yourself.').waitFor();
    await answer('Take the role');

    const refusals = page.getByRole('dialog');
    await refusals.getByText(/^1 of \d+ could not be changed$/).waitFor();
    await refusals.getByText('The last administrator must stay able to administer').waitFor();
    await refusals.getByRole('button', { name: 'Close' }).click();
  });

  it('deletes many only after their number is typed', async () => {
    await page.goto('/admin/users?q=a');
    await select('anna');
    await select('fay');
    await bulk('More').click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: 'Delete' }).click({ force: true });
    expect(await dialog.count()).toBe(1);
    // The label of the field may be as long as a name.
    const parts = [dialog.locator('mat-form-field'), dialog.locator('p').first()];
    const [field, sentence] = await Promise.all(parts.map((part) => part.boundingBox()));
    expect(field?.width).toBe(sentence?.width);
    await dialog.getByLabel('Type 2 to confirm').fill('2');
    await answer('Delete');

    await row('fay').waitFor({ state: 'detached' });
    await row('anna').waitFor({ state: 'detached' });
  });

  it('shows an auditor everything, and nothing to change it with', async () => {
    const other = await signedIn('reader', '/admin/users');
    await other.getByRole('row', { name: /dora/ }).waitFor();

    expect(await other.getByRole('checkbox').count()).toBe(0);
    expect(await other.getByRole('button', { name: 'New user' }).count()).toBe(0);
    await other.context().close();
  });
});

describe('a new user', () => {
  it('is handed a link to choose a password, unless one is given', async () => {
    await page.goto('/admin/users');
    await page.getByRole('button', { name: 'New user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('gina');
    await dialog.getByRole('button', { name: 'Create user' }).click();
    await dialog.getByText('gina is created').waitFor();
    await dialog.getByText(/It works until \w+day/).waitFor();
    const link = (await dialog.locator('code').textContent()) ?? '';
    await dialog.getByRole('button', { name: 'Done' }).click();
    await row('gina').waitFor();

    const theirs = await browser.open(new URL(link).pathname + new URL(link).hash);
    await theirs.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await theirs.getByLabel('Password again').fill(PASSWORD);
    await theirs.getByRole('button', { name: 'Set password' }).click();
    await theirs.getByText('Your password is set').waitFor();
    await theirs.context().close();
  });

  it('goes on to the first token if it is a service', async () => {
    await page.getByRole('button', { name: 'New user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Service' }).click();
    await dialog.getByLabel('Name', { exact: true }).fill('deploy-bot');
    await dialog.getByRole('button', { name: 'Create service' }).click();

    await page.waitForURL(/\/admin\/tokens\/new\?user=deploy-bot$/);
  });
});

describe('the page of a user', () => {
  it('is where a row leads, and its parts stand in the address', async () => {
    await page.goto('/admin/users');
    await row('cleo').getByText('cleo', { exact: true }).click();
    await page.getByRole('heading', { name: 'cleo' }).waitFor();
    await page.getByRole('tab', { name: 'Raw JSON' }).click();
    await page.getByText(/curl -H "X-Auth-Token: \$TOKEN" .*\/users\/cleo/).waitFor();

    expect(new URL(page.url()).searchParams.get('tab')).toBe('raw');
    await page.reload();
    await page.getByText('"name": "cleo"').waitFor();
  });

  it('merges what two people changed in different fields, and asks where both changed the same', async () => {
    await page.getByRole('tab', { name: 'Profile' }).click();
    await page.getByLabel('Display name').fill('Cleo C.');
    const { version } = (await server.client.user('cleo', headers)).body;
    await server.client.updateUser('cleo', { email: 'cleo@example.org', version }, headers);
    await page.getByRole('button', { name: 'Save profile' }).click();
    await page.getByText('The profile of cleo is saved.').waitFor();
    await page.getByText('cleo@example.org').waitFor();

    const after = (await server.client.user('cleo', headers)).body;
    await server.client.updateUser('cleo', { displayName: 'Cléo', version: after.version }, headers);
    await page.getByLabel('Display name').fill('Kleo');
    await page.getByRole('button', { name: 'Save profile' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Cléo').waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.locator('app-user-head').getByText('Kleo').waitFor();
    expect((await server.client.user('cleo', headers)).body).toMatchObject({
      displayName: 'Kleo',
      email: 'cleo@example.org',
    });
  });

  it('disables at once, and takes it back', async () => {
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByText('cleo is disabled.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Disable' }).waitFor();

    expect((await server.client.user('cleo', headers)).body.enabled).toBe(true);
  });

  it('makes a set-up link that is shown once', async () => {
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Make a set-up link' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Make the link' }).click();
    await dialog.getByText(/\/admin\/set-up#/).waitFor();
    await dialog.getByText(/It works until/).waitFor();
    await page.keyboard.press('Escape');
    expect(await dialog.count()).toBe(1);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('sets a password, and says beside the field what the server has against it', async () => {
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Set a password' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('New password').fill('password1234567890');
    await dialog.getByRole('button', { name: 'Set password' }).click();
    await dialog.getByText(/easily guessed|among the first/).waitFor();
    await dialog.getByLabel('New password').fill('another long enough one');
    await dialog.getByRole('button', { name: 'Set password' }).click();
    await page.getByText('cleo has a new password.').waitFor();
    await server.client.loginHeaders('cleo', 'another long enough one');
  });

  it('ends all tokens after it said how many', async () => {
    await page.reload();
    await page.getByRole('tab', { name: 'Tokens' }).click();
    await page.getByText('1 token', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Revoke all tokens' }).click();
    await page.getByText('1 token stops working at once').waitFor();
    await answer('Revoke tokens');

    await page.getByRole('heading', { name: 'No tokens' }).waitFor();
    expect(await page.getByRole('link', { name: 'New token' }).getAttribute('href')).toBe(
      '/admin/tokens/new?user=cleo',
    );
  });

  it('says what a role would mean before it is given, and who gave it afterwards', async () => {
    await page.getByRole('tab', { name: 'Access' }).click();
    await page.getByRole('checkbox', { name: 'auditor' }).check();
    await page.getByText(/They could then also: audit:read/).waitFor();
    await page.getByRole('button', { name: 'Save roles' }).click();
    await page.getByText('The roles of cleo are saved.').waitFor();
    await page.getByText('by auditor').first().waitFor();

    await page.getByRole('tab', { name: 'Activity' }).click();
    await page.getByRole('radio', { name: 'What was done to them' }).click();
    await page.getByText('Changed a user').first().waitFor();
    await page.getByText('by admin').first().waitFor();
  });

  it('says in words that the last administrator stays', async () => {
    await page.goto('/admin/users/admin?tab=access');
    await page.getByRole('checkbox', { name: 'admin' }).uncheck();
    await page.getByRole('button', { name: 'Save roles' }).click();
    await answer('Take them');

    await page.getByRole('alert').getByText(/last/).waitFor();
  });

  it('says in words what is above the person, at the action', async () => {
    await server.client.createRole({ name: 'keeper', permissions: ['users:read', 'users:write'] }, headers);
    await server.client.createUser(newUser({ name: 'kim', roles: ['keeper'] }), headers);
    const other = await signedIn('kim', '/admin/users/admin');
    await other.getByRole('button', { name: 'Disable' }).click();

    await other
      .getByRole('alert')
      .getByText(/They hold .* and you do not/)
      .waitFor();
    await other.context().close();
  });

  it('shows an auditor everything, and nothing to change it with', async () => {
    const other = await signedIn('reader', '/admin/users/cleo?tab=access');
    await other.getByRole('heading', { name: 'Effective permissions' }).waitFor();
    await other.getByText('users:read').waitFor();

    expect(await other.getByRole('checkbox').count()).toBe(0);
    expect(await other.getByRole('button', { name: /More|Disable|Save/ }).count()).toBe(0);
    await other.context().close();
  });

  it('says that somebody is not there', async () => {
    await page.goto('/admin/users/nobody');

    await page.getByRole('heading', { name: 'This is not there any more' }).waitFor();
  });

  it('keeps what was written while the server is gone, and loads again when it is back', async () => {
    await page.goto('/admin/users/emil');
    await page.getByLabel('Display name').fill('Emil E.');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Save profile' }).click();
    await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Save profile' }).click();
    await page.getByText('The profile of emil is saved.').waitFor();

    await page.route('**/users/emil', (route) => route.abort());
    await page.goto('/admin/users?q=emil');
    await row('emil').getByText('emil', { exact: true }).click();
    await page.getByText('No connection').waitFor();
    await page.unroute('**/users/emil');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Emil E.').waitFor();
  });

  it('deletes after the name is typed, and leads back to the list', async () => {
    await page.goto('/admin/users/dora');
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByLabel('Type dora to confirm').fill('dora');
    await page.keyboard.press('Enter');

    await page.getByText('dora is deleted.').waitFor();
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    await row('cleo').waitFor();
    expect(await row('dora').count()).toBe(0);
  });
});

describe('names that are hard to show', () => {
  it('are text, whole, and inside the page', async () => {
    const long = 'w'.repeat(64);
    const names = [long, '山田太郎', 'محمد.علي'];
    for (const name of names) {
      await server.client.createUser(newUser({ name, displayName: '<b onclick=alert(1)>x</b>' }), headers);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    for (const name of names) {
      await page.goto(`/admin/users/${encodeURIComponent(name)}`);
      await page.getByRole('heading', { name }).waitFor();
      await page.getByText('<b onclick=alert(1)>x</b>').first().waitFor();
      const isInside = await page.evaluate<boolean>(
        'document.documentElement.scrollWidth <= document.documentElement.clientWidth',
      );

      expect([name, isInside]).toEqual([name, true]);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });
});

describe('all of this', () => {
  it('broke no policy, threw nothing, and asked no other host', () => {
    expect(browser.misbehaviour).toEqual([]);
  });
});
