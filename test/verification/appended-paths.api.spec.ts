import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { type RawResponse, sendBytes } from '../support/raw-http.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);
let asUser: Headers;

beforeAll(async () => {
  const user = newUser({ roles: ['auditor'] });
  await server.client.createUser(user, asAdmin);
  asUser = tokenHeader((await server.client.login(user.name, PASSWORD)).body);
});

/** Sends the check of a gateway that keeps the method, and appends the path of its client. */
function check(method: string, path: string, headers = asUser, body?: string): Promise<RawResponse> {
  const fields = Object.entries({ ...headers, 'Content-Length': String(body?.length ?? 0) });
  return sendBytes(
    server.client.baseUrl,
    [
      `${method} /auth/verify${path} HTTP/1.1`,
      'Host: latchkey.test',
      'Connection: close',
      ...fields.map(([name, value]) => `${name}: ${value}`),
      '',
      body ?? '',
    ].join('\r\n'),
  );
}

describe('/auth/verify/{demands}/…', () => {
  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])(
    'verifies the token of a %s request',
    async (method) => {
      const { status, headers } = await check(method, '/permission=audit:read/orders/5?token=x&q=1');

      expect([status, headers['x-auth-roles']]).toEqual([200, 'auditor']);
      expect((await check(method, '/permission=audit:read/', {})).status).toBe(401);
    },
  );

  it('does not read the body', async () => {
    expect((await check('POST', '/api=audit/orders', asUser, 'x'.repeat(200_000))).status).toBe(200);
  });

  it.each([
    ['a permission that the token lacks', '/permission=users:write/orders', 'insufficient_scope'],
    ['one of several demands', '/permission=audit:read&role=admin/', 'insufficient_scope'],
    ['a misspelt demand', '/permision=audit:read/orders', 'invalid_request'],
    ['a permission in another form', '/permission=orders%2fread/orders', 'invalid_request'],
    ['a path instead of demands', '/orders/5', 'invalid_request'],
    ['a path up instead of demands', '/../tokens', 'invalid_request'],
    ['no demands', '//orders', 'invalid_request'],
    ['only separators of demands', '/&&/orders', 'invalid_request'],
    ['an empty path', '/', 'invalid_request'],
    ['demands in the path of the client only', '/x/permission=audit:read/', 'invalid_request'],
    ['a slash encoded after the demands', '/permission=audit:read%2forders', 'invalid_request'],
  ])('returns 403 for %s', async (_, path, code) => {
    const { status, headers } = await check('GET', path);

    expect([status, headers['x-auth-error']]).toEqual([403, code]);
  });

  it('ignores what the client appends', async () => {
    for (const path of [
      '../../auth/login',
      '%2e%2e%2ftokens',
      `${'x'.repeat(8_000)}`,
      'a//b',
      '?role=admin',
    ]) {
      expect((await check('GET', `/permission=audit:read/${path}`)).status).toBe(200);
    }
  });

  it('does not accept a request line of more than 16 KiB', async () => {
    expect((await check('GET', `/permission=audit:read/${'x'.repeat(17_000)}`)).status).not.toBe(200);
  });
});
