import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { basic, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { sendBytes, sendLines } from '../support/raw-http.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

describe('bodies', () => {
  const JSON_TYPE = 'application/json';
  const LIMIT = 102_400;

  /** Sends bytes as the body of POST /users and returns the problem. */
  async function post(
    body: string | Uint8Array,
    contentType: string | null = JSON_TYPE,
    headers: Headers = {},
  ) {
    const response = await fetch(`${server.client.baseUrl}/users`, {
      method: 'POST',
      headers: { ...asAdmin, ...(contentType !== null && { 'Content-Type': contentType }), ...headers },
      body: typeof body === 'string' ? Buffer.from(body) : Buffer.from(body),
    });
    const problem = (await response.json()) as ProblemDto;
    return {
      status: response.status,
      code: problem.code,
      pointers: problem.errors?.map(({ pointer }) => pointer),
    };
  }

  const validUser = () => JSON.stringify(newUser());
  const nested = (levels: number) => `{"name":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;

  // Covers B18 in docs/explanation/security.md.
  describe('the media type of a body', () => {
    it.each([
      JSON_TYPE,
      'Application/JSON',
      'application/json; charset=utf-8',
      'application/json;charset="UTF-8"',
      'application/json;foo=bar',
      'application/json; profile="a;charset=latin1"; charset=utf-8',
    ])('accepts %s', async (type) => {
      expect((await post(validUser(), type)).status).toBe(201);
    });

    it.each([
      null,
      'text/plain',
      'text/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json; charset=utf-16',
      'application/json; charset=latin1',
      'application/json;foo=bar;charset=utf-16',
      'application/jsonx',
      'application/json garbage',
      'application/json\ttext/plain',
      'application/xml',
      'nonsense',
    ])('returns 415 for %j', async (type) => {
      expect(await post(validUser(), type)).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    });

    it('returns 415 for a compressed body, without decompressing it', async () => {
      const bomb = gzipSync(Buffer.alloc(10_000_000, ' '));

      expect((await post(bomb, JSON_TYPE, { 'Content-Encoding': 'gzip' })).status).toBe(415);
    });

    it('is ignored when the request has no body', async () => {
      const headers = { Authorization: basic(ADMIN.name, ADMIN.password), 'Content-Type': 'text/plain' };

      expect((await server.client.request('POST', '/auth/login', { headers })).status).toBe(200);
    });
  });

  // Covers B18 in docs/explanation/security.md.
  describe('the size of a body', () => {
    it('accepts 100 KiB', async () => {
      expect((await post(validUser().padEnd(LIMIT))).status).toBe(201);
    });

    it('returns 413 for one byte more', async () => {
      expect(await post(validUser().padEnd(LIMIT + 1))).toMatchObject({
        status: 413,
        code: 'payload_too_large',
      });
    });

    it('returns 413 before a body with a declared length arrives, and closes the connection', async () => {
      const { status, headers } = await sendBytes(
        server.client.baseUrl,
        `POST /users HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${asAdmin['X-Auth-Token']}\r\n` +
          `Content-Type: ${JSON_TYPE}\r\nContent-Length: 1000000000\r\n\r\n`,
      );

      expect([status, headers.connection]).toEqual([413, 'close']);
    });

    /** Opens a connection on which the client can send after the server has ended its side. */
    function openConnection(): Socket {
      const { hostname, port } = new URL(server.client.baseUrl);
      return connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    }

    it.each([
      ['413', () => `X-Auth-Token: ${asAdmin['X-Auth-Token']}`],
      ['401', () => 'Connection: close'],
    ])('reads the rest of the body after a %s that closes the connection', async (status, field) => {
      const socket = openConnection();
      socket.write(
        `POST /users HTTP/1.1\r\nHost: x\r\n${field()}\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: 1000000\r\n\r\n`,
      );
      const [response] = (await once(socket, 'data')) as [Buffer];
      const isClosed = once(socket, 'close');

      // Proxies report an error when they can no longer send, and ignore the response.
      for (let sent = 0; sent < 1_000_000; sent += 100_000) {
        socket.write(' '.repeat(100_000));
        await new Promise(setImmediate);
      }
      socket.end();

      expect(String(response)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      // Rejects if the connection fails.
      await expect(isClosed).resolves.toEqual([false]);
    });

    it('reads no more than 4 MiB of it', async () => {
      const socket = openConnection();
      socket.write(
        `POST /users HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${asAdmin['X-Auth-Token']}\r\nContent-Length: 1000000000\r\n\r\n`,
      );
      await once(socket, 'data');
      const isClosed = new Promise((resolve) => socket.on('error', resolve));

      let sent = 0;
      while (!socket.destroyed && sent < 100_000_000) {
        sent += 1_000_000;
        if (!socket.write(' '.repeat(1_000_000))) {
          await Promise.race([once(socket, 'drain').catch(() => undefined), isClosed]);
        }
      }

      expect(sent).toBeLessThan(20_000_000);
    });

    it.each([
      [1_000, 201],
      [1_001, 413],
    ])('for a body in %s chunks returns %s', async (count, expected) => {
      const user = validUser();
      const spaces = '1\r\n \r\n'.repeat(count - 1);
      const chunks = `${spaces}${user.length.toString(16)}\r\n${user}\r\n0\r\n\r\n`;

      const { status } = await sendLines(
        server.client.baseUrl,
        [
          'POST /users HTTP/1.1',
          `X-Auth-Token: ${asAdmin['X-Auth-Token']}`,
          `Content-Type: ${JSON_TYPE}`,
          'Transfer-Encoding: chunked',
        ],
        chunks,
      );

      expect(status).toBe(expected);
    });

    it('returns 413 for a chunked body as soon as it exceeds the limit', async () => {
      const chunk = `8000\r\n${' '.repeat(0x8000)}\r\n`;

      const { status } = await sendBytes(
        server.client.baseUrl,
        `POST /users HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${asAdmin['X-Auth-Token']}\r\n` +
          `Content-Type: ${JSON_TYPE}\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(4)}`,
      );

      expect(status).toBe(413);
    });

    it('accepts a chunked body', async () => {
      const body = validUser();

      const { status } = await sendLines(
        server.client.baseUrl,
        [
          'POST /users HTTP/1.1',
          `X-Auth-Token: ${asAdmin['X-Auth-Token']}`,
          `Content-Type: ${JSON_TYPE}`,
          'Transfer-Encoding: chunked',
        ],
        `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
      );

      expect(status).toBe(201);
    });
  });

  // Covers B18 in docs/explanation/security.md.
  describe('a body that cannot be parsed', () => {
    it.each<[string, string | Uint8Array]>([
      ['truncated JSON', '{"name": "a'],
      ['trailing text', '{"name":"a"} x'],
      ['single quotes', "{'name':'a'}"],
      ['a comment', '{/* */"name":"a"}'],
      ['a trailing comma', '{"name":"a",}'],
      ['whitespace', '   '],
      ['invalid UTF-8', Buffer.from('{"name":"\xFF"}', 'latin1')],
      ['UTF-16', Buffer.from('{"name":"a"}', 'utf16le')],
      ['JSON 33 levels deep', nested(33)],
      ['JSON 10,000 levels deep', nested(10_000)],
    ])('returns 400 for %s', async (_, body) => {
      expect(await post(body)).toMatchObject({ status: 400, code: 'malformed_request' });
    });

    it('returns 422, not 400, for JSON 32 levels deep', async () => {
      expect(await post(nested(32))).toMatchObject({ status: 422, pointers: ['/name'] });
    });
  });

  describe('a body that is valid JSON and not a valid request', () => {
    it.each(['[]', '"text"', '7', 'true', 'null', '[{"name":"a"}]'])('returns 422 for %s', async (body) => {
      expect(await post(body)).toMatchObject({ status: 422, code: 'validation_failed', pointers: [''] });
    });

    it('returns 422 for a lone surrogate in a member name', async () => {
      expect((await post('{"name":"aa","\\ud83d":1}')).status).toBe(422);
    });
  });

  describe('a body with too many members', () => {
    const members = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, 1]));

    it('returns 422 with 20 errors and the number of further errors', async () => {
      const { status, body } = await server.client.request<ProblemDto>('POST', '/users', {
        headers: asAdmin,
        body: members(90),
      });

      expect([status, body.errors?.length]).toEqual([422, 20]);
      expect(body.detail).toContain('Errors not listed: 71.');
    });

    it.each<[string, string, object]>([
      ['/users', '', members(101)],
      ['/users', '/roles', { roles: Array.from({ length: 151 }, () => 'user') }],
      ['/tokens/bulk', '/ids', { action: 'revoke', ids: Array.from({ length: 1_101 }, () => 'x') }],
    ])('returns a single error from POST %s when "%s" has too many values', async (path, pointer, body) => {
      const answer = await server.client.request<ProblemDto>('POST', path, { headers: asAdmin, body });

      expect([answer.status, answer.body.errors]).toEqual([
        422,
        [
          {
            pointer,
            code: 'too_many_values',
            message:
              'the body may have at most 100 members and array items in addition to those of its schema',
          },
        ],
      ]);
    });

    it('counts the members of a form', async () => {
      const form = new URLSearchParams(
        Object.entries(members(101)).map(([name, value]) => [name, String(value)] as [string, string]),
      );

      const { status, body } = await server.client.introspect(String(form), asAdmin);

      expect([status, body.errors?.[0]?.code]).toEqual([400, 'too_many_values']);
    });
  });

  describe('a body with a duplicate member', () => {
    it.each([
      ['{"name":"aa","name":"bb"}', '/name'],
      ['{"name":"aa","roles":["user"],"r\\u006fles":["admin"]}', '/roles'],
    ])('returns 400 and changes nothing for %s', async (body, pointer) => {
      expect(await post(body)).toMatchObject({ status: 400, code: 'malformed_request', pointers: [pointer] });
      expect((await server.client.users(asAdmin, '?q=aa')).body.total).toBe(0);
    });
  });

  describe('a body on a route that expects none', () => {
    const routes = ['POST /auth/bump', 'POST /auth/logout', 'DELETE /me/tokens', 'DELETE /roles/nobodys'];
    const send = async (route: string, body: string, type = JSON_TYPE) => {
      const [method = '', path = ''] = route.split(' ');
      const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
      const answer = await fetch(server.client.baseUrl + path, {
        method,
        headers: { ...headers, 'Content-Type': type },
        body,
      });
      const isAlive = (await server.client.me(headers)).status === 200;
      return { status: answer.status, problem: (await answer.json()) as ProblemDto, isAlive };
    };

    it.each(routes)('returns 422 for a member and does nothing on %s', async (route) => {
      const { status, problem, isAlive } = await send(route, '{"everything":true}');

      expect([status, problem.code, isAlive]).toEqual([422, 'validation_failed', true]);
      expect(problem.errors).toEqual([
        { pointer: '/everything', code: 'unknown_member', message: 'there is no member everything' },
      ]);
    });

    it.each([
      ['junk', JSON_TYPE, 400],
      ['junk', 'text/plain', 415],
      ['[]', JSON_TYPE, 422],
      ['{"a":1,"a":2}', JSON_TYPE, 400],
    ])('validates %j as %s and returns %s', async (body, type, expected) => {
      expect(await send('POST /auth/bump', body, type)).toMatchObject({ status: expected, isAlive: true });
    });

    it.each(['', '{}', ' {} '])('accepts %j', async (body) => {
      expect((await send('POST /auth/bump', body)).status).toBe(200);
    });

    it('accepts an empty chunked body without a media type', async () => {
      const { status } = await sendLines(
        server.client.baseUrl,
        [
          'POST /auth/bump HTTP/1.1',
          `X-Auth-Token: ${asAdmin['X-Auth-Token']}`,
          'Transfer-Encoding: chunked',
        ],
        '0\r\n\r\n',
      );

      expect(status).toBe(200);
    });

    it('is ignored by GET', async () => {
      const { status } = await sendLines(
        server.client.baseUrl,
        ['GET /me HTTP/1.1', `X-Auth-Token: ${asAdmin['X-Auth-Token']}`, 'Content-Length: 4'],
        'junk',
      );

      expect(status).toBe(200);
    });
  });

  describe('the order of errors', () => {
    const wrong = { type: 'text/plain', body: 'x'.repeat(LIMIT + 1) };
    const statusOf = async (method: string, path: string, headers: Headers, { type, body } = wrong) => {
      const answer = await fetch(server.client.baseUrl + path, {
        method,
        headers: { ...headers, 'Content-Type': type },
        body,
      });
      return answer.status;
    };

    it.each([
      ['POST', '/users?nonsense=1'],
      ['DELETE', '/tokens/some-id?nonsense=1'],
      ['DELETE', '/tokens/some-id?descendants=maybe'],
    ])(
      'is 401, then 406, then 400 for parameters, before errors in the body: %s %s',
      async (method, path) => {
        expect(await statusOf(method, path, {})).toBe(401);
        expect(await statusOf(method, path, { ...asAdmin, Accept: 'image/png' })).toBe(406);
        expect(await statusOf(method, path, asAdmin)).toBe(400);
        expect(await statusOf(method, path, asAdmin, { type: 'text/plain', body: 'x' })).toBe(400);
        expect(await statusOf(method, path.split('?')[0] ?? '', asAdmin)).toBe(413);
      },
    );

    it('is 403 before 400 for parameters', async () => {
      const user = newUser();
      await server.client.createUser({ ...user, roles: ['user'] }, asAdmin);

      const asUser = await server.client.loginHeaders(user.name, PASSWORD);

      expect(await statusOf('POST', '/users?nonsense=1', asUser)).toBe(403);
    });
  });
});

describe('an invalid Content-Type', () => {
  it.each(['/auth/login', '/auth/bump', '/auth/logout'])(
    'returns 401, not 415, without credentials on %s',
    async (path) => {
      const { status } = await server.client.request('POST', path, { headers: { 'Content-Type': 'foo' } });

      expect(status).toBe(401);
    },
  );

  it('returns 415 with a body once the caller is authenticated', async () => {
    const answer = await fetch(`${server.client.baseUrl}/auth/login`, {
      method: 'POST',
      headers: { Authorization: basic(ADMIN.name, ADMIN.password), 'Content-Type': 'foo' },
      body: '{}',
    });

    expect(answer.status).toBe(415);
  });
});

describe('a body of 300 KB on a route that expects none', () => {
  it('returns 413', async () => {
    const answer = await fetch(`${server.client.baseUrl}/auth/bump`, {
      method: 'POST',
      headers: { ...asAdmin, 'Content-Type': 'text/plain' },
      body: 'x'.repeat(300_000),
    });

    expect(answer.status).toBe(413);
  });
});

describe('the code of a failed validation', () => {
  it('keeps acronyms together', async () => {
    const { body } = await server.client.login(ADMIN.name, ADMIN.password, {
      body: { expirationTime: 'soon' },
    });

    expect(body.errors?.map(({ code }) => code)).toContain('is_rfc3339');
  });
});

describe('validation errors', () => {
  const user = newUser();

  beforeAll(async () => {
    expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
  });

  const rejection = async (method: string, path: string, body?: object) => {
    const answer = await server.client.request<ProblemDto>(method, path, { headers: asAdmin, body });
    return {
      status: answer.status,
      detail: answer.body.detail,
      errors: (answer.body.errors ?? []).map(({ pointer, code, message }) => [pointer, code, message]),
    };
  };

  describe('the errors of a rejected body', () => {
    it.each<[string, string, object, string[][]]>([
      [
        'POST',
        '/auth/set-up',
        {},
        [
          ['/password', 'missing', 'password is missing'],
          ['/secret', 'missing', 'secret is missing'],
        ],
      ],
      ['POST', '/users/bulk', { action: 'disable' }, [['/ids', 'missing', 'send ids or filter']]],
      [
        'POST',
        '/users',
        { name: 'x', roles: 'user', enabled: 'yes' },
        [
          ['/enabled', 'is_boolean', 'enabled must be true or false'],
          ['/roles', 'is_array', 'roles must be a list'],
        ],
      ],
      ['PATCH', '/me', { version: '1' }, [['/version', 'is_int', 'version must be a whole number']]],
      [
        'POST',
        '/users/bulk',
        { action: 'enable', filter: { enabled: 'no' } },
        [['/filter/enabled', 'is_boolean', 'enabled must be true or false']],
      ],
      [
        'POST',
        '/users/bulk',
        { action: 'enable', filter: ['x'] },
        [['/filter', 'is_object', 'filter must be an object']],
      ],
    ])('have one sentence for each member: %s %s %j', async (method, path, body, errors) => {
      const answer = await rejection(method, path, body);

      expect([answer.status, answer.errors.sort()]).toEqual([422, errors]);
    });

    it('list the allowed members for an unknown one', async () => {
      expect(await rejection('PATCH', '/me', { nickname: 'x' })).toMatchObject({
        status: 422,
        detail: 'Known members: displayName, email, version.',
        errors: [['/nickname', 'unknown_member', 'there is no member nickname']],
      });
      expect(await rejection('POST', '/users/bulk', { action: 'enable', filter: { page: 1 } })).toMatchObject(
        {
          detail:
            'Known members of /filter: copiedPasskey, createdFrom, createdTo, enabled, inactiveDays, kind, lastLoginFrom, lastLoginTo, neverLoggedIn, permission, q, role, secondFactor.',
          errors: [['/filter/page', 'unknown_member', 'there is no member page']],
        },
      );
    });

    it('name the route that changes a password', async () => {
      const members = { version: 0, password: 'correct horse battery staple' };

      expect(await rejection('PATCH', `/users/${user.name}`, members)).toMatchObject({
        status: 422,
        errors: [['/password', 'changed_elsewhere', 'set a password with PUT /users/{name}/password']],
      });
      expect((await rejection('PATCH', '/me', members)).errors[0]?.[2]).toContain('PUT /me/password');
    });

    it.each(['short', 'short but not so'.slice(0, 10)])(
      'state the minimum length of this server at once: %s',
      async (password) => {
        const { status, errors } = await rejection('PUT', `/users/${user.name}/password`, { password });

        expect([status, errors.length]).toEqual([422, 1]);
        expect(errors[0]?.[2]).toMatch(/^password must have (15 to 256 printable|at least 15) characters$/);
      },
    );
  });

  describe('the errors of a rejected parameter', () => {
    it.each([
      ['page=99999999999999999999', ['/page', 'max', 'page must not be greater than 1000000']],
      ['page=-1', ['/page', 'min', 'page must not be less than 1']],
      ['page=two', ['/page', 'is_int', 'page must be a whole number']],
      ['enabled=yes', ['/enabled', 'is_boolean', 'enabled must be true or false']],
    ])('have one sentence: %s', async (query, error) => {
      const { status, errors } = await rejection('GET', `/users?${query}`);

      expect([status, errors]).toEqual([400, [error]]);
    });
  });
});
