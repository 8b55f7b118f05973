import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { parse } from 'yaml';
import { basic, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { sendLines } from '../support/raw-http.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

describe('problems', () => {
  let asUser: Headers;

  beforeAll(async () => {
    const user = newUser();
    await server.client.createUser(user, asAdmin);
    asUser = await server.client.loginHeaders(user.name, PASSWORD);
  });

  const lines = (headers: Headers) => Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const send = (method: string, path: string, headers: Headers = {}, body = '') =>
    sendLines(
      server.client.baseUrl,
      [
        `${method} ${path} HTTP/1.1`,
        ...lines(headers),
        ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
      ],
      body,
    );

  describe('a problem', () => {
    const read: [string, string, (bytes: Uint8Array) => unknown][] = [
      [
        'application/json',
        'application/problem+json; charset=utf-8',
        (bytes) => JSON.parse(text(bytes)) as unknown,
      ],
      ['application/yaml', 'application/yaml; charset=utf-8', (bytes) => parse(text(bytes)) as unknown],
    ];
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    const ask = async (accept: string, path: string) => {
      const response = await fetch(server.client.baseUrl + path, { headers: { ...asAdmin, Accept: accept } });
      return { headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) };
    };

    it.each(read)('is written for %s as %s', async (accept, contentType, decoded) => {
      const { headers, bytes } = await ask(accept, '/users?size=0&unknown=1');

      expect(headers.get('content-type')).toBe(contentType);
      expect(decoded(bytes)).toMatchObject({
        type: '/problems/invalid_parameter',
        title: 'Invalid parameter',
        status: 400,
        code: 'invalid_parameter',
        traceId: headers.get('x-request-id'),
        errors: expect.arrayContaining([
          { pointer: '/unknown', code: 'unknown_member', message: 'there is no member unknown' },
        ]),
      });
    });

    it('is written for application/xml as application/problem+xml', async () => {
      const { headers, bytes } = await ask('application/xml', '/nowhere');

      expect(headers.get('content-type')).toBe('application/problem+xml; charset=utf-8');
      expect(text(bytes)).toMatch(/^<\?xml [^>]+\?><problem[ >].*<code>not_found<\/code>.*<\/problem>$/);
    });

    it('escapes the input it quotes', async () => {
      const { bytes } = await ask('application/xml', `/users?${encodeURIComponent('<x>&\u0001')}=1`);

      expect(text(bytes)).toContain('/&lt;x&gt;&amp;\uFFFD');
      expect(text(bytes)).not.toContain('<x>');
    });
  });

  describe('a route with one media type', () => {
    it.each([
      ['/openapi.json', 'application/json'],
      ['/.well-known/latchkey', 'application/json'],
      ['/docs', 'text/html'],
      ['/auth/verify', undefined],
    ])('ignores Accept: %s', async (path, type) => {
      for (const accept of ['image/png', 'application/yaml', '*/*;q=0']) {
        const { status, headers } = await send('GET', path, { ...asAdmin, Accept: accept });

        expect([status, headers['content-type']?.split(';')[0]]).toEqual([200, type]);
      }
    });
  });

  describe('the order of errors', () => {
    const big = { 'Content-Type': 'application/json', 'Content-Length': '200000' };
    const odd = { Accept: 'image/png', 'Content-Type': 'text/nonsense' };
    const twice = { ...big, 'X-Auth-Token': 'a', 'x-auth-token': 'b' };
    const wrong = { Authorization: basic('admin', 'a wrong password') };

    it.each<[string, string, string, number, () => Headers]>([
      ['an unknown path before credentials', 'POST', '/nowhere', 404, () => ({ ...odd, ...twice })],
      ['an unknown method before credentials', 'PUT', '/users', 405, () => ({ ...odd, ...twice })],
      ['repeated credentials before wrong ones', 'POST', '/users', 400, () => ({ ...odd, ...twice })],
      ['401 before 406', 'GET', '/users', 401, () => odd],
      ['401 before 415', 'POST', '/users', 401, () => ({ ...odd, 'Content-Length': '0' })],
      ['401 before 413', 'POST', '/users', 401, () => big],
      ['401 before 413 at login', 'POST', '/auth/login', 401, () => ({ ...wrong, ...big })],
      ['401 before 406 at login', 'POST', '/auth/login', 401, () => ({ ...wrong, ...odd })],
      ['401 before 400', 'GET', '/users?nonsense=1', 401, () => ({})],
      ['403 before 406', 'GET', '/users', 403, () => ({ ...asUser, ...odd })],
      ['403 before 413', 'POST', '/users', 403, () => ({ ...asUser, ...big })],
      ['403 before 400', 'GET', '/users?nonsense=1', 403, () => asUser],
      ['406 before 413', 'POST', '/users', 406, () => ({ ...asAdmin, ...odd, 'Content-Length': '200000' })],
      ['406 before 400', 'GET', '/users?nonsense=1', 406, () => ({ ...asAdmin, ...odd })],
      ['406 before 404 of an object', 'DELETE', '/tokens/x', 406, () => ({ ...asAdmin, ...odd })],
    ])('is %s', async (_, method, path, status, headers) => {
      expect((await send(method, path, headers())).status).toBe(status);
    });

    it('is 415 before 422', async () => {
      expect((await send('POST', '/users', { ...asAdmin, 'Content-Type': 'text/plain' }, '{}')).status).toBe(
        415,
      );
    });
  });

  describe('an unsupported method', () => {
    it.each([
      ['PUT', '/me', 'GET, HEAD, PATCH'],
      ['TRACE', '/me', 'GET, HEAD, PATCH'],
      ['DELETE', '/users', 'GET, HEAD, POST'],
      ['GET', '/auth/login', 'POST'],
      ['GET', '/auth/logout', 'POST'],
      ['TRACE', '/auth/login', 'POST'],
      ['OPTIONS', '/auth/login', 'POST'],
      ['PUT', '/tokens/x', 'DELETE, GET, HEAD, PATCH'],
      ['PROPFIND', '/auth/verify', 'GET, HEAD'],
    ])('returns 405 with Allow: %s %s', async (method, path, allow) => {
      const { status, headers, body } = await send(method, path);

      expect([status, headers.allow]).toEqual([405, allow]);
      expect((JSON.parse(body) as ProblemDto).code).toBe('method_not_allowed');
    });

    it('returns 404 without Allow when the path is unknown', async () => {
      const { status, headers } = await send('TRACE', '/nowhere');

      expect([status, headers.allow]).toEqual([404, undefined]);
    });
  });
});
