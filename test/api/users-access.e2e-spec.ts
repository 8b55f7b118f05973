import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Clock } from '../../apps/api/src/common/clock.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

const LIMIT = 3;
const OTHER = 'another long enough password';

const server = useServer({
  environment: {
    LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: String(LIMIT),
    LATCHKEY_PUBLIC_URL: 'https://auth.example.com',
  },
});
const asAdmin = useAdmin(server);

let name: string;

beforeEach(async () => {
  ({ name } = newUser());
  await server.client.createUser({ name, password: PASSWORD }, asAdmin);
});

const login = async (password: string) => (await server.client.login(name, password)).status;
const secretOf = (link: string) => link.split('#')[1] ?? '';
const entries = (action: string) =>
  server.database.query<Record<string, unknown>>(
    `SELECT * FROM audit_events WHERE action = '${action}' AND "subjectName" = '${name}'`,
  );

// Requirement B6.
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
    const { body } = await server.client.makeSetUpLink(name, asAdmin);

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

  it('writes an audit entry with the actor', async () => {
    await server.client.resetPassword(name, { password: OTHER }, asAdmin);

    expect(await entries('authn_password_reset')).toEqual([
      expect.objectContaining({ actorName: 'admin', before: null, after: null }),
    ]);
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

  it.each([
    ['/password', {}],
    ['/password', { password: 'x'.repeat(14) }],
    ['/password', { password: [OTHER] }],
    ['/password', { password: null }],
    ['/currentPassword', { password: OTHER, currentPassword: PASSWORD }],
    ['/version', { password: OTHER, version: 0 }],
    ['/userId', { password: OTHER, userId: 'x' }],
    ['/name', { password: OTHER, name: 'admin' }],
  ])('returns 422 at %s for %j', async (pointer, body) => {
    const answer = await server.client.resetPassword(name, body as never, asAdmin);

    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([422, pointer]);
    expect(await login(PASSWORD)).toBe(200);
  });

  it('returns 404 for an unknown user', async () => {
    expect((await server.client.resetPassword('nobody', { password: OTHER }, asAdmin)).status).toBe(404);
  });
});

// Requirement B6.
describe('POST /users/{name}/set-up-link', () => {
  it('returns 201 with a link that is valid for a day and stored nowhere', async () => {
    const before = Date.now();

    const { status, headers, body } = await server.client.makeSetUpLink(name, asAdmin);

    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(body.link).toMatch(/^https:\/\/auth\.example\.com\/admin\/set-up#[\w-]{22}$/);
    const life = Date.parse(body.expirationTime) - before;
    expect(Math.abs(life - 86_400_000)).toBeLessThan(60_000);
    const users = await server.database.query('SELECT * FROM users');
    expect(JSON.stringify(users) + server.log).not.toContain(secretOf(body.link));
  });

  it('works once, and the old password and tokens are valid until then', async () => {
    const asUser = await server.client.loginHeaders(name, PASSWORD);
    const { body } = await server.client.makeSetUpLink(name, asAdmin);
    const use = () => server.client.setUp({ secret: secretOf(body.link), password: OTHER });
    expect([(await server.client.me(asUser)).status, await login(PASSWORD)]).toEqual([200, 200]);

    const first = await use();
    const second = await use();

    expect([first.status, second.status]).toEqual([204, 401]);
    expect([(await server.client.me(asUser)).status, await login(OTHER)]).toEqual([401, 200]);
  });

  it('expires after 24 hours', async () => {
    const { body } = await server.client.makeSetUpLink(name, asAdmin);
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
    const older = (await server.client.makeSetUpLink(name, asAdmin)).body.link;
    const newer = (await server.client.makeSetUpLink(name, asAdmin)).body.link;

    const answers = [
      await server.client.setUp({ secret: secretOf(older), password: OTHER }),
      await server.client.setUp({ secret: secretOf(newer), password: OTHER }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 204]);
  });

  it("rejects a password derived from the user's name", async () => {
    await server.client.updateUser(name, { displayName: 'Anneliese Müllerin', version: 0 }, asAdmin);
    const { body } = await server.client.makeSetUpLink(name, asAdmin);

    const answer = await server.client.setUp({
      secret: secretOf(body.link),
      password: 'Anneliese Müllerin',
    });

    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([422, '/password']);
  });

  it('writes an audit entry with the actor', async () => {
    await server.client.makeSetUpLink(name, asAdmin);

    expect(await entries('user_set_up_link_created')).toEqual([
      expect.objectContaining({ actorName: 'admin' }),
    ]);
  });

  it('returns 422 for a service, and 404 for an unknown user', async () => {
    const service = newUser({ kind: 'service' });
    delete service.password;
    await server.client.createUser(service, asAdmin);

    const refused = await server.client.makeSetUpLink(service.name, asAdmin);

    expect([refused.status, refused.body.errors?.[0]?.code]).toEqual([422, 'service_password']);
    expect(refused.body.detail).toContain('POST /users/{name}/tokens');
    expect((await server.client.makeSetUpLink('nobody', asAdmin)).status).toBe(404);
  });
});

describe('DELETE /users/{name}/throttle', () => {
  const fail = async (spelling: string) => {
    for (let count = 0; count < LIMIT; count += 1) {
      await server.client.login(spelling, 'a wrong password');
    }
  };

  it('returns 204, and the right password works at once', async () => {
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

  it('writes an audit entry with the name', async () => {
    await server.client.liftThrottle(name, asAdmin);

    expect(await entries('authn_throttle_lifted')).toEqual([expect.objectContaining({ actorName: 'admin' })]);
  });
});

describe('an actor without users:write', () => {
  it('gets 403 from all of these routes', async () => {
    const auditor = newUser({ roles: ['auditor'] });
    await server.client.createUser(auditor, asAdmin);
    const asAuditor = await server.client.loginHeaders(auditor.name, PASSWORD);

    const answers = await Promise.all([
      server.client.updateUser(name, { displayName: 'Eve', version: 0 }, asAuditor),
      server.client.deleteUser(name, asAuditor),
      server.client.resetPassword(name, { password: OTHER }, asAuditor),
      server.client.makeSetUpLink(name, asAuditor),
      server.client.liftThrottle(name, asAuditor),
      server.client.bulkUsers({ action: 'delete', ids: [name] }, asAuditor),
    ]);

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [403, 'forbidden']),
    );
    expect((await server.client.login(ADMIN.name, ADMIN.password)).status).toBe(200);
    expect(await login(PASSWORD)).toBe(200);
  });
});
