import { beforeAll, describe, expect, it } from '@jest/globals';
import { basic, tokenHeader, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { sendLines } from '../support/raw-http.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);
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

  it('returns 401 after log-out', async () => {
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
    ['?q=%ff', 200],
    ['?role=user&page=x&size=0&unknown=1', 200],
    ['?token=x&q=lk_1', 200],
    ['?%zz', 200],
    ['?', 200],
  ])('for %s returns %i', async (query, expected) => {
    const { status, text } = await verify(asUser, query);

    expect([status, text]).toEqual([expected, '']);
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
