import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Headers } from '../support/api-client.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { serverIn, ServerProcess } from '../support/server-process.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

const NEW_PASSWORD = 'teapots under seven bridges';
/** Timeout in milliseconds: `npx` alone takes a second, and several on a busy machine. */
const LONG = 180_000;

let folder: string;
let server: ServerProcess;
let asAdmin: Headers;
let page: CommandsOnPage;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'));
  const environment = serverIn(folder, { LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '2' });
  server = await ServerProcess.start(environment);
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  await server.client.createUser({ name: 'anna', password: PASSWORD }, asAdmin);
  page = new CommandsOnPage(
    'guides/lost-passwords.md',
    { ...(environment as Record<string, string>), TOKEN: asAdmin['X-Auth-Token'] ?? '' },
    { 'http://127.0.0.1:3000': server.client.baseUrl, 'new-password.txt': join(folder, 'new-password.txt') },
  );
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const login = async (name: string, password: string) => (await server.client.login(name, password)).status;

/** Uses the set-up link in a text. */
async function useLink(text: string): Promise<void> {
  const [, secret = ''] = /\/admin\/set-up\?name=[^#]+#([\w-]+)/.exec(text) ?? [];
  expect((await server.client.setUp({ secret, password: NEW_PASSWORD })).status).toBe(204);
}

/** Fails to log in until the account is throttled. */
async function throttleAccount(name: string): Promise<void> {
  while ((await login(name, 'not the password')) !== 429);
}

// In the order of the page: each step needs those before it.
describe('docs/guides/lost-passwords.md', () => {
  it('gives a user a new password by link', async () => {
    const asAnna = await server.client.loginHeaders('anna', PASSWORD);

    const answer = await page.run('set-up-link');
    expect(await login('anna', PASSWORD)).toBe(200);
    await useLink(answer);

    expect(await login('anna', NEW_PASSWORD)).toBe(200);
    expect(await login('anna', PASSWORD)).toBe(401);
    expect((await server.client.me(asAnna)).status).toBe(401);
  });

  it('unlocks a throttled user', async () => {
    await throttleAccount('anna');

    await page.run('/users/anna/throttle');

    expect(await login('anna', NEW_PASSWORD)).toBe(200);
  });

  it(
    'gives an administrator a new password while the server runs',
    async () => {
      await useLink(await page.run('reset-password admin'));

      expect(await login('admin', NEW_PASSWORD)).toBe(200);
      expect(await login('admin', ADMIN.password)).toBe(401);
    },
    LONG,
  );

  it(
    'unlocks a throttled administrator',
    async () => {
      await throttleAccount('admin');

      await page.run('unlock admin');

      expect(await login('admin', NEW_PASSWORD)).toBe(200);
    },
    LONG,
  );

  it(
    'creates an administrator with a link',
    async () => {
      await useLink(await page.run('create-admin rescue\n'));

      const asRescue = await server.client.loginHeaders('rescue', NEW_PASSWORD);
      expect((await server.client.users(asRescue)).status).toBe(200);
    },
    LONG,
  );

  it(
    'creates an administrator with a password from a file',
    async () => {
      writeFileSync(join(folder, 'new-password.txt'), `${NEW_PASSWORD}\n`);

      await page.run('--password-file');

      const asRescue = await server.client.loginHeaders('rescue-2', NEW_PASSWORD);
      expect((await server.client.users(asRescue)).status).toBe(200);
    },
    LONG,
  );

  it('sets the password of the first administrator without a browser', async () => {
    const data = join(folder, 'first');
    const password = String.raw`teapots "under" seven\bridges`;
    const first = await ServerProcess.start(serverIn(data, { LATCHKEY_ADMIN_PASSWORD: undefined }));
    try {
      page.replacements['http://127.0.0.1:3000'] = first.client.baseUrl;
      page.replacements['data/first-sign-in.txt)'] = `${data}/first-sign-in.txt); echo "$SECRET"`;
      page.replacements[' PASSWORD; echo'] = ` PASSWORD <<< '${password}'; echo "$PASSWORD"`;

      page.environment['SECRET'] = (await page.run('first-sign-in.txt')).trim();
      page.environment['PASSWORD'] = (await page.run('read -rsp')).trim();
      expect(await page.run('/auth/set-up')).toBe('');

      expect((await first.client.login(ADMIN.name, password)).status).toBe(200);
      expect(existsSync(join(data, 'first-sign-in.txt'))).toBe(false);
    } finally {
      page.replacements['http://127.0.0.1:3000'] = server.client.baseUrl;
      await first.stop();
    }
  });

  it('finds the links and their issuers in the audit trail', async () => {
    const asRescue = await server.client.loginHeaders('rescue', NEW_PASSWORD);
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

  it('has no other commands', () => {
    expect(page.untried).toEqual([]);
  });
});
