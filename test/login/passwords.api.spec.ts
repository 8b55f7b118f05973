import { randomInt } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { CommonPasswords } from '../../apps/api/src/users/passwords/blocklist/common-passwords.js';
import { UserPasswordsRepository } from '../../apps/api/src/users/passwords/user-passwords.repository.js';
import { HashQueue } from '../../apps/api/src/platform/crypto/hash-queue.service.js';
import { routesWith } from '../routes.js';
import { type ApiResponse, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer, stopClock } from '../support/use-server.js';

/** Failed logins of an account before it is throttled. */
const LIMIT = 4;

const server = useServer({
  environment: {
    LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: String(LIMIT),
    LATCHKEY_PUBLIC_URL: 'https://auth.example.com',
  },
});
const asAdmin = useAdmin(server);

describe('a change of the own password', () => {
  const OTHER = 'another long enough password';
  const WRONG = 'a password that is wrong';

  let name: string;
  let asUser: Headers;

  beforeEach(async () => {
    ({ name } = newUser());
    await server.client.createUser({ name, password: PASSWORD }, asAdmin);
    asUser = await server.client.loginHeaders(name, PASSWORD);
  });

  const change = (currentPassword: string, newPassword = OTHER, headers = asUser) =>
    server.client.changePassword({ currentPassword, newPassword }, headers);
  const login = async (password: string) => (await server.client.login(name, password)).status;
  const entries = (action: string) =>
    server.database.query<Record<string, unknown>>(
      `SELECT * FROM audit_events WHERE action = '${action}' AND "subjectName" = '${name}'`,
    );

  // Covers B6 in docs/explanation/security.md.
  describe('PUT /me/password', () => {
    it('returns 204; the new password works and the old one does not', async () => {
      const { status, text, headers } = await change(PASSWORD);

      expect([status, text]).toEqual([204, '']);
      expect(headers.get('ratelimit')).toContain(`"account";r=${LIMIT}`);
      expect([await login(OTHER), await login(PASSWORD)]).toEqual([200, 401]);
    });

    it('revokes all other tokens of the user, and keeps the presented one', async () => {
      const others = [
        await server.client.loginHeaders(name, PASSWORD),
        await server.client.loginHeaders(name, PASSWORD),
      ];
      const ofAnother = asAdmin;

      await change(PASSWORD);

      const codes = await Promise.all(others.map(async (other) => (await server.client.me(other)).body.code));
      expect(codes).toEqual(['token_revoked', 'token_revoked']);
      expect((await server.client.me(asUser)).status).toBe(200);
      expect((await server.client.me(ofAnother)).status).toBe(200);
      expect((await server.client.myTokens(asUser)).body.total).toBe(1);
    });

    it('keeps the presented token through several changes', async () => {
      const passwords = [PASSWORD, OTHER, `${OTHER} 2`, `${OTHER} 3`];

      for (const [index, password] of passwords.slice(0, -1).entries()) {
        expect((await change(password, passwords[index + 1])).status).toBe(204);
      }

      expect((await server.client.bump(asUser)).status).toBe(200);
    });

    it('invalidates a set-up link', async () => {
      const { body } = await server.client.createSetUpLink(name, asAdmin);

      await change(PASSWORD);

      const secret = body.link.split('#')[1] ?? '';
      expect((await server.client.setUp({ secret, password: PASSWORD })).status).toBe(401);
    });

    it('accepts the current password in another normal form', async () => {
      await change(PASSWORD, 'ein längeres Kennwort');

      expect((await change('ein la\u0308ngeres Kennwort', OTHER)).status).toBe(204);
    });

    it('returns 422 current_password_wrong, and records the failure', async () => {
      const { status, headers, body } = await change(WRONG);

      expect([status, body.code]).toEqual([422, 'current_password_wrong']);
      expect(body.errors).toEqual([
        expect.objectContaining({ pointer: '/currentPassword', code: 'current_password_wrong' }),
      ]);
      expect(headers.has('www-authenticate')).toBe(false);
      expect(await entries('authn_password_change_fail')).toEqual([
        expect.objectContaining({ actorName: name, outcome: 'failure', address: '127.0.0.1' }),
      ]);
      expect((await server.client.me(asUser)).status).toBe(200);
      expect(await login(PASSWORD)).toBe(200);
    });

    it('counts failures together with failed logins, and hashes nothing when throttled', async () => {
      await change(WRONG);
      await server.client.login(name, WRONG);
      await change(WRONG);
      await server.client.login(name, WRONG);
      const failures = (await entries('authn_password_change_fail')).length;

      const { status, headers, body } = await change(PASSWORD);

      expect([status, body.code]).toEqual([429, 'throttled']);
      expect(headers.get('retry-after')).toBe('1');
      expect(headers.get('ratelimit')).toContain('"account";r=0');
      expect(await login(PASSWORD)).toBe(429);
      expect((await entries('authn_password_change_fail')).length).toBe(failures);
      expect((await server.client.me(asUser)).status).toBe(200);
    });

    it('resets the failures after the right password', async () => {
      await change(WRONG);
      await change(WRONG);

      await change(PASSWORD);

      expect((await server.client.login(name, WRONG)).headers.get('ratelimit')).toContain(
        `"account";r=${LIMIT - 1}`,
      );
    });

    it('succeeds for one of several parallel changes', async () => {
      const passwords = Array.from({ length: LIMIT }, (_, index) => `${OTHER} ${index}`);

      const answers = await Promise.all(passwords.map((password) => change(PASSWORD, password)));

      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 204)).toHaveLength(1);
      expect(statuses.filter((status) => ![204, 409, 422].includes(status))).toEqual([]);
      expect(await login(passwords[statuses.indexOf(204)] ?? '')).toBe(200);
      expect((await server.client.me(asUser)).status).toBe(200);
    });

    it('returns 422 at /newPassword for the same password in any normal form', async () => {
      await change(PASSWORD, 'ein längeres Kennwort');

      const { status, body } = await change('ein längeres Kennwort', 'ein la\u0308ngeres Kennwort');

      expect([status, body.errors?.[0]]).toEqual([
        422,
        expect.objectContaining({ pointer: '/newPassword', code: 'password_unchanged' }),
      ]);
    });

    it('returns 422 to a user without a password', async () => {
      const service = newUser({ kind: 'service' });
      delete service.password;
      await server.client.createUser(service, asAdmin);
      const { body: token } = await server.client.createUserToken(service.name, asAdmin);
      const asService = { Authorization: `Bearer ${token.token}` };

      const { status, body } = await change(PASSWORD, OTHER, asService);

      expect([status, body.errors?.[0]]).toEqual([
        422,
        expect.objectContaining({ pointer: '/currentPassword', code: 'no_password' }),
      ]);
    });
  });

  // Covers B6 in docs/explanation/security.md.
  describe('PUT /me/password while the clock stands still', () => {
    beforeAll(() => {
      stopClock(server, Date.now());
    });

    afterAll(() => {
      jest.restoreAllMocks();
    });

    it('revokes all other tokens and keeps the presented one', async () => {
      const other = await server.client.loginHeaders(name, PASSWORD);

      await change(PASSWORD);
      await change(OTHER, `${OTHER} 2`);

      expect((await server.client.me(other)).status).toBe(401);
      expect((await server.client.me(asUser)).status).toBe(200);
    });
  });
});

describe('access of a user', () => {
  const OTHER = 'another long enough password';

  let name: string;

  beforeEach(async () => {
    ({ name } = newUser());
    await server.client.createUser({ name, password: PASSWORD }, asAdmin);
  });

  const login = async (password: string) => (await server.client.login(name, password)).status;
  const secretOf = (link: string) => link.split('#')[1] ?? '';

  // Covers B6 in docs/explanation/security.md.
  describe('PUT /users/{name}/password', () => {
    it('returns 204; the new password works and the old one does not', async () => {
      const { status, text } = await server.client.resetPassword(name, { password: OTHER }, asAdmin);

      expect([status, text]).toEqual([204, '']);
      expect([await login(OTHER), await login(PASSWORD)]).toEqual([200, 401]);
    });

    it('revokes all tokens of the user, and keeps the version', async () => {
      const asUser = await server.client.loginHeaders(name, PASSWORD);

      await server.client.resetPassword(name.toUpperCase(), { password: OTHER }, asAdmin);

      expect((await server.client.me(asUser)).body.code).toBe('token_revoked');
      expect((await server.client.user(name, asAdmin)).body).toMatchObject({ version: 0, tokenCount: 0 });
    });

    it('invalidates a set-up link', async () => {
      const { body } = await server.client.createSetUpLink(name, asAdmin);

      await server.client.resetPassword(name, { password: OTHER }, asAdmin);

      const answer = await server.client.setUp({ secret: secretOf(body.link), password: PASSWORD });
      expect(answer.status).toBe(401);
    });

    it('sets a first password', async () => {
      ({ name } = newUser());
      await server.client.createUser({ name }, asAdmin);

      await server.client.resetPassword(name, { password: PASSWORD }, asAdmin);

      expect(await login(PASSWORD)).toBe(200);
    });

    it('revokes the presented token when a user resets their own password', async () => {
      const role = { name: 'reset-oneself', permissions: ['users:write'] };
      await server.client.createRole(role, asAdmin);
      ({ name } = newUser());
      await server.client.createUser({ name, password: PASSWORD, roles: [role.name] }, asAdmin);
      const asSelf = await server.client.loginHeaders(name, PASSWORD);

      const { status } = await server.client.resetPassword(name, { password: OTHER }, asSelf);

      expect([status, (await server.client.me(asSelf)).status]).toEqual([204, 401]);
      expect(await login(OTHER)).toBe(200);
    });

    it('returns 422 for a service', async () => {
      ({ name } = newUser());
      await server.client.createUser({ name, kind: 'service' }, asAdmin);

      const { status, body } = await server.client.resetPassword(name, { password: OTHER }, asAdmin);

      expect([status, body.errors?.[0]]).toEqual([
        422,
        expect.objectContaining({ pointer: '/password', code: 'service_password' }),
      ]);
    });

    it('returns 404 for an unknown user', async () => {
      expect((await server.client.resetPassword('nobody', { password: OTHER }, asAdmin)).status).toBe(404);
    });
  });

  // Covers B6 in docs/explanation/security.md.
  describe('POST /users/{name}/set-up-link', () => {
    it('returns 201 with a link that is valid for a day and stored nowhere', async () => {
      const before = Date.now();

      const { status, headers, body } = await server.client.createSetUpLink(name, asAdmin);

      expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
      expect(body.link).toMatch(/^https:\/\/auth\.example\.com\/admin\/set-up\?name=[\w-]+#[\w-]{22}$/);
      const life = Date.parse(body.expirationTime) - before;
      expect(Math.abs(life - 86_400_000)).toBeLessThan(60_000);
      const users = await server.database.query('SELECT * FROM users');
      expect(JSON.stringify(users) + server.log).not.toContain(secretOf(body.link));
    });

    it('works once, and the old password and tokens are valid until then', async () => {
      const asUser = await server.client.loginHeaders(name, PASSWORD);
      const { body } = await server.client.createSetUpLink(name, asAdmin);
      const use = () => server.client.setUp({ secret: secretOf(body.link), password: OTHER });
      expect([(await server.client.me(asUser)).status, await login(PASSWORD)]).toEqual([200, 200]);

      const first = await use();
      const second = await use();

      expect([first.status, second.status]).toEqual([204, 401]);
      expect([(await server.client.me(asUser)).status, await login(OTHER)]).toEqual([401, 200]);
    });

    it('expires after 24 hours', async () => {
      const { body } = await server.client.createSetUpLink(name, asAdmin);
      const use = () => server.client.setUp({ secret: secretOf(body.link), password: OTHER });
      const clock = jest.spyOn(server.app.get(Clock), 'now');

      clock.mockReturnValue(Date.parse(body.expirationTime));
      const late = await use();
      clock.mockReturnValue(Date.parse(body.expirationTime) - 1);
      const inTime = await use();
      clock.mockRestore();

      expect([late.status, inTime.status]).toEqual([401, 204]);
    });

    it('invalidates an older link', async () => {
      const older = (await server.client.createSetUpLink(name, asAdmin)).body.link;
      const newer = (await server.client.createSetUpLink(name, asAdmin)).body.link;

      const answers = [
        await server.client.setUp({ secret: secretOf(older), password: OTHER }),
        await server.client.setUp({ secret: secretOf(newer), password: OTHER }),
      ];

      expect(answers.map(({ status }) => status)).toEqual([401, 204]);
    });

    it("rejects a password derived from the user's name", async () => {
      await server.client.updateUser(name, { displayName: 'Anneliese Müllerin', version: 0 }, asAdmin);
      const { body } = await server.client.createSetUpLink(name, asAdmin);

      const answer = await server.client.setUp({
        secret: secretOf(body.link),
        password: 'Anneliese Müllerin',
      });

      expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([422, '/password']);
    });

    it('returns 422 for a service, and 404 for an unknown user', async () => {
      const service = newUser({ kind: 'service' });
      delete service.password;
      await server.client.createUser(service, asAdmin);

      const rejected = await server.client.createSetUpLink(service.name, asAdmin);

      expect([rejected.status, rejected.body.errors?.[0]?.code]).toEqual([422, 'service_password']);
      expect(rejected.body.detail).toContain('POST /users/{name}/tokens');
      expect((await server.client.createSetUpLink('nobody', asAdmin)).status).toBe(404);
    });
  });

  describe('DELETE /users/{name}/throttle', () => {
    const fail = async (spelling: string) => {
      for (let count = 0; count < LIMIT; count += 1) {
        await server.client.login(spelling, 'a wrong password');
      }
    };

    it('returns 204, and the right password works immediately', async () => {
      await fail(name);
      expect(await login(PASSWORD)).toBe(429);

      const { status } = await server.client.liftThrottle(name.toUpperCase(), asAdmin);

      expect([status, await login(PASSWORD)]).toEqual([204, 200]);
    });

    it.each([
      ['no user has', 'nobody-at-all'],
      ['is invalid', 'no body'],
    ])('also works for a name that %s', async (_, spelling) => {
      await fail(spelling);
      expect((await server.client.login(spelling, 'a wrong password')).status).toBe(429);

      const { status } = await server.client.liftThrottle(spelling, asAdmin);

      expect([status, (await server.client.login(spelling, 'a wrong password')).status]).toEqual([204, 401]);
    });

    it('keeps the hourly limit of ten times the limit, half of it at once', async () => {
      const answers: number[] = [];
      for (let count = 0; count < LIMIT * 6; count += 1) {
        answers.push((await server.client.login(name, 'a wrong password')).status);
        expect((await server.client.liftThrottle(name, asAdmin)).status).toBe(204);
      }

      expect(answers.filter((status) => status === 401)).toHaveLength(LIMIT * 5);
      expect(answers.at(-1)).toBe(429);
    });

    it('returns 204 when nothing is throttled, and creates no user', async () => {
      expect((await server.client.liftThrottle('never-seen', asAdmin)).status).toBe(204);
      expect((await server.client.user('never-seen', asAdmin)).status).toBe(404);
    });

    it.each([
      ['is too long for any user', 'x'.repeat(700)],
      ['is too long, with characters outside the BMP', '🔑'.repeat(64)],
    ])('returns 204 for a name that %s, and records it', async (_, text) => {
      const { status } = await server.client.liftThrottle(text, asAdmin);

      const [entry] = await server.database.query<{ subjectName: string }>(
        `SELECT "subjectName" FROM audit_events WHERE action = 'authn_throttle_lifted' ORDER BY "sequence" DESC LIMIT 1`,
      );
      expect(status).toBe(204);
      expect(entry?.subjectName).toBe([...text].slice(0, 256).join(''));
    });
  });
});

describe('weak passwords', () => {
  /** A common password that is long enough. */
  const COMMON = '1qaz2wsx3edc4rfv';
  let user: { name: string; displayName: string; email: string };

  beforeEach(async () => {
    // With three digits or more, which the policy knows as a part of the name.
    const name = newUser().name.replace('-', '-100');
    user = { name, displayName: 'Rosalind Köhler', email: `${name}.rk@example.org` };
    await server.client.createUser({ ...user, password: PASSWORD }, asAdmin);
  });

  const send = (method: string, path: string, body: unknown, headers?: Headers) =>
    server.client.request<ProblemDto>(method, path, { body, headers });

  /** Routes that set a password, with the member that contains it. */
  const PASSWORD_SETTERS: [string, string, (password: string) => Promise<ApiResponse<ProblemDto>>][] = [
    [
      'POST /users',
      '/password',
      (password) => send('POST', '/users', { ...user, name: `${user.name}-new`, password }, asAdmin),
    ],
    [
      'PUT /users/{name}/password',
      '/password',
      (password) => send('PUT', `/users/${user.name}/password`, { password }, asAdmin),
    ],
    [
      'PUT /me/password',
      '/newPassword',
      async (newPassword) =>
        send(
          'PUT',
          '/me/password',
          { currentPassword: PASSWORD, newPassword },
          await server.client.loginHeaders(user.name, PASSWORD),
        ),
    ],
    [
      'POST /auth/set-up',
      '/password',
      async (password) => {
        const { body } = await server.client.request<{ link: string }>(
          'POST',
          `/users/${user.name}/set-up-link`,
          { headers: asAdmin },
        );
        return server.client.setUp({ secret: new URL(body.link).hash.slice(1), password });
      },
    ],
  ];

  it('are sent to every route that sets a password', () => {
    const setting = routesWith(({ acceptsSecrets }) =>
      acceptsSecrets?.some((member) => ['password', 'newPassword'].includes(member)),
    );

    expect(PASSWORD_SETTERS.map(([route]) => route).sort()).toEqual(setting);
  });

  // Covers B4 in docs/explanation/security.md.
  describe.each(PASSWORD_SETTERS)('a weak password sent to %s', (_, pointer, set) => {
    it.each([
      ['on the list of common passwords', () => COMMON, 'password_too_common'],
      ['on the list but for capitals and digits', () => 'Sunshine1234567', 'password_too_common'],
      ['the repeated name', () => `${user.name}, ${user.name}, ${user.name}`, 'password_too_predictable'],
      ['the display name', () => user.displayName, 'password_too_predictable'],
      ['the e-mail address', () => user.email, 'password_too_predictable'],
      ['the repeated product name', () => 'LatchkeyLatchkey', 'password_too_predictable'],
      ['a sequence', () => '456789012345678', 'password_too_predictable'],
    ])('returns 422 with advice and sets nothing when it is %s', async (__, password, code) => {
      const { status, body } = await set(password());

      expect([status, body.code, body.errors]).toEqual([
        422,
        'validation_failed',
        [
          {
            pointer,
            code,
            message: expect.stringMatching(/^(newP|p)assword (is|consists of) .+; choose several words/),
          },
        ],
      ]);
      expect((await server.client.login(user.name, PASSWORD)).status).toBe(200);
      expect((await server.client.login(user.name, password())).status).toBe(401);
    });

    it('returns 2xx for unrelated words', async () => {
      const { status } = await set('teapots under seven bridges');

      expect([201, 204]).toContain(status);
    });
  });

  // Covers B4 in docs/explanation/security.md.
  describe('PUT /users/{name}/password', () => {
    it('rejects 100 of 100 long passwords from the blocklist, with the reason', async () => {
      const long = [...(await CommonPasswords.load())].filter((entry) => [...entry].length >= 15);
      const sample = Array.from({ length: 100 }, () => long[randomInt(long.length)] ?? '');

      const rejections: unknown[] = [];
      for (const password of sample) {
        const { status, body } = await server.client.resetPassword(user.name, { password }, asAdmin);
        rejections.push([status, body.errors?.[0]?.pointer, body.errors?.[0]?.code]);
      }

      // A common password that is also repetitive may have either code.
      const reason = expect.stringMatching(/^password_too_(common|predictable)$/);
      expect(rejections).toEqual(Array.from(sample, () => [422, '/password', reason]));
      expect((await server.client.login(user.name, PASSWORD)).status).toBe(200);
    });
  });
});

describe('POST /auth/login while the hash queue is full', () => {
  const taken: Promise<void>[] = [];
  let end: () => void;

  afterEach(async () => {
    await emptyQueue();
    jest.restoreAllMocks();
  });

  const login = () => server.client.login(ADMIN.name, ADMIN.password);

  /** Fills the queue of hashes until it rejects more. */
  async function fillQueue(): Promise<void> {
    const queue = server.app.get(HashQueue);
    const isOver = new Promise<void>((resolve) => (end = resolve));
    while (hasRoom(queue)) {
      taken.push(queue.run(() => isOver));
      await new Promise(setImmediate);
    }
  }

  async function emptyQueue(): Promise<void> {
    end();
    await Promise.all(taken.splice(0));
  }

  function hasRoom(queue: HashQueue): boolean {
    try {
      queue.rejectIfFull();
      return true;
    } catch {
      return false;
    }
  }

  it('returns 503 with Retry-After, without a database read', async () => {
    const lookUp = jest.spyOn(server.app.get(UserPasswordsRepository), 'findForLogin');
    await fillQueue();
    const rows = () => server.database.query('SELECT id FROM audit_events');
    const before = (await rows()).length;

    const { status, body, headers } = await login();

    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'overloaded', '2']);
    expect(lookUp).not.toHaveBeenCalled();
    expect(await rows()).toHaveLength(before);
  });

  it('does not count towards the limit, so that the next login succeeds', async () => {
    await fillQueue();
    await Promise.all(Array.from({ length: 20 }, login));
    await emptyQueue();

    const { status, headers } = await login();

    expect(status).toBe(200);
    expect(headers.get('ratelimit')).toContain(`"account";r=${LIMIT}`);
  });
});
