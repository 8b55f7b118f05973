import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { basic, type Headers, tokenHeader } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer, flushTokenUsage } from '../support/use-server.js';
import { sendLines } from '../support/raw-http.js';
import { ADMIN } from '../support/test-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

describe('/auth/verify', () => {
  let asUser: Headers;
  let tokenId: string;
  let userId: string;

  beforeAll(async () => {
    const made = await server.client.createUser(
      { name: 'Ünal.o+x@example.org', password: PASSWORD, roles: ['user', 'auditor'] },
      asAdmin,
    );
    userId = made.body.id;
    const { body } = await server.client.login('ünal.o+x@example.org', PASSWORD);
    tokenId = body.id;
    asUser = tokenHeader(body);
  });

  describe.each(['GET', 'HEAD'])('%s /auth/verify', (method) => {
    const verify = (headers: Headers, query = '') =>
      server.client.request(method, `/auth/verify${query}`, { headers });

    it('returns 200 without a body, with the identity in header fields', async () => {
      const { status, headers, text } = await verify(asUser);

      expect([status, text]).toEqual([200, '']);
      expect(headers.get('x-auth-user')).toBe('%C3%BCnal.o%2Bx%40example.org');
      expect(headers.get('x-auth-user-id')).toBe(userId);
      expect(headers.get('x-auth-roles')).toBe('auditor,user');
      expect(headers.get('x-auth-token-id')).toBe(tokenId);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.has('x-auth-token-expires')).toBe(true);
    });

    it('accepts Bearer', async () => {
      const { body } = await server.client.login(ADMIN.name, ADMIN.password);

      const { status, headers } = await verify({ Authorization: `Bearer ${body.token}` });

      expect([status, headers.get('x-auth-user')]).toEqual([200, 'admin']);
    });

    it.each<[string, Headers]>([
      ['no credentials', {}],
      ['a name and a password', { Authorization: basic(ADMIN.name, ADMIN.password) }],
      ['junk', { 'X-Auth-Token': 'junk' }],
      ['identity headers alone', { 'X-Auth-User': 'admin', 'Remote-User': 'admin', 'X-Auth-Roles': 'admin' }],
    ])('returns 401 without a body or identity for %s', async (_, given) => {
      const { status, headers, text } = await verify(given);

      expect([status, text]).toEqual([401, '']);
      expect(headers.get('www-authenticate')).toMatch(/^XAuthToken realm="latchkey"/);
      expect([...headers.keys()].filter((name) => name.startsWith('x-auth-'))).toEqual([]);
    });

    it('returns 401 for two different credentials', async () => {
      const { body } = await server.client.login(ADMIN.name, ADMIN.password);

      const { status, text } = await verify({ ...asUser, Authorization: `Bearer ${body.token}` });

      expect([status, text]).toEqual([401, '']);
    });

    it('returns 401 for one credential sent twice', async () => {
      const header = `X-Auth-Token: ${asUser['X-Auth-Token']}`;

      const { status } = await sendLines(server.client.baseUrl, [
        `${method} /auth/verify HTTP/1.1`,
        header,
        header,
      ]);

      expect(status).toBe(401);
    });

    it('returns 401 after logout', async () => {
      const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
      expect((await verify(headers)).status).toBe(200);

      await server.client.logout(headers);

      expect((await verify(headers)).status).toBe(401);
    });

    it.each([
      ['?role=user', 200],
      ['?role=user&role=auditor', 200],
      ['?role=admin', 403],
      ['?role=user&role=admin', 403],
      ['?role=admin&role=user', 403],
      ['?role=', 403],
      ['?role=USER', 403],
      ['?role=user,auditor', 403],
      ['?role=__proto__', 403],
      ['?role=%ff', 403],
      ['?role=user%ff', 403],
      ['?role=%zz', 403],
      ['?role=user&role=%', 403],
      ['?role=%75ser', 200],
      ['?q=%ff', 403],
      ['?roles=user', 403],
      ['?role=user&unknown=1', 403],
      ['?token=x', 403],
      ['?__proto__=user', 403],
      ['?%zz', 403],
      ['?', 200],
      ['?permission=users:read', 200],
      ['?permission=users:read&permission=audit:read&role=auditor', 200],
      ['?permission=users:write', 403],
      ['?permission=users:read&permission=users:write', 403],
      ['?permission=users:read&role=admin', 403],
      ['?permission=', 403],
      ['?permission=users:read%20audit:read', 403],
      ['?permission=*', 403],
      ['?permission=gone:read', 403],
      ['?api=users', 200],
      ['?api=none', 200],
      ['?api=users&api=audit', 403],
      ['?api=', 403],
      [`?${'permission=users:read&'.repeat(200)}role=user`, 200],
      [`?${Array.from({ length: 100 }, (_, index) => `permission=users:read${index}`).join('&')}`, 403],
    ])('for %s returns %i', async (query, expected) => {
      const { status, text } = await verify(asUser, query);

      expect([status, text]).toEqual([expected, '']);
    });

    it('names what is missing, and what was required', async () => {
      const { headers } = await verify(asUser, '?permission=users:write&permission=users:read&role=admin');

      expect(headers.get('www-authenticate')).toBe(
        'XAuthToken realm="latchkey", error="insufficient_scope", scope="users:write users:read"',
      );
      expect(headers.get('x-auth-missing-permissions')).toBe('users:write');
      expect(headers.get('x-auth-missing-roles')).toBe('admin');
    });

    it('reads parameters in a fragment, which some proxies forward', async () => {
      const { status } = await sendLines(server.client.baseUrl, [
        `${method} /auth/verify#permission=users:write HTTP/1.1`,
        `X-Auth-Token: ${asUser['X-Auth-Token']}`,
      ]);

      expect(status).toBe(403);
    });

    it('names an invalid parameter', async () => {
      const { headers } = await verify(asUser, '?r"ole%0d%0aX:%20y=user');

      expect(headers.get('x-auth-error')).toBe('invalid_request');
      expect(headers.get('www-authenticate')).toBe(
        `XAuthToken realm="latchkey", error="invalid_request", error_description="Unknown parameter r'ole??X: y. Use permission, role, api, fresh or method."`,
      );
    });

    it.each<[string, Headers]>([
      ['Accept', { Accept: 'image/png' }],
      ['Accept of nothing', { Accept: '*/*;q=0' }],
      ['If-None-Match', { 'If-None-Match': '*' }],
      ['If-Match', { 'If-Match': '"7"' }],
      ['If-Modified-Since', { 'If-Modified-Since': new Date(Date.now() + 1e6).toUTCString() }],
      ['Range', { Range: 'bytes=0-0' }],
      ['Content-Type', { 'Content-Type': 'text/nonsense' }],
      ['the session cookie', { Cookie: '__Host-latchkey=x' }],
    ])('ignores %s', async (_, ignored) => {
      expect((await verify({ ...asUser, ...ignored })).status).toBe(200);
      expect((await verify(ignored)).status).toBe(401);
    });

    it('ignores a body', async () => {
      const { status } = await sendLines(
        server.client.baseUrl,
        [`${method} /auth/verify HTTP/1.1`, `X-Auth-Token: ${asUser['X-Auth-Token']}`, 'Content-Length: 4'],
        'junk',
      );

      expect(status).toBe(200);
    });

    it('returns an empty list of roles for a user without roles', async () => {
      const user = newUser({ roles: [] });
      await server.client.createUser(user, asAdmin);

      const { headers } = await verify(await server.client.loginHeaders(user.name, PASSWORD));

      expect(headers.get('x-auth-roles')).toBe('');
    });
  });

  describe('POST /auth/verify', () => {
    it('returns 405', async () => {
      const { status, headers } = await server.client.request('POST', '/auth/verify', { headers: asUser });

      expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    });
  });
});

describe('GET /auth/verify', () => {
  it('returns 401 without a body for a URL that is too long', async () => {
    const { status, text } = await server.client.verify(asAdmin, `?x=${'y'.repeat(9_000)}`);

    expect([status, text]).toEqual([401, '']);
  });
});

describe('/auth/introspect', () => {
  const FORM = 'application/x-www-form-urlencoded';
  let asGateway: Headers;
  let gateway: string;
  let owner: { id: string; name: string };
  let asOwner: Headers;
  let token: UserTokenDto;

  beforeAll(async () => {
    await server.client.createRole({ name: 'introspector', permissions: ['tokens:introspect'] }, asAdmin);
    const user = newUser({ roles: ['introspector'] });
    gateway = user.name;
    await server.client.createUser(user, asAdmin);
    asGateway = await server.client.loginHeaders(user.name, PASSWORD);
  });

  beforeEach(async () => {
    const user = newUser({ roles: ['auditor'] });
    const { id, name } = (await server.client.createUser(user, asAdmin)).body;
    owner = { id, name };
    asOwner = await server.client.loginHeaders(name, PASSWORD);
    token = (await server.client.createMyToken(asOwner, { permissions: ['users:read', 'roles:read'] })).body;
  });

  const introspect = (text = '', more = {}) => server.client.introspect({ token: text, ...more }, asGateway);

  /** The value of `X-Auth-Token`. */
  const headerOf = (user: string, secret?: string) => tokenHeader({ user, token: secret })['X-Auth-Token'];

  async function expectInactive(text: string | undefined): Promise<void> {
    const { status, text: body } = await introspect(text);

    expect([status, body]).toEqual([200, '{"active":false}']);
  }

  describe('POST /auth/introspect', () => {
    it('returns owner, permissions and lifetime of an active token', async () => {
      const { status, body, headers } = await introspect(token.token);

      expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
        200,
        'application/json; charset=utf-8',
        'no-store',
      ]);
      expect(body).toEqual({
        active: true,
        username: owner.name,
        sub: owner.id,
        jti: token.id,
        scope: 'roles:read users:read',
        aud: ['roles', 'users'],
        roles: [],
        iat: Math.floor(Date.parse(token.creationTime) / 1_000),
        exp: Math.floor(Date.parse(token.expirationTime ?? '') / 1_000),
        expiration_time: token.expirationTime,
        remember_for: 60,
        bound_to_address: false,
        token_type: 'Bearer',
        client_id: owner.name,
      });
    });

    it("accepts the value of X-Auth-Token if it names the token's user", async () => {
      expect((await introspect(headerOf(owner.name, token.token))).body).toMatchObject({ jti: token.id });
      expect((await introspect(headerOf(owner.name.toUpperCase(), token.token))).body.active).toBe(true);
      await expectInactive(headerOf(gateway, token.token));
    });

    it('returns the idle expiry of a session', async () => {
      const { body: session } = await server.client.login(owner.name, PASSWORD);

      const { body } = await introspect(session.token);

      expect(body).toMatchObject({ active: true, roles: ['auditor'] });
      expect(body.scope?.split(' ')).toContain('audit:read');
      expect(body.exp).toBe(Math.floor(Date.parse(session.idleExpirationTime ?? '') / 1_000));
    });

    it('ignores the hint and unknown parameters', async () => {
      const { body } = await introspect(token.token, {
        token_type_hint: 'refresh_token',
        client_id: 'gateway',
        resource: 'https://orders.example.com',
      });

      expect(body.active).toBe(true);
    });

    it('returns JSON regardless of Accept', async () => {
      const { headers, body } = await server.client.introspect(
        { token: token.token ?? '' },
        { ...asGateway, Accept: 'application/xml' },
      );

      expect(headers.get('content-type')).toContain('application/json');
      expect(body.active).toBe(true);
    });

    it('counts as a use by the caller', async () => {
      await introspect(token.token);
      await flushTokenUsage(server);

      const { body } = await server.client.tokenUsage(token.id, asOwner);
      expect(body.days).toMatchObject([
        { uses: 1, lastUsageAddress: '127.0.0.1', lastUsageAgent: `introspected by ${gateway}` },
      ]);
    });

    it('returns active for a superseded secret in its grace period', async () => {
      const { body: rotated } = await server.client.rotateToken(token.id, asOwner, {
        gracePeriodSeconds: 60,
      });

      const { body } = await introspect(token.token);

      expect(body).toMatchObject({ active: true, jti: token.id });
      expect(body.exp).toBe(Math.floor(Date.parse(rotated.superseded?.until ?? '') / 1_000));
    });

    it('returns no exp for a token without expiry', async () => {
      await server.database.execute(`UPDATE tokens SET "expirationTime" = NULL WHERE id = '${token.id}'`);

      expect((await introspect(token.token)).body).not.toHaveProperty('exp');
    });
  });

  describe('POST /auth/introspect for an invalid token', () => {
    it.each<[string, () => Promise<unknown>]>([
      ['revoked', () => server.client.revokeToken(token.id, asOwner)],
      ['disabled', () => server.client.updateToken(token.id, { enabled: false, version: 0 }, asOwner)],
      [
        'of a disabled user',
        () => server.client.updateUser(owner.name, { enabled: false, version: 0 }, asAdmin),
      ],
      ['of a deleted user', () => server.client.deleteUser(owner.name, asAdmin)],
      ['superseded without grace', () => server.client.rotateToken(token.id, asOwner)],
      ['revoked with all tokens of its user', () => server.client.revokeMyOtherTokens(asOwner)],
    ])('returns only active: false when the token is %s', async (_, end) => {
      expect((await introspect(token.token)).body.active).toBe(true);

      await end();

      await expectInactive(token.token);
    });

    it('returns only active: false when the token has expired', async () => {
      const { body } = await server.client.createMyToken(asOwner, { expiresIn: 60 });
      expect((await introspect(body.token)).body.active).toBe(true);
      const clock = jest.spyOn(server.app.get(Clock), 'now').mockReturnValue(Date.now() + 61_000);

      await expectInactive(body.token).finally(() => clock.mockRestore());
    });

    it.each([
      ['an unknown token', 'latchkey_0000000000000000000000000000'],
      ['text that is not a token', 'hello'],
      ['base64 of other text', Buffer.from('hello').toString('base64')],
      ['a token with a NUL', 'latchkey_\0'],
      ['a password', Buffer.from(`admin:${PASSWORD}`).toString('base64')],
    ])('returns only active: false for %s', async (_, text) => {
      await expectInactive(text);
    });

    it.each<[string, string, () => Promise<unknown>]>([
      ['revoked', 'token_revoked', () => server.client.revokeToken(token.id, asOwner)],
      [
        'of a disabled user',
        'user_disabled',
        () => server.client.updateUser(owner.name, { enabled: false, version: 0 }, asAdmin),
      ],
      [
        'limited to other addresses',
        'address_not_allowed',
        () => server.client.updateToken(token.id, { allowedAddresses: ['203.0.113.9'], version: 0 }, asOwner),
      ],
      ['of no user', 'unauthenticated', () => server.client.deleteUser(owner.name, asAdmin)],
    ])('returns the reason and an id that explains it with explain=true: %s', async (_, reason, end) => {
      await end();

      const { body, headers } = await introspect(token.token, { explain: 'true' });

      const traceId = headers.get('x-request-id');
      expect(body).toEqual({ active: false, reason, request_id: traceId });
      const explained = await server.client.request('GET', `/explanations/${traceId}`, { headers: asAdmin });
      expect(explained.body).toMatchObject({ code: reason, service: gateway });
    });

    it('returns when a token is below its rate limit again with explain=true', async () => {
      const rateLimit = { limit: 1, windowSeconds: 3_600 };
      const { body: limited } = await server.client.createMyToken(asOwner, { rateLimit });
      await introspect(limited.token);

      const { body } = await introspect(limited.token, { explain: 'true' });

      expect(body).toMatchObject({ active: false, reason: 'rate_limited' });
      expect(body.retry_after).toBeGreaterThan(0);
    });

    it.each(['hello', ''.padEnd(33, '0')])(
      'returns unauthenticated for text that is not a token with explain=true: %s',
      async (text) => {
        const { body } = await introspect(text, { explain: 'true' });

        expect(body).toEqual({ active: false, reason: 'unauthenticated', request_id: expect.any(String) });
      },
    );

    it('returns only active: false with explain=false', async () => {
      expect((await introspect('hello', { explain: 'false' })).text).toBe('{"active":false}');
    });

    it('returns only active: false when one character differs', async () => {
      await expectInactive(token.token?.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')));
    });
  });

  describe('POST /auth/introspect with an invalid request', () => {
    const ask = (body: string | Buffer, contentType = FORM) =>
      fetch(`${server.client.baseUrl}/auth/introspect`, {
        method: 'POST',
        headers: { ...asGateway, 'Content-Type': contentType },
        body,
      }).then(async (response) => ({
        status: response.status,
        contentType: response.headers.get('content-type'),
        problem: (await response.json()) as { code: string; errors?: { pointer: string }[] },
      }));

    it.each<[string, number, string, string, string]>([
      ['a token that is sent twice', 400, 'malformed_request', 'token=a&token=b', FORM],
      ['bytes that are not UTF-8', 400, 'malformed_request', 'token=\u{ff}', FORM],
      ['an unknown value of explain', 400, 'validation_failed', 'token=x&explain=yes', FORM],
      ['no token', 400, 'validation_failed', 'token_type_hint=x', FORM],
      ['an empty token', 400, 'validation_failed', 'token=', FORM],
      ['JSON', 415, 'unsupported_media_type', '{"token":"x"}', 'application/json'],
      ['another charset', 415, 'unsupported_media_type', 'token=x', `${FORM}; charset=latin1`],
      ['more than 4 KiB', 413, 'payload_too_large', `token=${'x'.repeat(4_096)}`, FORM],
    ])('is rejected for %s', async (_, status, code, body, contentType) => {
      const answer = await ask(Buffer.from(body, 'latin1'), contentType);

      expect([answer.status, answer.problem.code, answer.contentType]).toEqual([
        status,
        code,
        'application/json; charset=utf-8',
      ]);
    });

    it('names the missing member', async () => {
      expect((await ask('token=')).problem.errors?.[0]?.pointer).toBe('/token');
    });

    it('returns 400 without a body', async () => {
      const { status } = await server.client.request('POST', '/auth/introspect', { headers: asGateway });

      expect(status).toBe(400);
    });

    it('returns 400 for a token in the URL', async () => {
      const { status, body } = await server.client.request<{ code: string }>(
        'POST',
        `/auth/introspect?token=${token.token}`,
        { headers: asGateway },
      );

      expect([status, body.code]).toEqual([400, 'credentials_in_url']);
    });

    it('returns 403 without tokens:introspect, and 401 without a token', async () => {
      const rejected = await server.client.introspect({ token: token.token ?? '' }, asOwner);
      const anonymous = await server.client.introspect({ token: token.token ?? '' }, {});

      expect([rejected.status, anonymous.status]).toEqual([403, 401]);
    });
  });
});
