import { beforeAll, describe, expect, it } from '@jest/globals';
import { ProblemDto } from '@latchkey/auth-models';
import { parse } from 'yaml';
import { basic, type Headers, tokenHeader } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { type RawResponse, sendBytes, sendLines } from '../support/raw-http.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { readXmlRoot, type XmlElement } from '../support/xml-element.js';

const server = useServer();
const asAdmin = useAdmin(server);

describe('header fields', () => {
  let asAdmin: Headers;
  let lastToken: { expirationTime?: string; idleExpirationTime?: string };

  beforeAll(async () => {
    const { body } = await server.client.login(ADMIN.name, ADMIN.password);
    asAdmin = tokenHeader(body);
    lastToken = body;
  });

  const send = (...lines: string[]) => sendLines(server.client.baseUrl, lines);
  const bytes = (text: string) => sendBytes(server.client.baseUrl, text);

  /** One response of every kind, with its expected status. */
  const ANSWERS: [string, number, () => Promise<RawResponse>][] = [
    ['good', 200, () => send('GET /health/live HTTP/1.1')],
    ['good HEAD', 200, () => send('HEAD /health/live HTTP/1.1')],
    ['authenticated', 200, () => send('GET /me HTTP/1.1', `X-Auth-Token: ${asAdmin['X-Auth-Token']}`)],
    ['bodyless', 200, () => send('GET /auth/verify HTTP/1.1', `X-Auth-Token: ${asAdmin['X-Auth-Token']}`)],
    ['fixed type', 200, () => send('GET /openapi.json HTTP/1.1')],
    ['redirect', 302, () => send('GET / HTTP/1.1')],
    ['unreadable address', 400, () => send('GET /%zz HTTP/1.1')],
    ['unreadable parameter', 400, () => send('DELETE /tokens/%ff HTTP/1.1')],
    ['credential in the address', 400, () => send('GET /me?token=x HTTP/1.1')],
    ['unauthenticated', 401, () => send('GET /me HTTP/1.1')],
    ['unauthenticated bodyless', 401, () => send('GET /auth/verify HTTP/1.1')],
    ['cross-origin session', 403, () => send('GET /auth/session HTTP/1.1')],
    ['unknown address', 404, () => send('GET /nowhere HTTP/1.1')],
    ['unknown method', 405, () => send('PUT /me HTTP/1.1')],
    ['TRACE', 405, () => send('TRACE /me HTTP/1.1')],
    ['long address', 414, () => send(`GET /me?${'x'.repeat(8_200)} HTTP/1.1`)],
    ['long header', 431, () => send('GET /me HTTP/1.1', `X-Long: ${'x'.repeat(17_000)}`)],
    ['no HTTP', 400, () => bytes('nonsense\r\n\r\n')],
    ['no method of HTTP', 400, () => send('FROB /me HTTP/1.1')],
    ['two lengths', 400, () => send('POST /auth/login HTTP/1.1', 'Content-Length: 1', 'Content-Length: 2')],
    [
      'smuggled',
      400,
      () => send('POST /auth/login HTTP/1.1', 'Content-Length: 1', 'Transfer-Encoding: chunked'),
    ],
    ['without Host', 400, () => bytes('GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n')],
    ['two Hosts', 400, () => send('GET /health/live HTTP/1.1', 'Host: other.test')],
    ['odd expectation', 401, () => send('POST /auth/login HTTP/1.1', 'Expect: a-miracle')],
  ];

  // Covers B49 in docs/explanation/security.md.
  describe.each(ANSWERS)('the header fields of a response: %s', (_, status, ask) => {
    it(`include the constant ones, with status ${status}`, async () => {
      const answer = await ask();

      expect(answer.status).toBe(status);
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        vary: expect.stringMatching(/^Accept, Origin(, Accept-Encoding)?$/),
      });
      expect(answer.headers['x-request-id']).toMatch(/^[\w-]{36}$/);
      expect(answer.headers['content-type'] ?? 'charset=utf-8').toContain('charset=utf-8');
      expect(Object.keys(answer.headers)).not.toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^(server|x-powered-by|access-control-allow-origin)$/),
        ]),
      );
      expect(answer.headers).not.toHaveProperty('strict-transport-security');
    });
  });

  describe('GET /openapi.json', () => {
    const fetchDocument = (headers: Headers = {}) =>
      server.client.request('GET', '/openapi.json', {
        headers: { 'Accept-Encoding': 'identity', ...headers },
      });

    it.each([
      ['br', 'gzip, deflate, br', 'br'],
      ['gzip', 'gzip;q=0.8, br;q=0', 'gzip'],
      ['no coding', 'identity', null],
      ['no coding', 'zstd', null],
    ])('is encoded with %s for Accept-Encoding: %s', async (_, accepted, encoding) => {
      const { headers, text } = await fetchDocument({ 'Accept-Encoding': accepted });

      expect(headers.get('content-encoding')).toBe(encoding);
      expect(headers.get('vary')).toBe('Accept, Origin, Accept-Encoding');
      expect(text).toBe((await fetchDocument()).text);
    });

    it('has a strong entity tag for each encoding', async () => {
      const codings = ['br', 'gzip', 'identity'];
      const answers = await Promise.all(
        codings.map((coding) => fetchDocument({ 'Accept-Encoding': coding })),
      );
      const tags = answers.map(({ headers }) => headers.get('etag'));

      expect(new Set(tags).size).toBe(3);
      expect(tags).toEqual(codings.map(() => expect.stringMatching(/^"[\w-]+"$/)));
    });

    it.each([
      ['its tag', (tag: string) => tag],
      ['its tag among others', (tag: string) => `"another", W/${tag}`],
      ['any tag', () => '*'],
    ])('returns 304 without a body when If-None-Match has %s', async (_, ifNoneMatch) => {
      const tag = (await fetchDocument()).headers.get('etag') ?? '';

      const { status, headers, text } = await fetchDocument({ 'If-None-Match': ifNoneMatch(tag) });

      expect([status, text, headers.get('etag')]).toEqual([304, '', tag]);
    });

    it('returns 200 when If-None-Match has the tag of another document', async () => {
      expect((await fetchDocument({ 'If-None-Match': '"another"' })).status).toBe(200);
    });
  });

  // Covers B56 in docs/explanation/security.md.
  describe('an error', () => {
    const withBody = ANSWERS.filter(([name, status]) => status >= 400 && !name.includes('bodyless'));

    it.each(withBody)('is a complete problem: %s', async (_, status, ask) => {
      const { headers, body } = await ask();

      const problem = JSON.parse(body) as ProblemDto;
      expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(problem).toMatchObject({
        type: `/problems/${problem.code}`,
        status,
        traceId: headers['x-request-id'],
      });
      expect(problem.title && problem.detail).toBeTruthy();
      expect(body).not.toMatch(/node_modules|\.js|\.ts|at \w+ \(|fastify|nest/i);
    });
  });

  // Covers B49 in docs/explanation/security.md.
  describe('an HTML page', () => {
    it.each(['/docs', '/docs/'])('has its own policy without unsafe scripts: %s', async (path) => {
      const { status, headers } = await send(`GET ${path} HTTP/1.1`);

      const policy = headers['content-security-policy'] ?? '';
      expect(status).toBe(200);
      expect(policy).toMatch(/^default-src 'self'.*object-src 'none'.*frame-ancestors 'none'/);
      expect(policy).not.toMatch(/script-src[^;]*unsafe|default-src[^;]*unsafe/);
      expect(headers['x-content-type-options']).toBe('nosniff');
    });
  });

  describe('Link', () => {
    const LINK = '</openapi.json>; rel="service-desc"';

    it('names the OpenAPI document, except with responses to gateways', async () => {
      const responses = [
        await server.client.me(asAdmin),
        await server.client.token('unknown', asAdmin),
        await server.client.users(asAdmin),
        await server.client.verify(asAdmin),
      ];

      const links = responses.map(({ headers }) => headers.get('link'));
      expect(links).toEqual([LINK, LINK, expect.stringContaining(`rel="last", ${LINK}`), null]);
    });
  });

  describe('X-Request-Id', () => {
    const askWith = async (id: string) =>
      (await send('GET /me HTTP/1.1', `X-Request-Id: ${id}`)).headers['x-request-id'];

    it.each(['abc-123', '01J9ZC4Q.a:b/c=+_', 'x'.repeat(64)])('is echoed: %s', async (id) => {
      expect(await askWith(id)).toBe(id);
    });

    it.each(['', 'x'.repeat(65), 'two words', '<script>', 'a"b', '\xFC', 'a\tb', '{"a":1}'])(
      'is replaced by a generated id when it is %j',
      async (id) => {
        expect(await askWith(id)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      },
    );

    it('is replaced by a generated id when it is sent twice', async () => {
      const { headers } = await send('GET /me HTTP/1.1', 'X-Request-Id: one', 'X-Request-Id: two');

      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('is the traceId in the problem, the log and the audit trail', async () => {
      const { body } = await server.client.login(ADMIN.name, 'a wrong password', {
        headers: { 'X-Request-Id': 'trace-me' },
      });

      const rows = await server.database.query(`SELECT 1 FROM audit_events WHERE "traceId" = 'trace-me'`);
      expect(body.traceId).toBe('trace-me');
      expect(rows).toHaveLength(1);
      expect(server.log).toContain('"traceId":"trace-me"');
    });
  });

  describe('traceparent', () => {
    const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
    const PARENT = '00f067aa0ba902b7';
    const askWith = async (...lines: string[]) =>
      (await send('GET /me HTTP/1.1', ...lines)).headers['x-request-id'];

    it.each([
      `00-${TRACE}-${PARENT}-01`,
      `00-${TRACE}-${PARENT}-00`,
      `cc-${TRACE}-${PARENT}-01-what-comes-later`,
    ])('is the source of the request id: %s', async (given) => {
      expect(await askWith(`traceparent: ${given}`)).toBe(TRACE);
    });

    it.each([
      '',
      TRACE,
      `00-${TRACE}-${PARENT}`,
      `00-${TRACE}-${PARENT}-01-more`,
      `cc-${TRACE}-${PARENT}-01more`,
      `ff-${TRACE}-${PARENT}-01`,
      `00-${TRACE.toUpperCase()}-${PARENT}-01`,
      `00-${'0'.repeat(32)}-${PARENT}-01`,
      `00-${TRACE}-${'0'.repeat(16)}-01`,
      `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`,
    ])('is ignored if it is invalid: %s', async (given) => {
      expect(await askWith(`traceparent: ${given}`)).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('is logged beside another request id', async () => {
      const id = await askWith(`traceparent: 00-${TRACE}-${PARENT}-01`, 'X-Request-Id: mine-too');

      expect(id).toBe('mine-too');
      expect(server.log).toContain(`"traceId":"mine-too","trace_id":"${TRACE}"`);
    });
  });

  describe('X-Auth-Token-Expires', () => {
    it('is the earlier expiry of the token, also on errors', async () => {
      const answers = [await server.client.me(asAdmin), await server.client.revokeToken('nothing', asAdmin)];

      expect(answers.map(({ status }) => status)).toEqual([200, 404]);
      for (const { headers } of answers) {
        expect(headers.get('x-auth-token-expires')).toBe(lastToken.idleExpirationTime);
      }
    });

    it('is absent without a token', async () => {
      const { headers } = await server.client.me({});

      expect(headers.has('x-auth-token-expires')).toBe(false);
    });
  });
});

describe('content negotiation', () => {
  const TYPES = ['application/json', 'application/xml', 'application/yaml'];

  beforeAll(async () => {
    await server.client.createUser(
      newUser({ name: 'odd', displayName: `<b>&amp; "x" 'y' ]]> \u{1F40E} ü`, email: 'a&b@example.org' }),
      asAdmin,
    );
  });

  /** Sends a request with fetch and returns the bytes. */
  async function ask(accept: string, path = '/me', headers: Headers = asAdmin, method = 'GET') {
    const response = await fetch(server.client.baseUrl + path, {
      method,
      headers: { ...headers, Accept: accept },
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    return {
      status: response.status,
      headers: response.headers,
      bytes,
      text: new TextDecoder().decode(bytes),
    };
  }

  const typeOf = async (...lines: string[]) => {
    const { status, headers } = await sendLines(server.client.baseUrl, [
      'GET /me HTTP/1.1',
      `X-Auth-Token: ${asAdmin['X-Auth-Token']}`,
      ...lines,
    ]);
    return status === 200 ? headers['content-type']?.split(';')[0] : status;
  };

  /** Returns the expected XML element: one element for each member, and `i` for each array item. */
  function toElement(name: string, value: unknown): XmlElement {
    if (typeof value !== 'object' || value === null) {
      return { name, text: String(value), children: [] };
    }
    const children = Array.isArray(value)
      ? value.map((item) => toElement('i', item))
      : Object.entries(value).map(([member, one]) => toElement(member, one));
    return { name, text: children.map(({ text }) => text).join(''), children };
  }

  describe('a response', () => {
    it.each(['/me', '/users?q=odd', '/health/live'])(
      'has the same content in every media type: %s',
      async (path) => {
        const json = JSON.parse((await ask('application/json', path)).text) as unknown;
        const [xml, yaml] = await Promise.all(TYPES.slice(1).map((type) => ask(type, path)));

        expect(parse(yaml?.text ?? '')).toEqual(json);
        expect(readXmlRoot(xml?.text ?? '')).toEqual(toElement('response', json));
      },
    );

    it.each<[string, string, string]>([
      ['application/json', '"permissions":[]', '"permissions"'],
      ['application/xml', '<permissions/>', '<permissions'],
      ['application/yaml', 'permissions: []', 'permissions:'],
      ['text/csv', ',[],', ',[],'],
      ['application/x-ndjson', '"permissions":[]', '"permissions"'],
    ])(
      'distinguishes a token without permissions from an unlimited token in %s',
      async (type, nothing, anything) => {
        const isList = ['text/csv', 'application/x-ndjson'].includes(type);
        const show = async (dto: { permissions?: string[] }) => {
          const { body } = await server.client.createMyToken(asAdmin, { note: 'marker', ...dto });
          const { text } = await ask(type, isList ? '/tokens' : `/tokens/${body.id}`);
          return isList ? text.split('\n').find((line) => line.includes(body.id)) : text;
        };

        expect(await show({ permissions: [] })).toContain(nothing);
        expect(await show({})).not.toContain(anything);
      },
    );

    it('has an empty list in XML', async () => {
      expect((await ask('application/xml', '/users?q=no-one-like-this')).text).toContain('<items/>');
    });

    it.each(TYPES)('names its media type and varies by Accept: %s', async (type) => {
      const { headers } = await ask(type);

      expect(headers.get('content-type')).toBe(`${type}; charset=utf-8`);
      expect(headers.get('vary')).toBe('Accept, Origin');
    });

    it.each(TYPES)('to login, bump and logout is %s', async (type) => {
      const login = await ask(
        type,
        '/auth/login',
        { Authorization: basic(ADMIN.name, ADMIN.password) },
        'POST',
      );
      const token = /latchkey_[0-9A-Za-z]{33}/.exec(login.text)?.[0];
      const headers = tokenHeader({ user: 'admin', token });
      const bump = await ask(type, '/auth/bump', headers, 'POST');
      const logout = await ask(type, '/auth/logout', headers, 'POST');

      for (const answer of [login, bump, logout]) {
        expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([200, type]);
      }
    });
  });

  describe('Accept', () => {
    it('may be absent, which selects JSON', async () => {
      expect(await typeOf()).toBe('application/json');
    });

    it('may be sent in two fields', async () => {
      expect(await typeOf('Accept: image/png', 'Accept: application/yaml')).toBe('application/yaml');
    });

    it.each([
      'image/png',
      'text/html, text/plain',
      'text/*',
      'application/json;q=0',
      'application/*;q=0, */*;q=0',
      '*/*;q=0',
      'application/msword, application/pdf;q=0.1',
      'nonsense',
    ])('%j returns 406 with the available types', async (accept) => {
      const { status, headers, text } = await ask(accept);

      const problem = JSON.parse(text) as ProblemDto;
      expect([status, problem.code]).toEqual([406, 'not_acceptable']);
      expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(TYPES.filter((type) => !problem.detail.includes(type))).toEqual([]);
    });
  });

  describe('a 406', () => {
    it('on logout keeps the token valid', async () => {
      const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);

      expect((await ask('image/png', '/auth/logout', headers, 'POST')).status).toBe(406);

      expect((await server.client.me(headers)).status).toBe(200);
    });

    it('on login issues no token, and names text/plain', async () => {
      const user = newUser();
      await server.client.createUser(user, asAdmin);

      const { status, text } = await ask(
        'image/png',
        '/auth/login',
        { Authorization: basic(user.name, PASSWORD) },
        'POST',
      );

      const { body } = await server.client.users(asAdmin, `?q=${user.name}`);
      expect(status).toBe(406);
      expect(text).toContain('text/plain');
      expect(body.items[0]).toMatchObject({ tokenCount: 0 });
      expect(body.items[0]).not.toHaveProperty('lastLoginTime');
    });
  });
});

describe('a new secret with Accept: text/plain', () => {
  const ask = async (path: string, accept = 'text/plain', condition = {}) => {
    const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    return server.client.request('POST', path, { headers: { ...headers, ...condition, Accept: accept } });
  };
  const nameOf = async (value: string) => (await server.client.me({ 'X-Auth-Token': value })).body.name;

  it('is the value of X-Auth-Token, for oneself, for a service and by rotation', async () => {
    const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    const service = newUser({ kind: 'service', password: undefined });
    await server.client.createUser(service, headers);

    const own = await ask('/me/tokens');
    const forService = await ask(`/users/${service.name}/tokens`);
    const id = forService.headers.get('location')?.split('/').at(-1) ?? '';
    const rotated = await ask(`/tokens/${id}/rotate`, 'text/plain', { 'If-Match': '"0"' });

    const answers = [own, forService, rotated];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 200]);
    expect(answers.map((answer) => answer.headers.get('content-type'))).toEqual(
      Array(3).fill('text/plain; charset=utf-8'),
    );
    expect(await nameOf(own.text)).toBe(ADMIN.name);
    expect(await nameOf(rotated.text)).toBe(service.name);
    expect((await server.client.me({ 'X-Auth-Token': forService.text })).status).toBe(401);
  });

  it('is JSON for Accept: */*', async () => {
    const { headers } = await ask('/me/tokens', '*/*');

    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});
