import { beforeAll, describe, expect, it } from '@jest/globals';
import { FEATURES } from '../../apps/api/src/features.js';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { describeOnce, sampleInputs } from '../support/deep.js';
import { OPERATOR_READS, OPERATOR_ROUTES, PAGES, ROUTES, routesWith } from '../routes.js';
import { newUser } from '../support/factories.js';
import { isChange } from '../support/routes/route.js';
import { sendLines, type RawResponse } from '../support/raw-http.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer({ features: FEATURES });
const asAdmin = useAdmin(server);

const PUBLIC = [...routesWith(({ access }) => access === 'public'), ...PAGES].sort();

describeOnce('every registered route', () => {
  const registered = () => server.routes.map((route) => route.replace(/:(\w+)/g, '{$1}'));
  const routes = [...ROUTES.keys(), ...PAGES, ...OPERATOR_ROUTES, ...OPERATOR_READS]
    .filter((route) => !route.startsWith('HEAD '))
    .sort();

  /** Returns the superseded secret of a new administrator's token, so that responses are independent. */
  async function supersededAdministrator(): Promise<Headers> {
    const { name } = newUser();
    await server.client.createUser({ name, kind: 'service', roles: ['admin'] }, asAdmin);
    const { body: token } = await server.client.createUserToken(name, asAdmin);
    await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });
    return tokenHeader(token);
  }

  it('has an entry in test/routes.ts, which for HEAD is that of GET. If it has none, add one', () => {
    // Every GET route also has HEAD.
    const known = routes.flatMap((route) => [
      route,
      ...(isChange(route) ? [] : [route.replace('GET', 'HEAD')]),
    ]);

    expect(registered().filter((route) => !known.includes(route))).toEqual([]);
  });

  it('is all that test/routes.ts has. Remove other entries', () => {
    const { length } = routes;

    expect(routes.filter((route) => !registered().includes(route))).toEqual([]);
    expect(length).toBeGreaterThan(70);
  });

  it('returns 400 for a credential in the URL, except GET /auth/verify', async () => {
    const answered = await Promise.all(
      routes.map(async (route) => {
        const [method = '', path = ''] = route.split(' ');
        const { status } = await server.client.request(method, `${path.replace('*', '')}?token=x`);
        return { route, status };
      }),
    );

    expect(answered.filter(({ status }) => status !== 400)).toEqual([
      { route: 'GET /auth/verify', status: 401 },
    ]);
  });

  it('returns 401 or 403 without credentials, unless test/routes.ts states that it is public', async () => {
    const answered = await Promise.all(
      routes.map(async (route) => {
        const [method = '', path = ''] = route.split(' ');
        const { status } = await server.client.request(
          method,
          path.replace('{id}', 'some-id').replace('*', 'x'),
        );
        return { route, status };
      }),
    );

    expect(
      answered.filter(({ status }) => status !== 401 && status !== 403).map(({ route }) => route),
    ).toEqual(PUBLIC);
  });

  it('returns 403 for a write with a superseded secret, except the routes that accept one in test/routes.ts', async () => {
    const writes = routes.filter(isChange);

    const answered = await Promise.all(
      writes.map(async (route) => {
        const [method = '', path = ''] = route.split(' ');
        const { body } = await server.client.request<{ code?: string } | undefined>(
          method,
          path.replace(/\{\w+\}/, 'some-id'),
          { headers: await supersededAdministrator() },
        );
        return { route, code: body?.code };
      }),
    );

    expect(answered.filter(({ code }) => code !== 'token_superseded').map(({ route }) => route)).toEqual(
      routesWith(({ superseded }) => superseded),
    );
  });
});

// Covers B14 in docs/explanation/security.md.
describe('every protected route, without credentials', () => {
  const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'];

  const protectedRoutes = [...ROUTES.keys(), ...OPERATOR_ROUTES, ...OPERATOR_READS]
    .filter((route) => !PUBLIC.includes(route))
    .map((route) => {
      const [method = '', path = ''] = route.split(' ');
      return { method, path: path.replace(/\{\w+\}/, 'some-id') };
    });

  /** One in this number of routes gets each variant of a request. */
  const SHARE = 4;

  let consolePage: string;

  beforeAll(async () => {
    consolePage = pageIn(await sendLines(server.client.baseUrl, ['GET /admin/ HTTP/1.1']));
  });

  /** Returns the body without its nonce. */
  function pageIn({ headers, body }: RawResponse): string {
    const [nonce = ''] = /(?<='nonce-)[^']+/.exec(headers['content-security-policy'] ?? '') ?? [];
    return body.replaceAll(`"${nonce}"`, '');
  }

  /** Whether a response is the page of the console. Each path below `/admin` returns it, without data. */
  function isConsolePage(line: string, response: RawResponse): boolean {
    const isHead = line.startsWith('HEAD ');
    const isPage = /^text\/html/.test(response.headers['content-type'] ?? '');
    return line.includes('/admin/') && isPage && pageIn(response) === (isHead ? '' : consolePage);
  }

  /**
   * Sends requests to protected routes without valid credentials and returns those that were accepted.
   */
  async function letThrough(
    vary: (path: string) => string,
    fields: readonly string[] = [],
    methods?: readonly string[],
    routes = sampleInputs(protectedRoutes, SHARE),
  ) {
    const asked = routes.flatMap(({ method, path }) =>
      (methods ?? [method]).map((each) => `${each} ${vary(path)}`),
    );
    const statuses = await Promise.all(
      asked.map(async (line) => {
        const response = await sendLines(server.client.baseUrl, [`${line} HTTP/1.1`, ...fields]);
        return { line, status: response.status, isConsole: isConsolePage(line, response) };
      }),
    );
    expect(statuses.length).toBeGreaterThan(10);
    return statuses.filter(({ status, isConsole }) => (status < 300 && !isConsole) || status >= 500);
  }

  const encodeLetter = (path: string) =>
    path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  const encodeLastLetter = (path: string) =>
    path.replace(/[a-z]([^a-z]*)$/, (text) => `%${text.charCodeAt(0).toString(16)}${text.slice(1)}`);

  it('is rejected', async () => {
    expect(await letThrough((path) => path, [], undefined, protectedRoutes)).toEqual([]);
  });

  it.each<[string, (path: string) => string]>([
    ['with a slash at the end', (path) => `${path}/`],
    ['with two slashes at the end', (path) => `${path}//`],
    ['with two slashes at the start', (path) => `/${path}`],
    ['with two slashes inside', (path) => path.replace(/(?<=.)\//g, '//')],
    ['behind /./', (path) => `/.${path}`],
    ['behind /x/../', (path) => `/x/..${path}`],
    ['behind /admin/../', (path) => `/admin/..${path}`],
    ['behind /admin/%2e%2e/', (path) => `/admin/%2e%2e${path}`],
    ['behind /docs/../', (path) => `/docs/..${path}`],
    ['with its first letter percent-encoded', encodeLetter],
    ['with its last letter percent-encoded', encodeLastLetter],
    ['with its first letter percent-encoded twice', (path) => encodeLetter(path).replace('%', '%25')],
    ['with a slash percent-encoded', (path) => `/${path.slice(1).replace('/', '%2f')}`],
    ['with a backslash', (path) => path.replace(/\//g, '\\').replace('\\', '/')],
    ['in upper case', (path) => path.toUpperCase()],
    ['in title case', (path) => path.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())],
    ['with ;x', (path) => `${path};x`],
    ['with ;x inside', (path) => path.replace(/(?<=.)\//, ';x/')],
    ['with .json', (path) => `${path}.json`],
    ['with %20', (path) => `${path}%20`],
    ['with %00', (path) => `${path}%00`],
    ['with %0a', (path) => `${path}%0a`],
    ['with a dot', (path) => `${path}.`],
    ['with ?', (path) => `${path}?`],
    ['with #', (path) => `${path}#`],
    ['with *', (path) => `${path}*`],
    ['in absolute form', (path) => `http://latchkey.test${path}`],
    ['in absolute form of another host', (path) => `http://127.0.0.1${path}`],
  ])('is rejected %s', async (_, vary) => {
    expect(await letThrough(vary)).toEqual([]);
  });

  it.each(METHODS)('is rejected for the method %s', async (method) => {
    expect(await letThrough((path) => path, [], [method])).toEqual([]);
  });

  it.each([
    'X-HTTP-Method-Override: GET',
    'X-HTTP-Method-Override: OPTIONS',
    'X-HTTP-Method: OPTIONS',
    'X-Method-Override: OPTIONS',
    'X-Original-URL: /health/live',
    'X-Rewrite-URL: /health/live',
    'X-Forwarded-For: 127.0.0.1',
    'X-Forwarded-User: admin',
    'X-Auth-User: admin',
    'Remote-User: admin',
    'X-Forwarded-Prefix: /health',
    'Access-Control-Request-Method: GET',
    'Upgrade: websocket',
    'X-Requested-With: XMLHttpRequest',
    'Sec-Fetch-Site: same-origin',
  ])('is rejected with %s', async (field) => {
    expect(await letThrough((path) => path, [field])).toEqual([]);
  });

  it('ignores a method override in a header field', async () => {
    const answer = await sendLines(server.client.baseUrl, [
      'GET /health/live HTTP/1.1',
      'X-HTTP-Method-Override: DELETE',
    ]);

    expect(answer.status).toBe(200);
  });

  it('rejects a method override in a parameter', async () => {
    const answer = await sendLines(server.client.baseUrl, ['GET /health/live?_method=DELETE HTTP/1.1']);

    expect(answer.status).toBe(400);
  });

  it('returns the same for HEAD as for GET, without the body', async () => {
    for (const path of ['/me', '/me/tokens', '/users', '/auth/verify', '/auth/session']) {
      const get = await sendLines(server.client.baseUrl, [`GET ${path} HTTP/1.1`]);
      const head = await sendLines(server.client.baseUrl, [`HEAD ${path} HTTP/1.1`]);

      expect([path, head.status, head.body]).toEqual([path, get.status, '']);
      expect(Object.keys(head.headers)).toEqual(Object.keys(get.headers));
    }
  });
});
