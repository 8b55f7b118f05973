import { request as httpRequest } from 'node:http';
import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ERROR_CODES, type ProblemDto } from '@latchkey/auth-models';
import { type ApiDocument, DocumentedApi, type Operation } from '../http/operations/documented-api.js';
import { basic, type Headers, tokenHeader } from '../support/api-client.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { type RawResponse, sendLines } from '../support/raw-http.js';
import { REVOCATIONS, type Revocation } from '../support/revocations.js';
import { useAdmin, useServer, stopClock } from '../support/use-server.js';
import { type TokenWithHeaders, useTokens } from '../support/use-tokens.js';

const server = useServer({ environment: { LATCHKEY_TOKEN_CACHE_SECONDS: '300' } });
const asAdmin = useAdmin(server);

// Covers B11 in docs/explanation/security.md.
describe('GET /me with a presented token', () => {
  let token: string;
  let otherToken: string;
  const other = newUser();

  beforeAll(async () => {
    const { body } = await server.client.login(ADMIN.name, ADMIN.password);
    token = body.token ?? '';
    await server.client.createUser(other, tokenHeader(body));
    otherToken = (await server.client.login(other.name, PASSWORD)).body.token ?? '';
  });

  const encode = (text: string) => Buffer.from(text).toString('base64');
  const me = (...lines: string[]) => sendLines(server.client.baseUrl, ['GET /me HTTP/1.1', ...lines]);
  const codeOf = ({ body }: RawResponse) => (JSON.parse(body) as ProblemDto).code;

  const spoil = (text: string) =>
    text.replace(/(.)==$/, (_, digit: string) => `${String.fromCharCode(digit.charCodeAt(0) + 1)}==`);
  const change = (text: string) => text.slice(0, 10) + (text[10] === 'A' ? 'B' : 'A') + text.slice(11);

  it.each<[string, () => string[]]>([
    ['no credentials', () => []],
    ['an empty header', () => ['X-Auth-Token: ']],
    ['a bare token', () => [`X-Auth-Token: ${token}`]],
    ['the token with the name of another user', () => [`X-Auth-Token: ${encode(`${other.name}:${token}`)}`]],
    ['the token with an unknown name', () => [`X-Auth-Token: ${encode(`nobody:${token}`)}`]],
    ['the token without a name', () => [`X-Auth-Token: ${encode(`:${token}`)}`]],
    ['no colon', () => [`X-Auth-Token: ${encode(`admin${token}`)}`]],
    ['one character of the token changed', () => [`X-Auth-Token: ${encode(`admin:${change(token)}`)}`]],
    ['the token in upper case', () => [`X-Auth-Token: ${encode(`admin:${token.toUpperCase()}`)}`]],
    ['a truncated token', () => [`X-Auth-Token: ${encode(`admin:${token.slice(0, -1)}`)}`]],
    ['an extended token', () => [`X-Auth-Token: ${encode(`admin:${token}0`)}`]],
    ['a space after the token', () => [`X-Auth-Token: ${encode(`admin:${token} `)}`]],
    ['a NUL after the token', () => [`X-Auth-Token: ${encode(`admin:${token}\0`)}`]],
    ['one character of the base64 changed', () => [`X-Auth-Token: ${change(encode(`admin:${token}`))}`]],
    // 46 bytes leave four bits of the last digit unused: a lax decoder accepts sixteen texts for one
    // credential.
    ['unused bits of the base64 set', () => [`X-Auth-Token: ${spoil(encode(`ａｄmin:${token}`))}`]],
    ['the base64 in upper case', () => [`X-Auth-Token: ${encode(`admin:${token}`).toUpperCase()}`]],
    ['truncated base64', () => [`X-Auth-Token: ${encode(`admin:${token}`).replace(/=*$/, '').slice(0, -1)}`]],
    ['extended base64', () => [`X-Auth-Token: ${encode(`admin:${token}`).replace(/=*$/, '')}AA`]],
    ['text after the base64', () => [`X-Auth-Token: ${encode(`admin:${token}`)} x`]],
    ['the password', () => [`X-Auth-Token: ${encode(`admin:${ADMIN.password}`)}`]],
    ['the password as Basic', () => [`Authorization: ${basic('admin', ADMIN.password)}`]],
    ['the token as Basic password', () => [`Authorization: ${basic('admin', token)}`]],
    ['the pair as Bearer', () => [`Authorization: Bearer ${encode(`admin:${token}`)}`]],
    ['Bearer in upper case', () => [`Authorization: Bearer ${token.toUpperCase()}`]],
    ['a truncated Bearer', () => [`Authorization: Bearer ${token.slice(0, -1)}`]],
    ['an extended Bearer', () => [`Authorization: Bearer ${token}0`]],
    ['text after Bearer', () => [`Authorization: Bearer ${token} x`]],
    ['another scheme', () => [`Authorization: Token ${token}`]],
    ['the token in a cookie', () => [`Cookie: __Host-latchkey=${token}`, 'Sec-Fetch-Site: same-origin']],
    ['the token in another header', () => [`X_Auth_Token: ${encode(`admin:${token}`)}`]],
  ])('returns 401 for %s', async (_, lines) => {
    const answer = await me(...lines());

    expect([answer.status, codeOf(answer)]).toEqual([401, 'unauthenticated']);
    expect(answer.headers['www-authenticate']).toMatch(/^XAuthToken realm="latchkey"/);
  });

  it.each<[string, () => string[]]>([
    ['X-Auth-Token', () => [`X-Auth-Token: ${encode(`admin:${token}`)}`]],
    ['X-Auth-Token without padding', () => [`X-Auth-Token: ${encode(`admin:${token}`).replace(/=+$/, '')}`]],
    [
      'X-Auth-Token in base64url',
      () => [`X-Auth-Token: ${Buffer.from(`admin:${token}`).toString('base64url')}`],
    ],
    ['Bearer', () => [`Authorization: Bearer ${token}`]],
    ['bearer', () => [`authorization: bearer ${token}`]],
    [
      'both fields with the same token',
      () => [`X-Auth-Token: ${encode(`admin:${token}`)}`, `Authorization: Bearer ${token}`],
    ],
    [
      'X-Auth-Token beside Basic for a gateway',
      () => [`X-Auth-Token: ${encode(`admin:${token}`)}`, `Authorization: ${basic('a', 'b')}`],
    ],
    [
      'X-Auth-Token beside another scheme',
      () => [`X-Auth-Token: ${encode(`admin:${token}`)}`, 'Authorization: Negotiate abc'],
    ],
  ])('returns 200 for %s', async (_, lines) => {
    const { status, body } = await me(...lines());

    expect([status, (JSON.parse(body) as { name?: string }).name]).toEqual([200, 'admin']);
  });

  it.each<[string, () => string[]]>([
    [
      'two X-Auth-Tokens',
      () => [
        `X-Auth-Token: ${encode(`admin:${token}`)}`,
        `X-Auth-Token: ${encode(`${other.name}:${otherToken}`)}`,
      ],
    ],
    [
      'one X-Auth-Token twice',
      () => [`X-Auth-Token: ${encode(`admin:${token}`)}`, `X-Auth-Token: ${encode(`admin:${token}`)}`],
    ],
    ['two Authorizations', () => [`Authorization: Bearer ${token}`, `Authorization: Bearer ${otherToken}`]],
    [
      'X-Auth-Token beside Bearer of another token',
      () => [`X-Auth-Token: ${encode(`admin:${token}`)}`, `Authorization: Bearer ${otherToken}`],
    ],
    [
      'X-Auth-Token beside a malformed Bearer',
      () => [`X-Auth-Token: ${encode(`admin:${token}`)}`, 'Authorization: Bearer'],
    ],
  ])('returns 400 for %s', async (_, lines) => {
    const answer = await me(...lines());

    expect([answer.status, codeOf(answer)]).toEqual([400, 'ambiguous_credentials']);
  });
});

describe('a credential in the URL', () => {
  let token: string;

  beforeAll(async () => {
    const { body } = await server.client.login(ADMIN.name, ADMIN.password);
    token = body.token ?? '';
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each<[string, () => string]>([
    ['token', () => 'token=x'],
    ['access_token', () => 'access_token='],
    ['auth_token', () => 'page=1&auth_token=x'],
    ['x-auth-token', () => 'x-auth-token=x'],
    ['X-Auth-Token', () => 'X-Auth-Token=x'],
    ['Token, percent-encoded', () => '%54oken=x'],
    ['a value that begins like a token', () => 'q=latchkey_0123456789ab'],
    ['a whole token under any name', () => `anything=${token}`],
    ['a value that begins like a token, percent-encoded', () => 'q=%6catchkey%5F0123456789ab'],
  ])('returns 400 before authentication for %s', async (_, query) => {
    const path = `/users?${query()}`;
    const asAdmin: Headers = { Authorization: `Bearer ${token}` };

    for (const headers of [{}, asAdmin]) {
      const { status, body, text } = await server.client.request<ProblemDto>('GET', path, { headers });

      expect([status, body.code]).toEqual([400, 'credentials_in_url']);
      expect(text).not.toContain(token);
    }
  });

  it('returns 400 at login and on public routes', async () => {
    const headers = { Authorization: basic('admin', ADMIN.password) };

    expect((await server.client.request('POST', '/auth/login?token=x', { headers })).status).toBe(400);
    expect((await server.client.request('POST', '/auth/set-up?token=x')).status).toBe(400);
  });

  it('does not authenticate GET /auth/verify', async () => {
    const { status } = await server.client.request('GET', `/auth/verify?token=${token}`);

    expect(status).toBe(401);
  });
});

describe('an Authorization field meant for a gateway, beside X-Auth-Token', () => {
  /** Returns the status of a request with repeated fields, which `fetch` would join. */
  function statusOf(path: string, fields: Record<string, string | string[]>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(server.client.baseUrl + path, { headers: fields }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      });
      request.on('error', reject).end();
    });
  }

  it('is ignored, even with commas', async () => {
    const fields = { ...asAdmin, Authorization: 'Digest username="a", realm="b"' };

    expect((await server.client.me(fields)).status).toBe(200);
  });

  it('returns 400 when sent twice, and 401 on GET /auth/verify', async () => {
    const fields = { ...asAdmin, Authorization: ['Basic YTpi', 'Bearer latchkey_other'] };

    expect(await statusOf('/me', fields)).toBe(400);
    expect(await statusOf('/auth/verify', fields)).toBe(401);
  });
});

// Covers B53 in docs/explanation/security.md.
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

  it('offers Basic on login, but not to a script', async () => {
    const script = { 'X-Requested-With': 'XMLHttpRequest', Authorization: basic('admin', 'wrong') };

    expect(await challengeOf('POST', '/auth/login')).toBe('Basic realm="latchkey", charset="UTF-8"');
    expect(await challengeOf('POST', '/auth/login', script)).toMatch(/^XAuthToken realm="latchkey"/);
  });

  it.each([
    ['token_revoked', `"revocationReason" = 'revoked'`],
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

describe('the detail of a 401', () => {
  let token: string;

  beforeAll(async () => {
    token = (await server.client.login(ADMIN.name, ADMIN.password)).body.token ?? '';
  });

  const encode = (text: string) => Buffer.from(text).toString('base64');
  const ask = async (method: string, path: string, headers: Headers, body?: object) => {
    const answer = await server.client.request<ProblemDto>(method, path, { headers, body });
    const { traceId: _, ...problem } = answer.body;
    return problem;
  };

  it.each<[string, () => Headers, RegExp]>([
    ['missing credentials', () => ({}), /^No credentials were sent\. Log in/],
    ['a bare token', () => ({ 'X-Auth-Token': token }), / X-Auth-Token takes base64/],
    ['an encoded line break', () => ({ 'X-Auth-Token': encode(`admin:${token}\n`) }), /line break/],
    ['Basic', () => ({ Authorization: basic(ADMIN.name, ADMIN.password) }), /POST \/auth\/login only/],
    [
      'a Bearer value that is not a token',
      () => ({ Authorization: 'Bearer x.y.z' }),
      /Bearer takes the token\./,
    ],
  ])('on a route that takes a token explains %s', async (_, headers, detail) => {
    expect(await ask('GET', '/me', headers())).toMatchObject({
      status: 401,
      code: 'unauthenticated',
      detail: expect.stringMatching(detail),
    });
  });

  it('on login explains a name and a password sent in the body', async () => {
    const { status, detail } = await ask(
      'POST',
      '/auth/login',
      {},
      { name: 'admin', password: ADMIN.password },
    );

    expect([status, detail]).toEqual([401, expect.stringContaining('not a body')]);
  });

  it('is identical for all well-formed credentials that match nothing', async () => {
    const pairs = [
      `admin:${ADMIN.password}`,
      `nobody:${token}`,
      `admin:${token.toUpperCase()}`,
      `admin:${token.slice(0, -1)}`,
      `admin:${token}0`,
    ].map(encode);
    const answers = await Promise.all([
      ...pairs.map((pair) => ask('GET', '/me', { 'X-Auth-Token': pair })),
      ask('GET', '/me', { Authorization: `Bearer ${token}0` }),
      ask('POST', '/auth/login', { Authorization: basic('admin', token) }),
      ask('POST', '/auth/login', { Authorization: basic('nobody', token) }),
    ]);

    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.detail).toBe(ERROR_CODES.unauthenticated);
  });
});

describe('ways to present a secret', () => {
  const { signUp, signUpWithPermissions, createToken } = useTokens(server, asAdmin);

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
    'X-Auth-Token at /auth/verify': async ({ headers }) =>
      (await server.client.verify(headers)).status === 200,
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
    stopClock(server, time);
    return Promise.resolve({ status: 200 });
  }

  // Covers B11 in docs/explanation/security.md.
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

      stopClock(server, Date.now() + HOUR);

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

  // Covers B11 in docs/explanation/security.md.
  describe('every way to present another secret', () => {
    /** Number of failures that the address has left. */
    const left = (headers: globalThis.Headers) =>
      Number(/"address";r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);

    it.each<[string, () => Promise<{ status: number; headers: globalThis.Headers }>]>([
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
          server.client.changePassword(
            { currentPassword: 'a wrong password', newPassword: PASSWORD },
            asAdmin,
          ),
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
      expect(byScheme('client')).toEqual(['POST /auth/introspect', 'POST /auth/revoke']);
      expect(new Set([...operations.values()].flatMap(schemesOf))).toEqual(
        new Set(['basic', 'session-cookie', 'token', 'bearer', 'client']),
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
});
