import { describe, expect, it } from '@jest/globals';
import { type ApiDocument, DocumentedApi, type Operation } from '../served/operations/documented-api.js';
import { basic } from '../support/api-client.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { REVOCATIONS, type Revocation } from '../support/revocations.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens, type TokenWithHeaders } from '../support/use-tokens.js';

const server = useServer({ environment: { LATCHKEY_TOKEN_CACHE_SECONDS: '300' } });
const asAdmin = useAdmin(server);
const { signUp, signUpWithPermissions, createToken, stopClock } = useTokens(server, asAdmin);

const HOUR = 3_600_000;
const cookieOf = ({ token }: TokenWithHeaders) => ({
  Cookie: `__Host-latchkey=${token}`,
  'Sec-Fetch-Site': 'same-origin',
});
const bearerOf = ({ token }: TokenWithHeaders) => ({ Authorization: `Bearer ${token}` });
const introspect = async (token = '') => (await server.client.introspect({ token }, asAdmin)).body;
const valueOf = ({ headers }: TokenWithHeaders) => headers['X-Auth-Token'];

/** Every way to present a token, and whether it accepts this one. */
const TOKEN_PATHS: Record<string, (token: TokenWithHeaders) => Promise<boolean>> = {
  'X-Auth-Token': async ({ headers }) => (await server.client.me(headers)).status === 200,
  'Authorization: Bearer': async (token) => (await server.client.me(bearerOf(token))).status === 200,
  'X-Auth-Token at /auth/verify': async ({ headers }) => (await server.client.verify(headers)).status === 200,
  'Bearer at /auth/verify': async (token) => (await server.client.verify(bearerOf(token))).status === 200,
  'the cookie at GET /auth/session': async (token) =>
    (await server.client.session(cookieOf(token))).status === 200,
  'the token in the form of /auth/introspect': async ({ token }) => (await introspect(token)).active,
  'the value of X-Auth-Token in the form of /auth/introspect': async (token) =>
    (await introspect(valueOf(token))).active,
};

const takenBy = async (token: TokenWithHeaders): Promise<string[]> => {
  const taken: string[] = [];
  for (const [path, isTaken] of Object.entries(TOKEN_PATHS)) {
    if (await isTaken(token)) {
      taken.push(path);
    }
  }
  return taken;
};

/** Expiries, which no request causes. */
const EXPIRIES: [string, Revocation][] = [
  ['its idle expiry', ({ idleExpirationTime }) => passTo(idleExpirationTime)],
  ['its absolute expiry', ({ expirationTime }) => passTo(expirationTime)],
];

function passTo(time = ''): Promise<{ status: number }> {
  stopClock(time);
  return Promise.resolve({ status: 200 });
}

// Requirement B11.
describe('every way to present a token', () => {
  it.each([...REVOCATIONS, ...EXPIRIES])('accepts it, and rejects it after %s', async (_, end) => {
    const token = await signUp();
    const before = await takenBy(token);

    const { status } = await end(token, server.client, asAdmin);

    expect(before).toEqual(Object.keys(TOKEN_PATHS));
    expect(Math.floor(status / 100)).toBe(2);
    // The administrator who introspects needs a valid token at that time, too.
    Object.assign(asAdmin, await server.client.loginHeaders(ADMIN.name, ADMIN.password));
    expect(await takenBy(token)).toEqual([]);
  });

  it('rejects a superseded secret after the grace period', async () => {
    const session = await signUp();
    const token = await createToken(session);
    const { body } = await server.client.rotateToken(token.id, session.headers, { gracePeriodSeconds: 60 });
    const during = await takenBy(token);

    stopClock(Date.now() + HOUR);

    const paths = Object.keys(TOKEN_PATHS);
    expect(during).toEqual(paths);
    expect(await takenBy(token)).toEqual([]);
    expect(await takenBy({ ...token, ...body, headers: headersOf(token.user, body.token) })).toEqual(paths);
  });

  it('grants a limited token the same permissions', async () => {
    const token = await createToken(await signUpWithPermissions('users:read', 'roles:read'), {
      permissions: ['roles:read'],
    });

    const statuses = await Promise.all(
      [token.headers, bearerOf(token)].flatMap((headers) => [
        server.client.roles(headers),
        server.client.users(headers),
      ]),
    );

    expect(statuses.map(({ status }) => status)).toEqual([200, 403, 200, 403]);
    expect((await introspect(token.token)).scope).toBe('roles:read');
    expect((await introspect(valueOf(token))).scope).toBe('roles:read');
  });
});

function headersOf(user: string, token = '') {
  return { 'X-Auth-Token': Buffer.from(`${user}:${token}`).toString('base64') };
}

// Requirement B11.
describe('every way to present another secret', () => {
  /** Number of failures that the address has left. */
  const left = (headers: Headers) => Number(/"address";r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);

  it.each<[string, () => Promise<{ status: number; headers: Headers }>]>([
    [
      'Basic at POST /auth/login',
      () =>
        server.client.request('POST', '/auth/login', {
          headers: { Authorization: basic(ADMIN.name, 'a wrong password') },
        }),
    ],
    [
      'currentPassword at PUT /me/password',
      () =>
        server.client.changePassword({ currentPassword: 'a wrong password', newPassword: PASSWORD }, asAdmin),
    ],
    [
      'the secret at POST /auth/set-up',
      () => server.client.setUp({ secret: 'x'.repeat(22), password: PASSWORD }),
    ],
  ])('counts a wrong secret against the address: %s', async (_, send) => {
    const first = await send();
    const second = await send();

    expect([first.status, second.status]).not.toContain(200);
    expect(left(first.headers) - left(second.headers)).toBe(1);
  });

  it('is documented, as is every way to present a token, and there are no others', async () => {
    const { body } = await server.client.request<ApiDocument>('GET', '/openapi.json');
    const { operations } = new DocumentedApi(body);
    const schemesOf = ({ security = [] }: Operation) =>
      security.flatMap((scheme) => Object.keys(scheme)).sort();
    const byScheme = (scheme: string) =>
      [...operations]
        .filter(([, operation]) => schemesOf(operation).includes(scheme))
        .map(([route]) => route);

    expect(byScheme('basic')).toEqual(['POST /auth/login']);
    expect(byScheme('session-cookie')).toEqual(['GET /auth/session']);
    expect(new Set([...operations.values()].flatMap(schemesOf))).toEqual(
      new Set(['basic', 'session-cookie', 'token', 'bearer']),
    );
  });

  it('rejects secrets of another kind', async () => {
    const user = newUser();
    await server.client.createUser(user, asAdmin);
    const { link } = (await server.client.createSetUpLink(user.name, asAdmin)).body;
    const secret = new URL(link).hash.slice(1);
    const { body } = await server.client.login(user.name, PASSWORD);

    const answers = [
      await server.client.login(user.name, secret),
      await server.client.login(user.name, body.token ?? ''),
      await server.client.me({ Authorization: `Bearer ${secret}` }),
      await server.client.me(headersOf(user.name, PASSWORD)),
      await server.client.setUp({ secret: (body.token ?? '').slice(0, 22), password: PASSWORD }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
  });
});
