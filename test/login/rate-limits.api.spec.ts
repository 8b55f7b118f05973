import { describe, expect, it } from '@jest/globals';
import { basic, type Headers } from '../support/api-client.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { CHANGES, OPERATOR_ROUTES, routesWith } from '../routes.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens } from '../support/use-tokens.js';

/** Half of these writes are accepted at once. */
const LIMIT = 200;

const server = useServer({ environment: { LATCHKEY_WRITE_LIMIT_PER_USER: String(LIMIT) } });
const asAdmin = useAdmin(server);

const asPerson = () => ({ Authorization: basic(ADMIN.name, ADMIN.password) });

const LIMITED: [string, string, () => Headers, boolean][] = [
  ['POST', '/auth/login', asPerson, true],
  ['PUT', '/me/password', () => asAdmin, true],
  ['POST', '/auth/set-up', () => ({}), false],
  ['POST', '/auth/claims', () => ({}), false],
  ['POST', '/auth/claims/details', () => ({}), false],
];

describe.each(LIMITED)('%s %s', (method, path, headers, isOfAccount) => {
  const limits = async (more: Headers, body?: object, query = '') => {
    const answer = await server.client.request(method, path + query, {
      headers: { ...headers(), ...more },
      body,
    });
    return [answer.status, answer.headers.get('ratelimit-policy'), answer.headers.get('ratelimit')];
  };
  const address = '"address";q=1000;w=900';
  const policy = isOfAccount ? `${address}, "account";q=1000;w=900` : address;

  it.each<[string, number, Headers, object | undefined, string]>([
    ['a body that is not taken', 422, {}, { password: 'short', note: 7, nonsense: 1 }, ''],
    ['a type that is not read', 415, { 'Content-Type': 'text/plain' }, {}, ''],
    ['a type that cannot be served', 406, { Accept: 'image/png' }, {}, ''],
    ['a parameter', 400, {}, {}, '?nonsense=1'],
  ])('sends its rate limits with the response to %s', async (_, status, more, body, query) => {
    expect(await limits(more, body, query)).toEqual([
      status,
      policy,
      expect.stringContaining('"address";r='),
    ]);
  });

  it('sends the limit of the address before the user is known', async () => {
    expect(await limits({}, {}, '?token=x')).toEqual([400, address, expect.stringContaining('"address";r=')]);
  });
});

describe('PUT /me/password without credentials', () => {
  it('sends the limit of the address', async () => {
    const { status, headers } = await server.client.request('PUT', '/me/password');

    expect([status, headers.get('ratelimit-policy')]).toEqual([401, '"address";q=1000;w=900']);
  });
});

describe('the limit on the writes of a user', () => {
  const AT_ONCE = LIMIT / 2;

  const { signUp, createToken } = useTokens(server, asAdmin);

  const rows = async () =>
    (
      await server.database.query<{ count: number | string }>(
        'SELECT (SELECT COUNT(*) FROM "audit_events") + (SELECT COUNT(*) FROM "tokens") AS "count"',
      )
    ).map(({ count }) => Number(count))[0];

  it('stops a loop that creates and revokes tokens, but no revocation', async () => {
    const own = await signUp();
    for (let index = 0; index < AT_ONCE; index += 1) {
      const { id } = await createToken(own);
      expect((await server.client.revokeToken(id, own.headers)).status).toBe(204);
    }
    const before = await rows();

    const { status, headers, body } = await server.client.createMyToken(own.headers);

    expect([status, body]).toEqual([
      429,
      expect.objectContaining({
        code: 'throttled',
        detail: expect.stringMatching(/^You have reached the limit on changes or logins/),
      }),
    ]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(800);
    expect(headers.get('ratelimit-policy')).toBe(`"writes";q=${LIMIT};w=86400`);
    expect(headers.get('ratelimit')).toMatch(/^"writes";r=0;t=\d+$/);
    expect(await rows()).toBe(before);
    expect((await server.client.me(own.headers)).status).toBe(200);
    expect((await server.client.bump(own.headers)).status).toBe(200);
    expect((await server.client.login(own.user, PASSWORD)).status).toBe(200);
    expect((await server.client.revokeToken(own.id, own.headers)).status).toBe(204);
  });

  it('stops a loop of logins, but no use of the tokens', async () => {
    const own = await signUp();
    for (let index = 1; index < AT_ONCE; index += 1) {
      expect((await server.client.login(own.user, PASSWORD)).status).toBe(200);
    }
    const before = await rows();

    const { status, headers } = await server.client.login(own.user, PASSWORD);

    expect([status, headers.has('retry-after')]).toEqual([429, true]);
    expect(await rows()).toBe(before);
    expect((await server.client.createMyToken(own.headers)).status).toBe(201);
  });

  it('applies to every writing route except those stated in test/routes.ts, and to explanations', async () => {
    const fresh = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    const call = async (route: string) => {
      const [method = '', pattern = ''] = route.split(' ');
      const path = pattern.replace(/\{\w+\}/, 'nothing');
      return fetch(server.client.baseUrl + path, { method, headers: fresh });
    };
    while ((await call('PATCH /me')).status !== 429);
    while ((await call('DELETE /roles/{name}')).status !== 429);

    const answers = await Promise.all(
      [...CHANGES.keys(), ...OPERATOR_ROUTES]
        .filter((route) => route !== 'POST /auth/logout')
        .map(async (route) => ({ route, status: (await call(route)).status })),
    );

    const open = answers.filter(({ status }) => status !== 429).map(({ route }) => route);
    const stated = [...routesWith(({ uncounted }) => uncounted), ...OPERATOR_ROUTES];
    expect([...open, 'POST /auth/logout'].sort()).toEqual(stated.sort());
    expect((await call('GET /explanations/{traceId}')).status).toBe(429);
    expect((await call('GET /me')).status).toBe(200);
    expect((await call('POST /auth/logout')).status).toBe(200);
  });
});
