import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { ROUTES, routesWith } from '../routes.js';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { storedRows } from '../support/test-database.js';
import { isChange } from '../support/routes/route.js';
import { sendLines } from '../support/raw-http.js';
import { ADMIN } from '../support/test-server.js';
import { useServer, stopClock } from '../support/use-server.js';

const server = useServer();

describe('POST /auth/logout', () => {
  it('returns 200 and revokes only the presented token', async () => {
    const first = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    const second = await server.client.loginHeaders(ADMIN.name, ADMIN.password);

    const { status, body } = await server.client.logout(first);

    expect([status, body]).toEqual([200, { success: true }]);
    expect((await server.client.bump(first)).status).toBe(401);
    expect((await server.client.bump(second)).status).toBe(200);
  });
});

describe('bumps and logouts', () => {
  const login = async () => (await server.client.login(ADMIN.name, ADMIN.password)).body;

  describe('POST /auth/bump', () => {
    it("returns the user's new lastLoginTime", async () => {
      const token = await login();

      const { status, body } = await server.client.bump(tokenHeader(token));

      const { body: me } = await server.client.me(tokenHeader(token));
      expect([status, body]).toEqual([200, { lastLoginTime: me.lastLoginTime }]);
      expect(body.lastLoginTime >= token.creationTime).toBe(true);
    });

    it('extends the idle expiry, and sends the new one', async () => {
      const token = await login();

      const { headers } = await server.client.bump(tokenHeader(token));

      const { body } = await server.client.myTokens(tokenHeader(token), '?sort=-creationTime&size=1');
      const idleEnd = body.items[0]?.idleExpirationTime ?? '';
      expect(idleEnd > (token.idleExpirationTime ?? '')).toBe(true);
      expect(body.items[0]?.expirationTime).toBe(token.expirationTime);
      expect(headers.get('x-auth-token-expires')).toBe(idleEnd);
      expect(body.items[0]?.version).toBe(0);
    });

    it('keeps the idle expiry of other sessions', async () => {
      const other = await login();
      const token = await login();

      await server.client.bump(tokenHeader(token));

      const { headers } = await server.client.me(tokenHeader(other));
      expect(headers.get('x-auth-token-expires')).toBe(other.idleExpirationTime);
    });
  });
});

// Covers B12 in docs/explanation/security.md.
describe('a session', () => {
  /** Default lifetimes. */
  const IDLE = 604_800_000;
  const MAX = 2_592_000_000;

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const login = async (body = {}) => (await server.client.login(ADMIN.name, ADMIN.password, { body })).body;

  /** Sets the clock to a time after the creation of a token. */
  const age = ({ creationTime }: UserTokenDto, milliseconds: number) =>
    stopClock(server, Date.parse(creationTime) + milliseconds);

  it('has both expiry times in the response', async () => {
    const token = await login();

    const start = Date.parse(token.creationTime);
    expect(Date.parse(token.idleExpirationTime ?? '') - start).toBe(IDLE);
    expect(Date.parse(token.expirationTime ?? '') - start).toBe(MAX);
  });

  it('is accepted until its idle expiry, and rejected from then on in 200 of 200 requests', async () => {
    const token = await login();

    age(token, IDLE - 1);
    const before = await server.client.me(tokenHeader(token));
    age(token, IDLE);
    const after = await Promise.all(
      Array.from({ length: 200 }, () => server.client.verify(tokenHeader(token))),
    );

    expect(before.status).toBe(200);
    expect(after.filter(({ status }) => status !== 401)).toEqual([]);
    expect((await server.client.bump(tokenHeader(token))).body).toMatchObject({
      code: 'token_expired',
      detail: expect.stringMatching(/idle for too long/),
    });
    expect((await server.client.logout(tokenHeader(token))).body.code).toBe('token_expired');
  });

  it('is extended by bumps, but never past its absolute expiry', async () => {
    const token = await login();

    const statuses = [];
    for (const milliseconds of [IDLE - 1, 1.9 * IDLE, 2.8 * IDLE, 3.7 * IDLE, MAX - 1]) {
      age(token, milliseconds);
      const { status, headers } = await server.client.bump(tokenHeader(token));
      statuses.push(status);
      expect((headers.get('x-auth-token-expires') ?? '') <= (token.expirationTime ?? '')).toBe(true);
    }
    const { body: kept } = await server.client.token(token.id, tokenHeader(token));
    age(token, MAX);
    const end = await server.client.bump(tokenHeader(token));

    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    expect(kept.expirationTime).toBe(token.expirationTime);
    expect(end.body).toMatchObject({
      status: 401,
      code: 'token_expired',
      detail: expect.stringMatching(/maximum lifetime/),
    });
  });

  it('is not extended by use alone', async () => {
    const token = await login();

    age(token, IDLE - 1);
    await server.client.me(tokenHeader(token));
    age(token, IDLE);

    expect((await server.client.me(tokenHeader(token))).status).toBe(401);
  });

  it('expires at the requested time if that is earlier', async () => {
    const expirationTime = new Date(Date.now() + 60_000).toISOString();
    const token = await login({ expirationTime });
    expect((await server.client.me(tokenHeader(token))).status).toBe(200);

    age(token, Date.parse(expirationTime) - Date.parse(token.creationTime));

    expect(token.idleExpirationTime).toBe(expirationTime);
    expect((await server.client.me(tokenHeader(token))).status).toBe(401);
  });

  it('is not listed after it has expired', async () => {
    const token = await login();
    age(token, IDLE);

    const { body } = await server.client.myTokens(tokenHeader(await login()), '?size=200');

    expect(body.items.map(({ id }) => id)).not.toContain(token.id);
  });
});

describe('the session cookie of the console', () => {
  const PREFER_COOKIE = { Prefer: 'session-cookie' };
  const SAME_ORIGIN = { 'Sec-Fetch-Site': 'same-origin' };

  const login = (headers: Headers = {}) => server.client.login(ADMIN.name, ADMIN.password, { headers });
  const cookieOf = (token: string | undefined) => ({ Cookie: `__Host-latchkey=${token}` });

  describe('POST /auth/login with Prefer: session-cookie', () => {
    it("sets a cookie with all protections until the session's absolute expiry", async () => {
      const { headers, body } = await login({ ...PREFER_COOKIE, ...SAME_ORIGIN });

      const [pair, ...attributes] = headers.getSetCookie()[0]?.split('; ') ?? [];
      expect(pair).toBe(`__Host-latchkey=${body.token}`);
      expect(attributes.filter((attribute) => !attribute.startsWith('Expires=')).sort()).toEqual([
        'HttpOnly',
        'Path=/',
        'SameSite=Strict',
        'Secure',
      ]);
      const expires = attributes.find((attribute) => attribute.startsWith('Expires='))?.slice(8) ?? '';
      expect(Date.parse(expires)).toBe(Math.floor(Date.parse(body.expirationTime ?? '') / 1_000) * 1_000);
      expect(headers.get('preference-applied')).toBe('session-cookie');
    });

    it('sets no cookie when the password is wrong', async () => {
      const { headers } = await server.client.login(ADMIN.name, 'a wrong password', {
        headers: PREFER_COOKIE,
      });

      expect(headers.getSetCookie()).toEqual([]);
    });
  });

  describe('GET /auth/session', () => {
    it("returns the session's token with Cache-Control: no-store", async () => {
      const { body: token } = await login();

      const { status, headers, body } = await server.client.session({
        ...SAME_ORIGIN,
        ...cookieOf(token.token),
      });

      expect(status).toBe(200);
      expect(body).toMatchObject(token);
      expect(headers.get('cache-control')).toBe('no-store');
      expect((await server.client.me(tokenHeader(body))).status).toBe(200);
    });

    it.each<[string, Headers]>([
      ['cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
      ['same-site', { 'Sec-Fetch-Site': 'same-site' }],
      ['none', { 'Sec-Fetch-Site': 'none' }],
      ['absent', {}],
      ['in other letters', { 'Sec-Fetch-Site': 'Same-Origin' }],
      ['twice', { 'Sec-Fetch-Site': 'same-origin, cross-site' }],
    ])('returns 403 when Sec-Fetch-Site is %s', async (_, headers) => {
      const { body: token } = await login();

      const { status, body, text } = await server.client.session({ ...headers, ...cookieOf(token.token) });

      expect([status, body.code]).toEqual([403, 'same_origin_required']);
      expect(text).not.toContain(token.token);
    });

    it.each<[string, (token: string) => Headers]>([
      ['no cookie', () => ({})],
      ['the token in X-Auth-Token', (token) => tokenHeader({ user: 'admin', token })],
      ['the token as Bearer', (token) => ({ Authorization: `Bearer ${token}` })],
      ['a cookie of another name', (token) => ({ Cookie: `latchkey=${token}` })],
      ['a junk cookie', () => cookieOf('junk')],
      ['a cookie with one character changed', (token) => cookieOf(token.slice(0, -1) + '~')],
      ['the value of X-Auth-Token in the cookie', (token) => cookieOf(btoa(`admin:${token}`))],
    ])('returns 401 for %s', async (_, credentials) => {
      const { body: token } = await login();

      const { status, headers } = await server.client.session({
        ...SAME_ORIGIN,
        ...credentials(token.token ?? ''),
      });

      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^XAuthToken /);
    });

    it('returns 401 after logout', async () => {
      const { body: token } = await login();
      await server.client.logout(tokenHeader(token));

      const { status } = await server.client.session({ ...SAME_ORIGIN, ...cookieOf(token.token) });

      expect(status).toBe(401);
    });
  });

  // Covers B51 in docs/explanation/security.md.
  describe('the session cookie', () => {
    it('is not accepted by any route that reads, except GET /auth/session', async () => {
      const { body: token } = await login();
      const reads = routesWith(({ access }) => access !== 'public').filter((route) => !isChange(route));

      const answers = await Promise.all(
        reads.map(async (route) => {
          const { status } = await sendLines(server.client.baseUrl, [
            `${route.replace(/\{\w+\}/, 'some-id')} HTTP/1.1`,
            `Cookie: __Host-latchkey=${token.token}`,
            'Sec-Fetch-Site: same-origin',
          ]);
          return { route, status };
        }),
      );

      expect(reads.length).toBeGreaterThan(20);
      expect(answers.filter(({ status }) => status !== 401)).toEqual([
        { route: 'GET /auth/session', status: 200 },
      ]);
    });

    it('is cleared by a logout of the console, with its cache', async () => {
      const { body: token } = await login();

      const { headers } = await server.client.logout({
        ...tokenHeader(token),
        'X-Requested-With': 'XMLHttpRequest',
      });

      expect(headers.getSetCookie()).toEqual([
        '__Host-latchkey=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict',
      ]);
      expect(headers.get('clear-site-data')).toBe('"cache", "storage"');
    });

    it('is cleared by any logout, which clears nothing else', async () => {
      const { headers } = await server.client.logout(tokenHeader((await login()).body));

      expect(headers.getSetCookie()[0]).toContain('Max-Age=0');
      expect(headers.has('clear-site-data')).toBe(false);
    });
  });

  describe('POST /auth/logout from a page without a token', () => {
    it('keeps the cookie when a page of another origin revokes its own token', async () => {
      const { status, headers } = await server.client.logout({
        ...tokenHeader((await login()).body),
        'Sec-Fetch-Site': 'cross-site',
      });

      expect([status, headers.getSetCookie()]).toEqual([200, []]);
    });
  });

  // Covers B52 in docs/explanation/security.md.
  describe('every route that writes', () => {
    /** Other sites can send forms and plain text without a preflight. JSON is tested as well. */
    const BODIES: [string, string][] = [
      ['application/x-www-form-urlencoded', 'name=mallory&action=delete&ids=admin'],
      ['text/plain', '{"name":"mallory","action":"delete","ids":["admin"]}'],
      ['application/json', '{"name":"mallory","action":"delete","ids":["admin"]}'],
    ];
    const SENDERS: Headers[] = [
      { Origin: 'https://evil.test', 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'same-site' },
      {},
      SAME_ORIGIN,
    ];

    it('returns 401 for the session cookie from any sender with any body, and changes nothing', async () => {
      const { body: token } = await login();
      const routes = server.routes.filter(isChange);
      const before = await storedRows(server.database);

      const answers: { route: string; status: number; cookies: string[] }[] = [];
      for (const route of routes) {
        const [method = '', pattern = ''] = route.split(' ');
        const path = pattern.replace('/roles/:name', '/roles/auditor').replace(':name', ADMIN.name);
        const requests = BODIES.flatMap(([type, body]) =>
          SENDERS.map(async (sender) => {
            const response = await fetch(server.client.baseUrl + path.replace(':id', token.id), {
              method,
              headers: { 'Content-Type': type, ...sender, ...cookieOf(token.token) },
              body,
            });
            const cookies = sender === SAME_ORIGIN ? [] : response.headers.getSetCookie();
            return { route, status: response.status, cookies };
          }),
        );
        answers.push(...(await Promise.all(requests)));
      }

      // Public routes need no token, and ignore the cookie.
      const isPublic = (route: string) => ROUTES.get(route.replace(/:(\w+)/g, '{$1}'))?.access === 'public';
      const statusesOf = (name: string) =>
        new Set(answers.filter(({ route }) => route === name).map(({ status }) => status));
      const others = answers.filter(({ route }) => !isPublic(route));
      expect(routes.length).toBeGreaterThan(20);
      expect(answers.filter(({ cookies }) => cookies.length > 0)).toEqual([]);
      expect(others.filter(({ status }) => status !== 401)).toEqual([]);
      expect(statusesOf('POST /auth/set-up')).toEqual(new Set([415, 422]));
      expect(statusesOf('POST /auth/claims')).toEqual(new Set([415, 422]));
      expect(statusesOf('POST /auth/report-leak')).toEqual(new Set([202, 403, 415, 422]));
      expect(await storedRows(server.database)).toEqual(before);
      expect((await server.client.me(tokenHeader(token))).status).toBe(200);
    });
  });
});

describe('the session cookie', () => {
  const CLEARED = /^__Host-latchkey=; Max-Age=0;/;

  it('is cleared by a rejected logout from the same origin', async () => {
    const { status, headers: answered } = await server.client.logout({
      'X-Auth-Token': 'bm9ib2R5Om5vbmU',
      'Sec-Fetch-Site': 'same-origin',
    });

    expect(status).toBe(401);
    expect(answered.get('set-cookie')).toMatch(CLEARED);
  });

  it('is cleared when its token is unknown', async () => {
    const { status, headers: answered } = await server.client.session({
      Cookie: '__Host-latchkey=latchkey_gone',
      'Sec-Fetch-Site': 'same-origin',
    });

    expect(status).toBe(401);
    expect(answered.get('set-cookie')).toMatch(CLEARED);
  });

  it("returns the session's expiry in X-Auth-Token-Expires", async () => {
    const login = await server.client.login(ADMIN.name, ADMIN.password, {
      headers: { Prefer: 'session-cookie' },
    });
    const [cookie = ''] = (login.headers.get('set-cookie') ?? '').split(';');

    const answer = await server.client.session({ Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' });

    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-auth-token-expires')).toBe(login.body.idleExpirationTime);
  });
});
