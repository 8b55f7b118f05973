import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { sendBytes, sendLines, type RawAnswer } from '../support/raw-http.js';
import { ADMIN } from '../support/test-server.js';
import { useServer } from '../support/use-server.js';

const server = useServer();
let asAdmin: Headers;
let lastToken: { expirationTime?: string; idleExpirationTime?: string };

beforeAll(async () => {
  const { body } = await server.client.login(ADMIN.name, ADMIN.password);
  asAdmin = tokenHeader(body);
  lastToken = body;
});

const send = (...lines: string[]) => sendLines(server.client.baseUrl, lines);
const bytes = (text: string) => sendBytes(server.client.baseUrl, text);

/** One of every kind of answer, and the status it shall have. */
const ANSWERS: [string, number, () => Promise<RawAnswer>][] = [
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

// Requirement B49.
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
      expect.arrayContaining([expect.stringMatching(/^(server|x-powered-by|access-control-allow-origin)$/)]),
    );
    expect(answer.headers).not.toHaveProperty('strict-transport-security');
  });
});

describe('GET /openapi.json', () => {
  const fetchDocument = (headers: Headers = {}) =>
    server.client.request('GET', '/openapi.json', { headers: { 'Accept-Encoding': 'identity', ...headers } });

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
    const answers = await Promise.all(codings.map((coding) => fetchDocument({ 'Accept-Encoding': coding })));
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

// Requirement B56.
describe('an error', () => {
  const withBody = ANSWERS.filter(([name, status]) => status >= 400 && !name.includes('bodyless'));

  it.each(withBody)('is a complete problem: %s', async (_, status, ask) => {
    const { headers, body } = await ask();

    const problem = JSON.parse(body) as ProblemDto;
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(problem).toMatchObject({
      type: `urn:latchkey:problem:${problem.code}`,
      status,
      traceId: headers['x-request-id'],
    });
    expect(problem.title && problem.detail).toBeTruthy();
    expect(body).not.toMatch(/node_modules|\.js|\.ts|at \w+ \(|fastify|nest/i);
  });
});

// Requirement B49.
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
