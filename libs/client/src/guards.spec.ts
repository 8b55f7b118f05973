import { type AddressInfo } from 'node:net';
import { request as httpRequest, type Server } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ArgumentsHost, type HttpException, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyReply } from 'fastify';
import { ExpressAdapter } from 'nest-platform-express';
import { createTokenSecret } from '../../../apps/api/src/platform/crypto/secrets.js';
import { FakeLatchkey, responseOf, turns } from '../../../test/support/unit/fake-latchkey.js';
import {
  type Application,
  rootModule,
  startExpress,
  startFastify,
  startNestOnExpress,
  startNestOnFastify,
} from '../../../test/support/unit/guarded-applications.js';
import { createGuard } from './express/index.js';
import { createVerifier } from './verifier/verifier.js';

const SECRET = createTokenSecret();
const X_AUTH_TOKEN = Buffer.from(`anna:${SECRET}`).toString('base64');
const OTHER = Buffer.from(`anna:${createTokenSecret()}`).toString('base64');

describe.each([
  ['Nest on Fastify', startNestOnFastify],
  ['Nest on Express', startNestOnExpress],
  ['Fastify', startFastify],
  ['Express', startExpress],
])('%s', (framework, start) => {
  let app: Application;
  let appBehindProxy: Application;
  let appWithBasic: Application;
  let latchkey: FakeLatchkey;

  beforeAll(async () => {
    latchkey = new FakeLatchkey();
    latchkey.feedResponse = () => responseOf(404);
    const options = {
      url: 'http://latchkey.test',
      token: 'own',
      publicUrl: 'https://auth.example.com',
      fetch: latchkey.fetch,
      onWarning: () => undefined,
    };
    app = await start(options);
    appBehindProxy = await start(options, '127.0.0.1');
    appWithBasic = await start({ ...options, acceptBasic: true });
  });

  afterAll(() => Promise.all([app, appBehindProxy, appWithBasic].map((one) => one?.close())));

  beforeEach(() => {
    latchkey.requests.length = 0;
    latchkey.introspect = () => ({
      active: true,
      sub: 'user-1',
      username: 'anna',
      jti: 'token-1',
      scope: 'orders:read',
      roles: ['editor'],
    });
  });

  /** Sends a request. An array sends a header field several times. */
  async function get(path: string, headers: Record<string, string | string[]> = {}, { server } = app) {
    const { port } = server.address() as AddressInfo;
    const sent = httpRequest({ port, host: '127.0.0.1', path, headers, agent: false }).end();
    const [response] = (await once(sent, 'response')) as [
      AsyncIterable<Buffer> & { statusCode: number; headers: Record<string, string> },
    ];
    const chunks: Buffer[] = [];
    for await (const chunk of response) {
      chunks.push(chunk);
    }
    return { status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() };
  }

  it.each([
    ['/me', 'anna'],
    ['/orders', 'orders of anna'],
  ])('serves %s to a token with the permissions and roles', async (path, text) => {
    expect(await get(path, { 'x-auth-token': X_AUTH_TOKEN })).toMatchObject({ status: 200, text });
    expect(await get(path, { authorization: `Bearer ${SECRET}` })).toMatchObject({ status: 200, text });
  });

  describe('with a required proof', () => {
    const now = () => Math.floor(Date.now() / 1_000);
    const get403 = async (path: string, members: object) => {
      latchkey.introspect = () => ({
        active: true,
        sub: 'user-1',
        username: 'anna',
        jti: 'token-1',
        scope: 'orders:read',
        ...members,
      });
      const { status, headers, text } = await get(path, { 'x-auth-token': X_AUTH_TOKEN });
      return status === 200 ? text : [status, headers['x-auth-error'], headers['www-authenticate']];
    };
    const challenge = 'XAuthToken realm="latchkey", error="insufficient_user_authentication"';
    const required = [403, 'step_up_required', challenge];
    const requiredFresh = [403, 'step_up_required', `${challenge}, max_age=300`];

    it('accepts a session with it', async () => {
      expect(await get403('/pay/method', { auth_time: 0, amr: ['pwd', 'otp'] })).toBe('method');
      expect(await get403('/pay/fresh', { auth_time: now() - 290, amr: ['passkey'] })).toBe('fresh');
    });

    it('returns 403 with the challenge for a session without it, and for API tokens', async () => {
      expect(await get403('/pay/method', { auth_time: now(), amr: ['pwd'] })).toEqual(required);
      expect(await get403('/pay/method', {})).toEqual(required);
      expect(await get403('/pay/fresh', { auth_time: now() - 310, amr: ['otp'] })).toEqual(requiredFresh);
      expect(await get403('/pay/fresh', { auth_time: now(), amr: ['pwd'] })).toEqual(requiredFresh);
      expect(await get403('/pay/fresh', {})).toEqual(requiredFresh);
    });

    it('names a missing permission first', async () => {
      const [, error] = await get403('/pay/fresh', { scope: '', auth_time: 0, amr: ['pwd'] });

      expect(error).toBe('insufficient_scope');
    });
  });

  /** Addresses that the server was asked about. */
  const addresses = () =>
    latchkey.to('/auth/introspect').map(({ body }) => new URLSearchParams(body).get('address'));

  it('verifies each request once, with the address of the client', async () => {
    await get('/orders', { 'x-auth-token': X_AUTH_TOKEN });

    expect(addresses()).toEqual(['127.0.0.1']);
  });

  it('verifies a request with the address that a trusted proxy names', async () => {
    const headers = { 'x-auth-token': X_AUTH_TOKEN, 'x-forwarded-for': '203.0.113.7' };
    await get('/orders', headers, appBehindProxy);

    expect(addresses()).toEqual(['203.0.113.7']);
  });

  it('verifies a request without an address if a trusted proxy does not name one', async () => {
    await get('/orders', { 'x-auth-token': X_AUTH_TOKEN, via: '1.1 proxy' }, appBehindProxy);

    expect(addresses()).toEqual([null]);
  });

  it.each([
    'x-forwarded-for',
    'forwarded',
    'x-real-ip',
    'x-client-ip',
    'true-client-ip',
    'cf-connecting-ip',
    'via',
  ])('verifies a request without an address if an untrusted proxy sends %s', async (name) => {
    await get('/orders', { 'x-auth-token': X_AUTH_TOKEN, [name]: '203.0.113.7' });

    expect(addresses()).toEqual([null]);
  });

  it('reports the client, method and route of a request, without its query', async () => {
    const headers = { 'x-auth-token': X_AUTH_TOKEN, 'user-agent': 'shop/1' };
    await get('/items/7?secret=x', headers);

    const form = new URLSearchParams(latchkey.to('/auth/introspect')[0]?.body);
    expect(Object.fromEntries(form)).toMatchObject({ agent: 'shop/1', method: 'GET', route: '/items/:id' });
  });

  it('serves a public route without a token', async () => {
    expect(await get('/open')).toMatchObject({ status: 200, text: 'open' });
  });

  it('returns 404 for a route that does not exist, at least with a token', async () => {
    expect(await get('/missing', { 'x-auth-token': X_AUTH_TOKEN })).toMatchObject({ status: 404 });
  });

  it('returns 401 with a challenge without a token', async () => {
    const { status, headers, text } = await get('/orders');

    expect(status).toBe(401);
    expect(headers).toMatchObject({
      'www-authenticate': 'XAuthToken realm="latchkey"',
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(JSON.parse(text)).toEqual({
      type: 'https://auth.example.com/problems/unauthenticated',
      title: 'Unauthenticated',
      status: 401,
      detail: 'No credentials were sent. Log in to Latchkey, and send the token in X-Auth-Token.',
      code: 'unauthenticated',
      traceId: headers['x-request-id'],
    });
  });

  it('returns 401 with the reason of the server for a revoked token', async () => {
    latchkey.introspect = () => ({ active: false, reason: 'token_revoked' });

    const { status, headers, text } = await get('/me', { 'x-auth-token': X_AUTH_TOKEN });

    expect([status, headers['www-authenticate']]).toEqual([
      401,
      'XAuthToken realm="latchkey", error="token_revoked"',
    ]);
    expect(JSON.parse(text)).toMatchObject({ code: 'token_revoked' });
  });

  it('returns 403 with the missing permissions and roles', async () => {
    const { status, headers } = await get('/admin', { 'x-auth-token': X_AUTH_TOKEN });

    expect(status).toBe(403);
    expect(headers).toMatchObject({
      'www-authenticate':
        'XAuthToken realm="latchkey", error="insufficient_scope", scope="orders:read orders:delete"',
      'x-auth-error': 'insufficient_scope',
      'x-auth-missing-permissions': 'orders:delete',
      'x-auth-missing-roles': 'owner',
    });
  });

  it.each<[string, Record<string, string | string[]>]>([
    ['two X-Auth-Token', { 'x-auth-token': [X_AUTH_TOKEN, X_AUTH_TOKEN] }],
    ['two Authorization', { authorization: [`Bearer ${SECRET}`, 'Basic YTpi'] }],
    ['two tokens', { 'x-auth-token': OTHER, authorization: `Bearer ${SECRET}` }],
  ])('returns 400 for %s', async (_, headers) => {
    expect(await get('/me', headers)).toMatchObject({
      status: 400,
      text: expect.stringContaining('ambiguous_credentials'),
    });
    expect(latchkey.to('/auth/introspect')).toEqual([]);
  });

  it.each(['Basic YW5uYTpwYXNzd29yZA==', 'Bearer x', 'x'])(
    'returns 401 for Authorization: %s',
    async (authorization) => {
      expect(await get('/me', { authorization })).toMatchObject({
        status: 401,
        text: expect.stringContaining('Authorization: Bearer takes the token.'),
      });
    },
  );

  describe('with acceptBasic', () => {
    const BASIC = { authorization: `Basic ${X_AUTH_TOKEN}` };

    it('accepts a token as the password, and verifies it together with the name of the user', async () => {
      expect(await get('/me', BASIC, appWithBasic)).toMatchObject({ status: 200, text: 'anna' });

      const [{ body } = { body: '' }] = latchkey.to('/auth/introspect');
      expect(new URLSearchParams(body).get('token')).toBe(X_AUTH_TOKEN);
    });

    it('rejects a password with an explanation, and does not forward it', async () => {
      const { status, text } = await get(
        '/me',
        { authorization: 'Basic YW5uYTpwYXNzd29yZA==' },
        appWithBasic,
      );

      expect(status).toBe(401);
      expect(JSON.parse(text)).toMatchObject({
        code: 'unauthenticated',
        detail: expect.stringContaining('a token as the password'),
      });
      expect(latchkey.requests.filter(({ path }) => path !== '/auth/revocations')).toEqual([]);
    });

    it.each<[string, Record<string, string>, string]>([
      ['without a token', {}, ''],
      ['with a revoked token', BASIC, ', error="token_revoked"'],
      ['with a malformed token', { 'x-auth-token': 'x' }, ', error="invalid_token"'],
    ])('offers Basic first in the challenge of a request %s', async (_, headers, error) => {
      latchkey.introspect = () => ({ active: false, reason: 'token_revoked' });

      expect((await get('/me', headers, appWithBasic)).headers).toMatchObject({
        'www-authenticate': `Basic realm="latchkey", charset="UTF-8", XAuthToken realm="latchkey"${error}`,
      });
    });

    it('does not offer Basic to scripts in browsers', async () => {
      const { headers } = await get('/me', { 'x-requested-with': 'XMLHttpRequest' }, appWithBasic);

      expect(headers).toMatchObject({ 'www-authenticate': 'XAuthToken realm="latchkey"' });
    });

    it('returns 400 for two different credentials', async () => {
      expect(await get('/me', { ...BASIC, 'x-auth-token': OTHER }, appWithBasic)).toMatchObject({
        status: 400,
      });
    });

    it('accepts the same credentials in both header fields', async () => {
      expect(await get('/me', { ...BASIC, 'x-auth-token': X_AUTH_TOKEN }, appWithBasic)).toMatchObject({
        status: 200,
      });
    });
  });

  it('returns 503 with a time to retry while Latchkey is away', async () => {
    latchkey.introspect = () => Promise.reject(new TypeError('fetch failed'));

    const { status, headers, text } = await get('/me', { 'x-auth-token': X_AUTH_TOKEN });

    expect([status, headers['retry-after']]).toEqual([503, '2']);
    expect(text).not.toContain('latchkey.test');
  });

  if (framework !== 'Express') {
    it('returns 403 for a route without a policy, to everyone', async () => {
      const closed = { status: 403, text: expect.stringContaining('closed to everyone') };

      expect(await get('/closed', { 'x-auth-token': X_AUTH_TOKEN })).toMatchObject(closed);
      expect(await get('/closed')).toMatchObject(closed);
    });
  }

  if (framework.startsWith('Nest')) {
    it('applies the decorator of a method instead of that of its class', async () => {
      expect(await get('/class/open')).toMatchObject({ status: 200 });
      expect(await get('/class/me')).toMatchObject({ status: 401 });
      expect(await get('/strict/open')).toMatchObject({ status: 200 });
    });

    it.each(['read', 'authenticated'])(
      'replaces the permissions of the class on the method %s',
      async (method) => {
        expect(await get(`/strict/${method}`, { 'x-auth-token': X_AUTH_TOKEN })).toMatchObject({
          status: 200,
        });
      },
    );

    it.each(['inherited', 'authenticated-above', 'authenticated-below', 'two', 'roles'])(
      'requires the permissions of all decorators of the method %s',
      async (method) => {
        const { status, headers } = await get(`/strict/${method}`, { 'x-auth-token': X_AUTH_TOKEN });

        expect([status, headers['x-auth-missing-permissions']]).toEqual([403, 'orders:write']);
      },
    );

    it('requires the roles of all decorators of a method', async () => {
      const { status, headers } = await get('/strict/two-roles', { 'x-auth-token': X_AUTH_TOKEN });

      expect([status, headers['x-auth-missing-roles']]).toEqual([403, 'owner']);
    });
  }
});

describe('Express', () => {
  it('reports the path without tokens if middleware verifies a request before its route is known', async () => {
    const latchkey = new FakeLatchkey();
    latchkey.introspect = () => ({ active: false, reason: 'token_revoked' });
    const options = { url: 'http://latchkey.test', token: 'own', fetch: latchkey.fetch };
    const app = await startExpress({ ...options, onWarning: () => undefined });
    const { port } = app.server.address() as AddressInfo;

    const url = `http://127.0.0.1:${port}/me/${SECRET}?page=2`;
    await fetch(url, { headers: { 'x-auth-token': X_AUTH_TOKEN } });
    await app.close();

    const form = new URLSearchParams(latchkey.to('/auth/introspect')[0]?.body);
    expect(form.get('route')).toBe('/me/?');
  });
});

describe('Nest', () => {
  it.each([
    ['Fastify', FastifyAdapter],
    ['Express', ExpressAdapter],
  ])('lets an exception filter of the application send the body with %s', async (_, Adapter) => {
    const app = await NestFactory.create<INestApplication<Server>>(
      rootModule({
        url: 'http://latchkey.test',
        token: 'own',
        fetch: new FakeLatchkey().fetch,
        onWarning: () => undefined,
      }),
      new Adapter(),
      { logger: false },
    );
    app.useGlobalFilters({
      catch: (error: HttpException, host: ArgumentsHost) =>
        host
          .switchToHttp()
          .getResponse<FastifyReply>()
          .status(error.getStatus())
          .send({ message: 'Sign in.' }),
    });
    await app.listen(0, '127.0.0.1');

    const response = await fetch(`${await app.getUrl()}/me`);

    expect([response.status, await response.text()]).toEqual([401, '{"message":"Sign in."}']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'www-authenticate': 'XAuthToken realm="latchkey"',
    });
    await app.close();
  });
});

describe('Express', () => {
  it('survives a request that other middleware has responded to', async () => {
    const verifier = createVerifier({
      url: 'http://latchkey.test',
      token: 'own',
      fetch: new FakeLatchkey().fetch,
      onWarning: () => undefined,
    });
    const request = { headers: { 'x-auth-token': X_AUTH_TOKEN }, rawHeaders: [], socket: {} };
    const response = {
      get headersSent() {
        handled();
        return true;
      },
      writeHead: jest.fn(() => {
        handled();
        throw new Error('Cannot write headers after they are sent to the client');
      }),
    };
    let handled!: () => void;
    const done = new Promise<void>((resolve) => {
      handled = resolve;
    });
    const next = jest.fn(() => handled());

    createGuard(verifier)()(request as never, response as never, next);
    await done;
    await turns();

    expect(response.writeHead).not.toHaveBeenCalled();
    expect(next).not.toHaveBeenCalled();
    await verifier.close();
  });
});
