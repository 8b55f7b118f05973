import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, type Headers } from '../support/api-client.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { Installation } from '../support/installation.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

const NEW_PASSWORD = 'teapots under seven bridges';

let installation: Installation;
let client: ApiClient;
let asAdmin: Headers;
let page: CommandsOnPage;

beforeAll(async () => {
  installation = await Installation.open({ LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '2' });
  client = await installation.running();
  asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  await client.createUser({ name: 'anna', password: PASSWORD }, asAdmin);
  page = new CommandsOnPage(
    'guides/lost-passwords.md',
    { ...(installation.environment as Record<string, string>), TOKEN: asAdmin['X-Auth-Token'] ?? '' },
    {
      'http://127.0.0.1:3000': client.baseUrl,
      'new-password.txt': join(installation.folder, 'new-password.txt'),
    },
  );
});

afterAll(() => installation.close());

const login = async (name: string, password: string) => (await client.login(name, password)).status;

/** Uses the set-up link in a text. */
async function useLink(text: string): Promise<void> {
  const [, secret = ''] = /\/admin\/set-up\?name=[^#]+#([\w-]+)/.exec(text) ?? [];
  expect((await client.setUp({ secret, password: NEW_PASSWORD })).status).toBe(204);
}

/** Fails to log in until the account is throttled. */
async function throttleAccount(name: string): Promise<void> {
  while ((await login(name, 'not the password')) !== 429);
}

// In the order of the page: each step needs those before it.
describe('docs/guides/lost-passwords.md', () => {
  it('gives a user a new password by link', async () => {
    const asAnna = await client.loginHeaders('anna', PASSWORD);

    const answer = await page.run('set-up-link');
    expect(await login('anna', PASSWORD)).toBe(200);
    await useLink(answer);

    expect(await login('anna', NEW_PASSWORD)).toBe(200);
    expect(await login('anna', PASSWORD)).toBe(401);
    expect((await client.me(asAnna)).status).toBe(401);
  });

  it('unlocks a throttled user', async () => {
    await throttleAccount('anna');

    await page.run('/users/anna/throttle');

    expect(await login('anna', NEW_PASSWORD)).toBe(200);
  });

  it('accepts a request for a link by e-mail', async () => {
    expect(await page.run('/auth/lost-password')).toBe('');
  });

  it('gives an administrator a new password while the server runs', async () => {
    await useLink(await page.run('reset-password admin'));

    expect(await login('admin', NEW_PASSWORD)).toBe(200);
    expect(await login('admin', ADMIN.password)).toBe(401);
  });

  it('unlocks a throttled administrator', async () => {
    await throttleAccount('admin');

    await page.run('unlock admin');

    expect(await login('admin', NEW_PASSWORD)).toBe(200);
  });

  it('creates an administrator with a link', async () => {
    await useLink(await page.run('create-admin rescue\n'));

    const asRescue = await client.loginHeaders('rescue', NEW_PASSWORD);
    expect((await client.users(asRescue)).status).toBe(200);
  });

  it('creates an administrator with a password from a file', async () => {
    writeFileSync(join(installation.folder, 'new-password.txt'), `${NEW_PASSWORD}\n`);

    await page.run('--password-file');

    const asRescue = await client.loginHeaders('rescue-2', NEW_PASSWORD);
    expect((await client.users(asRescue)).status).toBe(200);
  });

  it('finds the links and their issuers in the audit trail', async () => {
    const asRescue = await client.loginHeaders('rescue', NEW_PASSWORD);
    page.environment['TOKEN'] = asRescue['X-Auth-Token'] ?? '';

    const { items } = JSON.parse(await page.run('audit-events')) as {
      items: { actor: { name: string }; subject: { name: string } }[];
    };

    expect(items.map(({ subject }) => subject.name)).toEqual(['rescue', 'admin', 'anna']);
    expect(items.map(({ actor }) => actor.name)).toEqual([
      expect.stringMatching(/^command line \(/),
      expect.stringMatching(/^command line \(/),
      'admin',
    ]);
  });

  it('sets the password of the first administrator without a browser', async () => {
    const password = String.raw`teapots "under" seven\bridges`;
    await installation.stop();
    const first = await Installation.open({ LATCHKEY_ADMIN_PASSWORD: undefined });
    const firstClient = await first.running();
    const data = first.database.folder;
    try {
      page.replacements['http://127.0.0.1:3000'] = firstClient.baseUrl;
      page.replacements['data/first-sign-in.txt)'] = `${data}/first-sign-in.txt); echo "$SECRET"`;
      page.replacements[' PASSWORD; echo'] = ` PASSWORD <<< '${password}'; echo "$PASSWORD"`;

      page.environment['SECRET'] = (await page.run('first-sign-in.txt')).trim();
      page.environment['PASSWORD'] = (await page.run('read -rsp')).trim();
      expect(await page.run('/auth/set-up')).toBe('');

      expect((await firstClient.login(ADMIN.name, password)).status).toBe(200);
      expect(existsSync(join(data, 'first-sign-in.txt'))).toBe(false);
    } finally {
      await first.close();
    }
  });

  it('has no other commands', () => {
    expect(page.notRun).toEqual([]);
  });
});
