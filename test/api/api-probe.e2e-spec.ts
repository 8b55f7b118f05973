import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HEADERS, type ProbeDto } from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { newApi, newRole, newUser, PASSWORD } from '../support/factories.js';
import { freePort } from '../support/free-port.mjs';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer({
  environment: { LATCHKEY_PROBE_HOSTS: 'configured.invalid, with-port.invalid:8443' },
});
const asAdmin = useAdmin(server);

/** User who may probe, and has the first permission of the API. */
let asKeeper: Headers;
let name: string;
let permission: string;
let servers: { close(): void; closeAllConnections?(): void }[] = [];
let seen: IncomingMessage[] = [];

beforeAll(async () => {
  const api = newApi('read', 'write');
  name = api.name;
  permission = `${name}:read`;
  await server.client.createApi(api, asAdmin);
  const role = newRole({ permissions: ['apis:write', permission] });
  await server.client.createRole(role, asAdmin);
  const keeper = newUser({ roles: [role.name] });
  await server.client.createUser(keeper, asAdmin);
  asKeeper = await server.client.loginHeaders(keeper.name, PASSWORD);
});

afterEach(() => {
  for (const each of servers) {
    each.close();
    each.closeAllConnections?.();
  }
  servers = [];
  seen = [];
});

/** Starts an HTTP server, and returns its URL. */
async function listen(answer: RequestListener, host = '127.0.0.1'): Promise<string> {
  const target: Server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  servers.push(target);
  await once(target.listen(0, host), 'listening');
  return `http://127.0.0.1:${(target.address() as AddressInfo).port}/`;
}

/** Behaves like a gateway that verifies the token with Latchkey, before an API that returns the status `accepted`. */
const guardedBy =
  (query: string, accepted = 200): RequestListener =>
  (request, response) => {
    const token = request.headers['x-auth-token'];
    const headers: Headers = typeof token === 'string' ? { [HEADERS.xAuthToken]: token } : {};
    void fetch(`${server.client.baseUrl}/auth/verify${query}`, { headers }).then(
      ({ status, headers: fields }) => {
        const error = fields.get('x-auth-error');
        response
          .writeHead(status === 200 ? accepted : status, error === null ? {} : { 'X-Auth-Error': error })
          .end();
      },
    );
  };

const probe = (url: string, headers = asKeeper) => server.client.probeApi(name, { url, permission }, headers);

const resultsOf = ({ body }: { body: ProbeDto }) =>
  body.checks.map(({ check, result, status }) => [check, result, status]);

const tokensSent = () =>
  seen.map((request) => request.headers['x-auth-token']).filter((token) => typeof token === 'string');

describe('POST /apis/{name}/probe', () => {
  it('passes for an API that requires the permission, and revokes its tokens', async () => {
    const url = await listen(guardedBy(`?permission=${permission}`));

    const response = await probe(`${url}orders?page=1`);

    expect(response.status).toBe(200);
    expect(resultsOf(response)).toEqual([
      ['no_token', 'passed', 401],
      ['permission', 'passed', 200],
      ['no_permission', 'passed', 403],
    ]);
    expect(seen.map(({ method, url: path }) => `${method} ${path}`)).toEqual(
      Array.from({ length: 3 }, () => 'GET /orders?page=1'),
    );
    const tokens = tokensSent();
    expect(tokens).toHaveLength(2);
    for (const token of tokens) {
      const [, secret = ''] = Buffer.from(token, 'base64').toString().split(':');
      expect(secret).toMatch(/^latchkey_/);
      expect(JSON.stringify(response.body)).not.toMatch(new RegExp(`${token}|${secret}`));
      const revoked = await server.client.me({ [HEADERS.xAuthToken]: token });
      expect(revoked.body.code).toBe('token_revoked');
    }
  });

  it('creates tokens of the caller for a minute, with entries in the audit trail', async () => {
    const url = await listen(guardedBy(`?permission=${permission}`));

    const { headers } = await probe(url);

    const { items } = (await server.client.auditEvents(asAdmin, `?traceId=${headers.get('x-request-id')}`))
      .body;
    expect(items.map(({ action }) => action).reverse()).toEqual([
      'api_probed',
      'authn_token_created',
      'authn_token_revoked',
      'authn_token_created',
      'authn_token_revoked',
    ]);
    expect(items.at(-1)).toMatchObject({ subject: { kind: 'api', name }, after: { url, permission } });
    const created = items.filter(({ action }) => action === 'authn_token_created').reverse();
    expect(created.map(({ after }) => after)).toMatchObject([
      { permissions: [permission], maxUses: 5, note: `probe of ${name}` },
      { permissions: [], maxUses: 5, note: `probe of ${name}` },
    ]);
    for (const { after, time } of created) {
      const { expirationTime } = after as { expirationTime: string };
      expect(Date.parse(expirationTime) - Date.parse(time)).toBeLessThanOrEqual(60_000);
    }
  });

  it.each<[string, RequestListener, string, number]>([
    ['accepts requests without a token', (_, response) => response.end(), 'unprotected', 200],
    ['redirects', (_, response) => response.writeHead(302, { Location: '/' }).end(), 'redirected', 302],
    ['returns 403', (_, response) => response.writeHead(403).end(), 'unexpected', 403],
    ['cannot reach Latchkey', (_, response) => response.writeHead(500).end(), 'unavailable', 500],
  ])('sends no token to an API that %s', async (_, answer, result, status) => {
    const response = await probe(await listen(answer));

    expect(resultsOf(response)).toEqual([
      ['no_token', result, status],
      ['permission', 'not_sent', undefined],
      ['no_permission', 'not_sent', undefined],
    ]);
    expect(response.body.checks.every(({ hint = '' }) => hint !== '')).toBe(true);
    expect([seen.length, tokensSent().length]).toEqual([1, 0]);
  });

  it('reports an API that requires a token, but not the permission', async () => {
    const response = await probe(await listen(guardedBy('')));

    expect(resultsOf(response).slice(1)).toEqual([
      ['permission', 'passed', 200],
      ['no_permission', 'unprotected', 200],
    ]);
  });

  it('reports an API that requires another permission, with the reason of Latchkey', async () => {
    const response = await probe(await listen(guardedBy(`?permission=${name}:write`)));

    expect(resultsOf(response)[1]).toEqual(['permission', 'rejected', 403]);
    expect(response.body.checks[1]?.hint).toContain('insufficient_scope');
  });

  it('adds a hint if the path does not exist', async () => {
    const { body } = await probe(await listen(guardedBy(`?permission=${permission}`, 404)));

    expect(body.checks[1]).toMatchObject({ status: 404, result: 'passed' });
    expect(body.checks[1]?.hint).toContain('404');
  });

  it('skips the check that needs a permission which the caller lacks', async () => {
    const response = await probe(await listen(guardedBy(`?permission=${permission}`)), asAdmin);

    expect(resultsOf(response)).toEqual([
      ['no_token', 'passed', 401],
      ['permission', 'not_held', undefined],
      ['no_permission', 'passed', 403],
    ]);
    expect(tokensSent()).toHaveLength(1);
  });

  it('passes behind a gateway that uses up its tokens', async () => {
    const url = await listen((request, response) => {
      const headers = { [HEADERS.xAuthToken]: String(request.headers['x-auth-token'] ?? '') };
      const verify = () =>
        fetch(`${server.client.baseUrl}/auth/verify?permission=${permission}`, { headers });
      void (async () => {
        let status = 0;
        for (let use = 0; use < 5; use += 1) {
          ({ status } = await verify());
        }
        response.writeHead(status).end();
      })();
    });

    expect(resultsOf(await probe(url))).toEqual([
      ['no_token', 'passed', 401],
      ['permission', 'passed', 200],
      ['no_permission', 'passed', 403],
    ]);
  });

  it('follows no redirect', async () => {
    const other = await listen((_, response) => response.end());
    const url = await listen((_, response) => response.writeHead(307, { Location: other }).end());

    await probe(url);

    expect(seen).toHaveLength(1);
  });

  it('reads no body', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const url = await listen((_, response) => {
      closed = once(response, 'close');
      response.writeHead(401);
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', write);
      write();
    });

    const response = await probe(url);
    await closed;

    expect(resultsOf(response)[0]).toEqual(['no_token', 'passed', 401]);
  });

  it.each<[string, string, string]>([
    ['a response that never starts', '', 'timeout'],
    ['a header that never ends', 'HTTP/1.1 401 Unauthorized\r\nX-A: ', 'timeout'],
    ['a large header', `HTTP/1.1 401 Unauthorized\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`, 'failed'],
    ['endless interim responses', 'HTTP/1.1 103 Early Hints\r\n\r\n', 'timeout'],
    ['an upgrade', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n', 'failed'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'failed'],
  ])('survives %s', async (_, bytes, result) => {
    const target = createTcpServer((socket) => socket.on('error', () => undefined).write(bytes));
    servers.push(target);
    await once(target.listen(0, '127.0.0.1'), 'listening');

    const response = await probe(`http://127.0.0.1:${(target.address() as AddressInfo).port}/`);

    expect(resultsOf(response)[0]).toEqual(['no_token', result, undefined]);
  });

  it('reports a port where nothing listens', async () => {
    expect(resultsOf(await probe(`http://127.0.0.1:${await freePort()}/`))[0]).toEqual([
      'no_token',
      'refused',
      undefined,
    ]);
  });

  it('connects to loopback for localhost', async () => {
    const url = (await listen(guardedBy(`?permission=${permission}`))).replace('127.0.0.1', 'localhost');

    expect(resultsOf(await probe(url))[1]).toEqual(['permission', 'passed', 200]);
  });

  it.each(['http://configured.invalid/', 'http://configured.invalid:81/x', 'https://with-port.invalid:8443'])(
    'sends a request to the configured host in %s',
    async (url) => {
      expect(resultsOf(await probe(url))[0]).toEqual(['no_token', 'failed', undefined]);
    },
  );

  it.each([
    'http://with-port.invalid/',
    'http://with-port.invalid:8444/',
    'http://sub.configured.invalid/',
    'http://configured.invalid.example.org/',
    'http://example.org/',
    'http://127.0.0.1.nip.io/',
    'http://localhost.example.org/',
    'http://localhost./',
    'http://127.0.0.2/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://0.0.0.0/',
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
  ])('rejects the host in %s', async (url) => {
    expect(await probe(url)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/url', code: 'host_not_allowed' }] },
    });
  });

  it.each([
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'http:127.0.0.1/',
    'http:/127.0.0.1/',
    'http://user@127.0.0.1/',
    'http://user:secret@127.0.0.1/',
    'http://127.0.0.1@example.org/',
    'http://127.0.0.1#@example.org/',
    'http://127.0.0.1\\@example.org/',
    'http://127.0.0.1:80:90/',
    'http://127.0.0.1:0/',
    'http://127.0.0.1/a b',
    'http://127.0.0.1/\r\nX-A: b',
    'http://127.0.0.1/#part',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[::1%25lo]/',
    'http://１２７.0.0.1/',
    'HTTP://LOCALHOST/',
    ' http://127.0.0.1/',
    '',
  ])('rejects the URL %p', async (url) => {
    expect(await probe(url)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/url' }] } });
  });

  it('rejects a port above 65535', async () => {
    expect(await probe('http://127.0.0.1:65536/')).toMatchObject({ status: 422 });
  });

  it.each(['127.0.0.1', 'localhost', '[::1]'])(
    'rejects the address of Latchkey itself on %s',
    async (host) => {
      const { port } = new URL(server.client.baseUrl);

      expect(await probe(`http://${host}:${port}/users`)).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/url', code: 'own_address' }] },
      });
    },
  );

  it('rejects a second probe of the same user while the first runs', async () => {
    let answer = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      void listen((_, response) => {
        answer = () => response.writeHead(500).end();
        resolve();
      }).then((url) => {
        first = probe(url);
      });
    });
    let first: ReturnType<typeof probe> | undefined;
    await arrived;

    const second = await probe('http://127.0.0.1:1/');
    answer();

    expect([second.status, second.headers.get('retry-after')]).toEqual([429, '10']);
    expect((await first)?.status).toBe(200);
    expect((await probe('http://127.0.0.1:1/')).status).toBe(200);
  });

  it('rejects permissions of other APIs, built-in APIs and unknown ones', async () => {
    const url = 'http://127.0.0.1:1/';
    const other = await server.client.probeApi(name, { url, permission: 'users:read' }, asKeeper);
    const builtIn = await server.client.probeApi('users', { url, permission: 'users:read' }, asKeeper);
    const unknown = await server.client.probeApi('nothing', { url, permission }, asKeeper);

    expect([other.status, builtIn.status, unknown.status]).toEqual([422, 409, 404]);
  });
});
