// Screens of the console: name, path, and the steps before the screenshot.
import { ANNA, ELIF } from './picture-data.mjs';

/** Screens without a session. */
export const OUTSIDE = [
  ['set-up', '/set-up?name=carla#AAAAAAAAAAAAAAAAAAAAAA'],
  ['sign-in', '/sign-in'],
  ['lost-password', '/lost-password', (page) => page.getByLabel('Name or e-mail address').fill('carla')],
];

/** Screens that move the clock of the server forward, and therefore use one of their own. */
export const THROTTLED = [['sign-in-throttled', '/sign-in', reachThrottle]];

/** Screens of an administrator on a server with a history. */
export const INSIDE = (tokenId) => [
  ['home', '/'],
  ['users', '/users'],
  ['users-selected', '/users?kind=service', (page) => check(page, 2)],
  ['users-disable', '/users?kind=service', askToDisable],
  ['users-no-match', '/users?q=nobody'],
  ['user-new', '/users', openNewUser],
  ['user', '/users/elif'],
  ['user-tokens', '/users/deploy-bot?tab=tokens'],
  ['user-activity', '/users/elif?tab=activity'],
  ['user-access', '/users/elif?tab=access'],
  ['tokens', '/tokens'],
  ['token', `/tokens/${tokenId}`],
  ['token-new', '/tokens/new?user=deploy-bot'],
  ['token-rotate', `/tokens/${tokenId}`, (page) => button(page, 'Rotate').click()],
  ['roles', '/roles'],
  ['role', '/roles/support'],
  ['role-new', '/roles/_new', fillNewRole],
  ['audit', '/audit', openEntry],
  ['settings', '/settings'],
  ['events', '/settings/events'],
  ['event-target', '/settings/events/on-call'],
  ['event-target-new', '/settings/events/_new', fillNewTarget],
  ['webhook-secret', '/settings/events/_new', createTarget],
  ['account', '/account'],
  ['second-factor', '/account', addAuthenticator],
  ['account-menu', '/users', openAccountMenu],
  ['shortcuts', '/users', (page) => page.keyboard.press('?')],
  ['not-found', '/nowhere'],
  ['problem', '/users', breakList],
  ['users-out-of-date', '/users?kind=service', failToReload],
  ['token-secret', '/tokens/new?user=deploy-bot', createToken],
  ['user-merge', '/users/ines', changeConcurrently],
  ['users-rejected', '/users?role=admin&sort=-name', removeRoleFromAdmins],
  ['audit-live', '/audit', waitForNewEntries],
  ['sign-in-again', '/users', endSession],
];

/** Screens with 100,000 tokens. */
export const CROWDED = [
  ['tokens-many', '/tokens?kind=any&state=active,expiring,pending,expired,disabled,revoked&size=10'],
  ['tokens-many-selected', '/tokens?size=10', selectAll],
];

const button = (page, name) => page.getByRole('button', { name }).first();
const tool = (page, name) => page.getByRole('toolbar').getByRole('button', { name });

async function check(page, count) {
  for (let index = 0; index < count; index += 1) {
    await page
      .getByRole('checkbox', { name: /^Select (?!all)/ })
      .nth(index)
      .check();
  }
}

async function askToDisable(page) {
  await check(page, 3);
  await tool(page, 'Disable').click();
  await page.getByRole('alertdialog').waitFor();
}

async function openNewUser(page) {
  await button(page, 'New user').click();
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('karl');
}

async function fillNewRole(page) {
  await page.getByLabel('Name', { exact: true }).fill('helpdesk');
  await page.getByLabel(/^Description/).fill('Lets people in again who forgot their password.');
  await page.getByRole('checkbox', { name: /^users:write/ }).check();
  await page.mouse.move(0, 0);
}

async function fillNewTarget(page) {
  await page.getByLabel('Name', { exact: true }).fill('security-team');
  await page.getByRole('radio', { name: /^E-mail/ }).check();
  await page.getByLabel('Addresses', { exact: true }).fill('security@example.org');
  await page.mouse.move(0, 0);
}

async function createTarget(page) {
  await page.getByLabel('Name', { exact: true }).fill('ticket-system');
  await page.getByLabel('URL', { exact: true }).fill('https://tickets.example.org/latchkey');
  await button(page, 'Create target').click();
  await page.locator('app-webhook-secret').waitFor();
}

async function openEntry(page) {
  const entry = page.getByRole('listitem').filter({ hasText: 'Changed a user' }).first();
  await entry.getByRole('button', { name: /^Details/ }).click();
}

async function addAuthenticator(page) {
  await button(page, 'Add authenticator app').click();
  await page.locator('app-qr-code').waitFor();
}

async function openAccountMenu(page) {
  await button(page, /^Account of/).click();
}

/** Response of a server that cannot reach its database. */
const respondUnavailable = (route) =>
  route.fulfill({
    status: 503,
    contentType: 'application/problem+json',
    json: {
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      code: 'unavailable',
      detail: 'The database does not respond.',
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    },
  });

async function breakList(page) {
  await page.route('**/users?*', respondUnavailable);
  await page.reload();
  await button(page, 'Try again').waitFor();
  await page.unroute('**/users?*');
}

/** An action without effect also loads the list again. */
async function failToReload(page) {
  await check(page, 1);
  await page.route('**/users?*', respondUnavailable);
  await tool(page, 'Enable').click();
  const question = page.getByRole('alertdialog');
  await question.or(page.locator('app-stale-notice')).waitFor();
  if (await question.isVisible()) {
    await question.getByRole('button', { name: 'Enable' }).click();
  }
  await page.locator('app-stale-notice').waitFor();
  await page.unroute('**/users?*');
}

async function createToken(page) {
  await page.getByLabel('What is it for?').fill('GitHub Actions, preview');
  await button(page, 'Create token').click();
  await page.locator('app-secret-panel').waitFor();
}

async function changeConcurrently(page, server) {
  await page.getByLabel('Display name').fill('Inês C. Lopes');
  const admin = { ...(await server.as(ELIF)), 'If-Match': '*' };
  await server.call('PATCH', '/users/ines', admin, { displayName: 'Inês Lopes', email: 'ines@example.org' });
  await button(page, 'Save profile').click();
  await page.getByRole('dialog').waitFor();
}

/** The server keeps the role of the last administrator. */
async function removeRoleFromAdmins(page) {
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
  await tool(page, 'More').click();
  await page.getByRole('menuitem', { name: 'Remove role…' }).click();
  await page.getByRole('combobox', { name: 'Role' }).click();
  await page.getByRole('option', { name: 'admin' }).click();
  await button(page, 'Remove role').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove role' }).click();
  await page.getByRole('dialog').getByText('could not be changed').waitFor();
}

async function waitForNewEntries(page, server) {
  await server.logIn({ ...ELIF, name: 'lena' });
  await server.failToLogIn('kofi.mensah', '203.0.113.97');
  await page.getByRole('listitem').filter({ hasText: 'lena' }).first().waitFor();
  await page.getByRole('listitem').filter({ hasText: 'kofi.mensah' }).first().waitFor();
}

async function endSession(page, server) {
  await server.call('DELETE', '/me/tokens', await server.as(ANNA));
  await page.getByRole('searchbox').fill('an');
  await page.getByRole('dialog').waitFor();
}

/** Each failure beyond the limit doubles the delay. */
async function reachThrottle(page, server) {
  for (let failures = 1; failures <= 16; failures += 1) {
    await server.failToLogIn('karl', '203.0.113.7');
    await server.setClock(failures < 10 ? server.shift : server.shift + 40_000);
  }
  await server.setClock(server.shift - 39_000);
  await page.getByLabel('Name', { exact: true }).fill('karl');
  await page.getByLabel('Password', { exact: true }).fill('a wrong password');
  await button(page, 'Sign in').click();
  await button(page, /^Try again/).waitFor();
}

async function selectAll(page) {
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
  await button(page, /^Select all [\d,]+/).click();
}
