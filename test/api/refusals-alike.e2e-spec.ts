import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { basic, tokenHeader, type Answer, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);
const disabled = newUser({ enabled: false });
const passwordless = newUser({ password: undefined });
const service = newUser({ kind: 'service', password: undefined });

beforeAll(async () => {
  for (const user of [disabled, passwordless, service]) {
    expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
  }
});

/** The parts of a response that a client can compare. */
function appearance({ status, headers, body }: Answer<ProblemDto>) {
  const { traceId: _, ...problem } = body;
  return {
    status,
    problem,
    headers: [...headers.keys()].sort(),
    challenge: headers.get('www-authenticate'),
    policy: headers.get('ratelimit-policy'),
    length: headers.get('content-length'),
  };
}

// Requirement B24.
describe('POST /auth/login', () => {
  it.each([
    ['an unknown user', 'nobody', PASSWORD],
    ['an invalid name', 'no body', PASSWORD],
    ['a disabled user with the right password', disabled.name, PASSWORD],
    ['a disabled user with a wrong password', disabled.name, 'a wrong password'],
    ['a user without a password', passwordless.name, PASSWORD],
    ['a service', service.name, PASSWORD],
  ])('returns the same response for %s as for a wrong password', async (_, name, password) => {
    const wrong = await server.client.login(ADMIN.name, 'a wrong password');

    const answer = await server.client.login(name, password);

    expect(appearance(answer)).toEqual(appearance(wrong));
  });

  it('counts the right password of a disabled user as a failure', async () => {
    const user = newUser({ enabled: false });
    await server.client.createUser(user, asAdmin);

    const first = await server.client.login(user.name, PASSWORD);
    const second = await server.client.login(user.name, PASSWORD);

    expect(
      [first, second].map(({ headers }) => /"account";r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]),
    ).toEqual(['999', '998']);
    const rows = await server.database.query(
      `SELECT id FROM audit_events WHERE action = 'authn_login_fail' AND "subjectName" = '${user.name}'`,
    );
    expect(rows).toHaveLength(2);
  });
});

// Requirement B53.
describe('WWW-Authenticate', () => {
  const challengeOf = async (method: string, path: string, headers: Headers = {}) =>
    (await server.client.request(method, path, { headers })).headers.get('www-authenticate');

  it.each([
    ['GET', '/me'],
    ['GET', '/users'],
    ['GET', '/auth/verify'],
    ['POST', '/auth/logout'],
    ['POST', '/auth/bump'],
    ['DELETE', '/tokens/x'],
  ])('offers no Basic on %s %s', async (method, path) => {
    expect(await challengeOf(method, path)).toBe('XAuthToken realm="latchkey"');
    expect(await challengeOf(method, path, { Authorization: basic('admin', 'x') })).toBe(
      'XAuthToken realm="latchkey", error="invalid_token"',
    );
  });

  it('offers Basic on log-in, but not to a script', async () => {
    const script = { 'X-Requested-With': 'XMLHttpRequest', Authorization: basic('admin', 'wrong') };

    expect(await challengeOf('POST', '/auth/login')).toBe('Basic realm="latchkey", charset="UTF-8"');
    expect(await challengeOf('POST', '/auth/login', script)).toMatch(/^XAuthToken realm="latchkey"/);
  });

  it.each([
    ['token_revoked', `"revocationTime" = 1`],
    ['token_disabled', `"enabled" = FALSE`],
    ['token_expired', `"expirationTime" = 1`],
    ['token_expired', `"idleExpirationTime" = 1`],
  ])('returns %s to a client with the secret, and to no other', async (code, change) => {
    const { body: token } = await server.client.login(ADMIN.name, ADMIN.password);
    await server.database.execute(`UPDATE "tokens" SET ${change} WHERE "id" = '${token.id}'`);

    const { status, body, headers } = await server.client.me(tokenHeader(token));
    const stranger = await server.client.me(tokenHeader({ user: 'nobody', token: token.token }));

    expect([status, body.code]).toEqual([401, code]);
    expect(headers.get('www-authenticate')).toBe(`XAuthToken realm="latchkey", error="${code}"`);
    expect(stranger.body.code).toBe('unauthenticated');
  });

  it('returns user_disabled to a client with the secret, from the next request on', async () => {
    const user = newUser();
    await server.client.createUser(user, asAdmin);
    const headers = await server.client.loginHeaders(user.name, PASSWORD);
    await server.database.execute(`UPDATE "users" SET "enabled" = FALSE WHERE "name" = '${user.name}'`);

    const { status, body } = await server.client.me(headers);

    expect([status, body.code]).toEqual([401, 'user_disabled']);
  });
});
