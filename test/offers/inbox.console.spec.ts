import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Page, type Route } from 'playwright-core';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newUser } from '../support/factories.js';
import { useConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';
import { flushTokenUsage, settleCanaries } from '../support/use-server.js';

const HIDE = 'Hide until something changes';

let asAdmin: Headers;
let canary: UserTokenDto;
let page: Page;

const inUse = useConsole(async (client, headers) => {
  asAdmin = headers;
  await client.createUser({ name: 'deploy', kind: 'service' }, asAdmin);
  for (const note of ['production', 'staging', 'testing']) {
    await client.createUserToken('deploy', asAdmin, { note, expiresIn: 5 * 86_400 });
  }
  await client.createRole({ name: 'verifiers', permissions: ['tokens:introspect'] }, asAdmin);
  await client.createUser({ name: 'orders', kind: 'service', roles: ['verifiers'] }, asAdmin);
  const own = await client.createUserToken('orders', asAdmin, { expiresIn: 9.5 * 86_400 });
  await client.request('POST', '/auth/revocations/reports', {
    headers: tokenHeader(own.body),
    body: { verifier: randomUUID(), number: 1, name: 'orders-api', local: 0, asked: 0, uses: [] },
  });
  const body = { kind: 'canary', note: 'in the wiki' } as const;
  canary = (await client.createUserToken('deploy', asAdmin, body)).body;
  await useCanary();
});

beforeAll(() => {
  page = inUse.page;
});

const card = (heading: string) => page.getByRole('region', { name: new RegExp(heading) });
const hidden = () => page.getByRole('region', { name: 'Hidden tokens' });
const hiddenLine = () => page.locator('app-hidden-tokens').getByText('1 token hidden');
const tokenNamed = async (note: string) =>
  (await inUse.client.tokens(asAdmin, `?q=${encodeURIComponent(note)}`)).body.items[0];

/** Uses the canary, and waits until the server has written the use. */
async function useCanary(): Promise<void> {
  await inUse.client.me(tokenHeader(canary));
  await settleCanaries(inUse);
  await flushTokenUsage(inUse);
}

/** Selects an action in the menu of a token or a group. */
async function choose(name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `More actions: ${name}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
  await page.getByRole('menu').waitFor({ state: 'detached' });
}

it('lists a token of a verifier before the others that expire', async () => {
  await card('Verifier expires within 14 days').getByText('verifies for orders-api').waitFor();

  const headings = await page.getByRole('heading', { level: 3, name: /within 14 days/ }).allInnerTexts();
  expect(headings.map((heading) => heading.replace(/\d+$/, '').trim())).toEqual([
    'Verifier expires within 14 days',
    'Expires within 14 days',
  ]);
});

// The steps depend on each other.
describe('the inbox', () => {
  it('hides a token, and shows it again on Undo', async () => {
    await choose('production', HIDE);
    await card('Expires within 14 days').getByText('production').waitFor({ state: 'detached' });
    await hiddenLine().waitFor();
    expect(await tokenNamed('production')).toHaveProperty('acknowledgedTime');

    await page.getByRole('button', { name: 'Undo' }).click();
    await card('Expires within 14 days').getByText('production').waitFor();
    await hiddenLine().waitFor({ state: 'detached' });
    expect(await tokenNamed('production')).not.toHaveProperty('acknowledgedTime');
  });

  it('hides by keyboard, and moves the focus to the next row', async () => {
    await page.getByRole('button', { name: 'More actions: production' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('[role=menuitem]:focus').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.locator('[role=menuitem]:focus', { hasText: HIDE }).waitFor();
    await page.keyboard.press('Enter');
    await card('Expires within 14 days').getByText('production').waitFor({ state: 'detached' });
    await page.locator('app-inbox-card a:focus').waitFor();

    expect(await page.locator(':focus').innerText()).not.toContain('production');
  });

  it('lists hidden tokens, and shows one again', async () => {
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await hidden().getByText('hidden just now').waitFor();
    await page.getByRole('button', { name: 'Show again: production' }).click();

    await hidden().waitFor({ state: 'detached' });
    await card('Expires within 14 days').getByText('production').waitFor();
  });

  it('hides all tokens of a group after a confirmation with their number', async () => {
    await choose('Expires within 14 days', 'Hide all 3 until something changes');
    const question = page.getByRole('alertdialog');
    await question.getByText('Hide 3 tokens from all administrators?').waitFor();
    await question.getByRole('button', { name: 'Hide all 3 until something changes' }).click();
    await question.waitFor({ state: 'detached' });

    await card('Expires within 14 days').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await card('Expires within 14 days').waitFor();
  });

  it('shows a hidden canary again after another use', async () => {
    await choose('in the wiki', HIDE);
    await card('Canary used').waitFor({ state: 'detached' });

    await page.reload();
    await hiddenLine().waitFor();
    expect(await card('Canary used').count()).toBe(0);

    await useCanary();
    await visit(page, '/admin/');
    await card('Canary used').getByText('in the wiki').waitFor();
    expect(await hiddenLine().count()).toBe(0);
  });

  it('rotates a token without leaving the page, and shows the secret once', async () => {
    await visit(page, '/admin/users');
    await visit(page, '/admin/');
    await page.getByRole('button', { name: 'Rotate: staging' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /Not at all/ }).check();
    const held = new Promise<Route>((resolve) => {
      void page.route('**/tokens/*/rotate', resolve, { times: 1 });
    });
    await dialog.getByRole('button', { name: 'Rotate' }).click();
    const request = await held;
    // The response has the secret.
    await page.keyboard.press('Escape');
    await request.continue();
    await dialog.getByRole('heading', { name: 'Token rotated' }).waitFor();
    const secret = await dialog.locator('pre').first().innerText();

    expect((await inUse.client.me(tokenHeader({ user: 'deploy', token: secret }))).status).toBe(200);
    // The secret would be lost.
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await page.goBack();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await dialog.getByText(secret, { exact: true }).waitFor();

    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe('/admin/');
  });

  it('always shows owners their own tokens, without a menu to hide them', async () => {
    const { body: user } = await inUse.client.createUser(newUser({ name: 'anne' }), asAdmin);
    const { body: token } = await inUse.client.createUserToken(user.name, asAdmin, {
      note: 'my script',
      expiresIn: 5 * 86_400,
    });
    await inUse.client.bulkTokens({ action: 'acknowledge', ids: [token.id] }, asAdmin);
    const own = await inUse.signedIn('anne', '/admin/');
    await own.getByText('my script').waitFor();
    await own.getByRole('button', { name: 'Rotate: my script' }).waitFor();

    expect(await own.getByRole('button', { name: 'More actions: my script' }).count()).toBe(0);
    await own.context().close();
  });
});
