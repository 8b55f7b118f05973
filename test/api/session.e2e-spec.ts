import { describe, expect, it } from '@jest/globals';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { everythingStored } from '../support/everything-stored.js';
import { sendLines } from '../support/raw-http.js';
import { ADMIN } from '../support/test-server.js';
import { useServer } from '../support/use-server.js';

const WISH = { Prefer: 'session-cookie' };
const SAME_ORIGIN = { 'Sec-Fetch-Site': 'same-origin' };

const server = useServer();

const login = (headers: Headers = {}) => server.client.login(ADMIN.name, ADMIN.password, { headers });
const cookieOf = (token: string | undefined) => ({ Cookie: `__Host-latchkey=${token}` });

describe('POST /auth/login with Prefer: session-cookie', () => {
  it("sets a cookie with all protections until the session's absolute expiry", async () => {
    const { headers, body } = await login({ ...WISH, ...SAME_ORIGIN });

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

  it.each<[string, () => Headers]>([
    ['with other preferences', () => ({ Prefer: 'respond-async, Session-Cookie', ...SAME_ORIGIN })],
    ['from an old browser of the same origin', () => ({ ...WISH, Origin: server.client.baseUrl })],
    ['without a browser', () => WISH],
  ])('sets the cookie when the request comes %s', async (_, headers) => {
    const answer = await login(headers());

    expect(answer.headers.getSetCookie()).toHaveLength(1);
  });

  it.each<[string, Headers]>([
    ['without the preference', SAME_ORIGIN],
    ['with another preference', { Prefer: 'session-cookies', ...SAME_ORIGIN }],
    ['from another site', { ...WISH, 'Sec-Fetch-Site': 'cross-site' }],
    ['from another host of the same site', { ...WISH, 'Sec-Fetch-Site': 'same-site' }],
    ['from no page', { ...WISH, 'Sec-Fetch-Site': 'none' }],
    ['from a foreign origin', { ...WISH, Origin: 'https://evil.example.com' }],
    ['from another port', { ...WISH, Origin: 'http://127.0.0.1:1' }],
    ['from the null origin', { ...WISH, Origin: 'null' }],
  ])('returns 200 without a cookie when sent %s', async (_, given) => {
    const { status, headers } = await login(given);

    expect(status).toBe(200);
    expect(headers.getSetCookie()).toEqual([]);
    expect(headers.has('preference-applied')).toBe(false);
  });

  it('sets no cookie when the password is wrong', async () => {
    const { headers } = await server.client.login(ADMIN.name, 'a wrong password', { headers: WISH });

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

  it('returns 401 after log-out', async () => {
    const { body: token } = await login();
    await server.client.logout(tokenHeader(token));

    const { status } = await server.client.session({ ...SAME_ORIGIN, ...cookieOf(token.token) });

    expect(status).toBe(401);
  });
});

// Requirement B51.
describe('the session cookie', () => {
  it.each(['GET /me', 'GET /me/tokens', 'GET /users', 'POST /users', 'POST /auth/bump', 'POST /auth/logout'])(
    'is not accepted by %s',
    async (route) => {
      const { body: token } = await login();

      const { status } = await sendLines(server.client.baseUrl, [
        `${route} HTTP/1.1`,
        `Cookie: __Host-latchkey=${token.token}`,
        'Sec-Fetch-Site: same-origin',
      ]);

      expect(status).toBe(401);
      expect((await server.client.me(tokenHeader(token))).status).toBe(200);
    },
  );

  it('is cleared by a log-out of the console, with its cache', async () => {
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

  it('is cleared by any log-out, which clears nothing else', async () => {
    const { headers } = await server.client.logout(tokenHeader((await login()).body));

    expect(headers.getSetCookie()[0]).toContain('Max-Age=0');
    expect(headers.has('clear-site-data')).toBe(false);
  });
});

describe('POST /auth/logout from a page without a token', () => {
  it.each<[string, boolean, string[]]>([
    ['another site', false, ['Origin: https://evil.test', 'Sec-Fetch-Site: cross-site']],
    ['another host of the same site', false, ['Sec-Fetch-Site: same-site']],
    ['another site in an old browser', false, ['Origin: https://evil.test']],
    ['a sandbox in an old browser', false, ['Origin: null']],
    ['no page', false, []],
    ['the console', true, ['Sec-Fetch-Site: same-origin']],
  ])('of %s: clears the cookie = %s', async (_, isRemoved, lines) => {
    const { status, headers } = await sendLines(server.client.baseUrl, [
      'POST /auth/logout HTTP/1.1',
      'Cookie: __Host-latchkey=lk_whatever',
      ...lines,
    ]);

    expect([status, 'set-cookie' in headers]).toEqual([401, isRemoved]);
  });

  it('keeps the cookie when a page of another origin revokes its own token', async () => {
    const { status, headers } = await server.client.logout({
      ...tokenHeader((await login()).body),
      'Sec-Fetch-Site': 'cross-site',
    });

    expect([status, headers.getSetCookie()]).toEqual([200, []]);
  });
});

// Requirement B52.
describe('every route that writes', () => {
  /** A page elsewhere can send forms and plain text without asking first; JSON is for good measure. */
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
    const routes = server.routes.filter((route) => !/^(GET|HEAD|OPTIONS) /.test(route));
    const before = await everythingStored(server.database);

    const answers = await Promise.all(
      routes.flatMap((route) =>
        BODIES.flatMap(([type, body]) =>
          SENDERS.map(async (sender) => {
            const [method = '', pattern = ''] = route.split(' ');
            const path = pattern.replace('/roles/:name', '/roles/auditor').replace(':name', ADMIN.name);
            const response = await fetch(server.client.baseUrl + path.replace(':id', token.id), {
              method,
              headers: { 'Content-Type': type, ...sender, ...cookieOf(token.token) },
              body,
            });
            const cookies = sender === SAME_ORIGIN ? [] : response.headers.getSetCookie();
            return { route, status: response.status, cookies };
          }),
        ),
      ),
    );

    // That route needs no token. It accepts the secret in the body, which has to be JSON.
    const [setUps, others] = [true, false].map((isSetUp) =>
      answers.filter(({ route }) => (route === 'POST /auth/set-up') === isSetUp),
    );
    expect(routes.length).toBeGreaterThan(20);
    expect(answers.filter(({ cookies }) => cookies.length > 0)).toEqual([]);
    expect(others?.filter(({ status }) => status !== 401)).toEqual([]);
    expect(new Set(setUps?.map(({ status }) => status))).toEqual(new Set([415, 422]));
    expect(await everythingStored(server.database)).toEqual(before);
    expect((await server.client.me(tokenHeader(token))).status).toBe(200);
  });
});
