import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { Passwords } from '../../apps/api/src/platform/crypto/passwords.service.js';
import { CommonPasswords } from '../../apps/api/src/users/passwords/blocklist/common-passwords.js';
import { PASSWORD } from '../support/factories.js';
import { ADMIN, TestServer } from '../support/test-server.js';
import { stopClock } from '../support/use-server.js';

const environment = {
  LATCHKEY_ADMIN_PASSWORD: undefined,
  LATCHKEY_PUBLIC_URL: 'https://auth.example.com',
};

let server: TestServer;

beforeEach(async () => {
  server = await TestServer.start({ environment });
});

afterEach(() => server.remove());

const file = () => join(server.database.folder, 'first-sign-in.txt');
const secretOf = (text: string) =>
  /https:\/\/auth\.example\.com\/admin\/set-up\?name=[^#]+#(\S+)/.exec(text)?.[1] ?? '';
const secret = () => secretOf(readFileSync(file(), 'utf8'));
const setUp = (given: string, password = PASSWORD) => server.client.setUp({ secret: given, password });
const login = (password = PASSWORD) => server.client.login(ADMIN.name, password);
/** Restarts on the same database. */
const restart = async (change: Record<string, string> = {}) => {
  await server.stop();
  server = await TestServer.start({
    environment: { ...environment, ...change },
    database: server.database,
  });
};

// Covers B7 in docs/explanation/security.md.
describe('the first start without a configured password', () => {
  it('writes the link into a file that only its owner can read', () => {
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(secret()).toMatch(/^[\w-]{22}$/);
  });

  it('logs the file, and keeps the secret out of log and database', async () => {
    const rows = await server.database.query('SELECT * FROM users');
    const events = await server.database.query('SELECT * FROM audit_events');

    expect(server.log).toContain('first-sign-in.txt');
    expect(server.log + JSON.stringify([rows, events])).not.toContain(secret());
  });

  it('rejects 200 passwords before the first sign-in', async () => {
    const common = [...(await CommonPasswords.load())]
      .filter((_, index) => index % 1_600 === 0)
      .slice(0, 190);
    const guesses = [
      ...['', 'admin', 'administrator', 'password', 'latchkey', 'changeme', 'root', 'secret'],
      ...[ADMIN.password, secret()],
      ...common,
    ];

    const statuses: number[] = [];
    while (guesses.length > 0) {
      // Few enough in parallel that none gets 503.
      const answers = await Promise.all(guesses.splice(0, 8).map((guess) => login(guess)));
      statuses.push(...answers.map(({ status }) => status));
    }

    process.stdout.write(`${statuses.length} passwords rejected before the first sign-in\n`);
    expect(statuses).toEqual(Array.from({ length: 200 }, () => 401));
  });

  it('creates one administrator', async () => {
    await setUp(secret());
    const headers = await server.client.loginHeaders(ADMIN.name, PASSWORD);

    const { body } = await server.client.users(headers);

    expect(body.items.map(({ name, roles }) => [name, roles])).toEqual([['admin', ['admin']]]);
  });
});

// Covers B7 in docs/explanation/security.md.
describe('POST /auth/set-up', () => {
  it('returns 204, sets the password and removes the file', async () => {
    const { status, text, headers } = await setUp(secret());

    expect([status, text]).toEqual([204, '']);
    expect(headers.get('ratelimit-policy')).toBe('"address";q=1000;w=900');
    expect(existsSync(file())).toBe(false);
    expect((await login()).status).toBe(200);
  });

  it('returns the same response for used, old and unknown secrets', async () => {
    const used = secret();
    await setUp(used);
    const again = await setUp(used, 'another long password');
    const unknown = await setUp('AAAAAAAAAAAAAAAAAAAAAA');
    await restart();
    const afterRestart = await setUp(used);

    const problems = [again, unknown, afterRestart].map(({ status, body, headers }) => {
      const { traceId: _, ...problem } = body;
      return { status, problem, challenge: headers.get('www-authenticate') };
    });
    expect(problems[0]).toMatchObject({ status: 401, problem: { code: 'set_up_refused' } });
    expect(problems).toEqual(Array(3).fill(problems[0]));
    expect((await login()).status).toBe(200);
  });

  it('returns 401 when the link has expired', async () => {
    const old = secret();
    await server.database.execute(`UPDATE "users" SET "setUpExpirationTime" = ${Date.now() - 1}`);

    expect((await setUp(old)).status).toBe(401);
    expect((await login()).status).toBe(401);
  });

  it('returns 401 when the user is disabled', async () => {
    await server.database.execute(`UPDATE "users" SET "enabled" = FALSE`);

    expect((await setUp(secret())).status).toBe(401);
    expect(existsSync(file())).toBe(true);
  });

  it('revokes all tokens of the user', async () => {
    const first = secret();
    await setUp(first);
    const headers = await server.client.loginHeaders(ADMIN.name, PASSWORD);
    await makeLink('next');

    expect((await setUp('next', 'another long password')).status).toBe(204);

    expect((await server.client.me(headers)).body.code).toBe('token_revoked');
    expect((await login('another long password')).status).toBe(200);
  });

  it.each([
    { clock: 'stands still', login: 0, reset: 0 },
    { clock: 'is set back', login: -60_000, reset: -59_000 },
    { clock: 'is ahead at login', login: 60_000, reset: 0 },
    { clock: 'is behind at set-up', login: 0, reset: -60_000 },
  ])('revokes all tokens of the user when the clock $clock', async (offsets) => {
    const start = Date.now();
    const now = jest.spyOn(server.app.get(Clock), 'now').mockReturnValue(start);
    await setUp(secret());
    now.mockReturnValue(start + offsets.login);
    const headers = await server.client.loginHeaders(ADMIN.name, PASSWORD);
    const before = await server.client.me(headers);
    await makeLink('next');
    now.mockReturnValue(start + offsets.reset);

    expect((await setUp('next', 'another long password')).status).toBe(204);

    expect(before.status).toBe(200);
    expect((await server.client.me(headers)).body.code).toBe('token_revoked');
    const again = await server.client.loginHeaders(ADMIN.name, 'another long password');
    expect((await server.client.me(again)).status).toBe(200);
  });

  it('rejects a parallel login with the replaced password, even if the clock stands still', async () => {
    stopClock(server, Date.now());
    await setUp(secret());
    await makeLink('next');
    const passwords = server.app.get(Passwords, { strict: false });
    const verify = passwords.verify.bind(passwords);
    jest.spyOn(passwords, 'verify').mockImplementation(async (stored, password) => {
      const isMatch = await verify(stored, password);
      await setUp('next', 'another long password');
      return isMatch;
    });

    expect((await login()).status).toBe(401);
  });

  it('keeps the link valid when the password is rejected', async () => {
    const { status, body } = await setUp(secret(), 'x'.repeat(14));

    expect([status, body.errors?.[0]?.pointer]).toEqual([422, '/password']);
    expect((await setUp(secret())).status).toBe(204);
  });

  it('is not triggered by opening the link', async () => {
    await server.client.request('GET', '/admin/set-up');

    expect((await server.client.request('GET', '/auth/set-up')).status).toBe(405);
    expect((await setUp(secret())).status).toBe(204);
  });
});

// Covers B7 in docs/explanation/security.md.
describe('a restart before the link is used', () => {
  it('issues a new link for the first administrator, even if another name is configured', async () => {
    await server.database.execute(`UPDATE "users" SET "setUpExpirationTime" = 1`);

    await restart({ LATCHKEY_ADMIN_NAME: 'somebody-else' });

    expect(readFileSync(file(), 'utf8')).toContain(`"${ADMIN.name}"`);
    expect((await setUp(secret())).status).toBe(204);
    expect((await login()).status).toBe(200);
  });

  it('issues no link for other or disabled users', async () => {
    const first = secret();
    await server.database.execute(
      `UPDATE "users" SET "setUpExpirationTime" = 1`,
      `UPDATE "user_roles" SET "roleName" = 'user'`,
    );
    await restart();
    expect(secret()).toBe(first);
    await server.database.execute(
      `UPDATE "user_roles" SET "roleName" = 'admin'`,
      `UPDATE "users" SET "enabled" = FALSE`,
    );

    await restart();

    expect(secret()).toBe(first);
  });

  it('issues a new link when the old one has expired', async () => {
    const first = secret();
    await server.database.execute(`UPDATE "users" SET "setUpExpirationTime" = 1`);

    await restart();

    expect(secret()).not.toBe(first);
    expect((await setUp(secret())).status).toBe(204);
  });
});

/** Gives the administrator a set-up link with this secret. */
async function makeLink(given: string): Promise<void> {
  await server.database.execute(
    `UPDATE "users" SET "setUpExpirationTime" = ${Date.now() + 3_600_000}, "setUpDigest" = '${await digest(given)}'`,
  );
}

async function digest(text: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text))).toString('base64url');
}
