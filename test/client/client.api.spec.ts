import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  LatchkeyClient,
  LatchkeyError,
  Operations,
  type CallOptions,
  type ClientOptions,
} from '@latchkey/client';
import { PASSWORD } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { waitUntil } from '../support/wait-until.js';

const server = useServer();
const asAdmin = useAdmin(server);
let requests: string[] = [];

/** Returns a client of the server under test, which records its requests. */
function createClient(options: Partial<ClientOptions> = {}): LatchkeyClient {
  return new LatchkeyClient({
    url: server.client.baseUrl,
    fetch: (input, init) => {
      const request = new Request(input, init);
      requests.push(`${request.method} ${new URL(request.url).pathname}`);
      return fetch(request);
    },
    ...options,
  });
}

/** Returns a client with a new API token. */
async function createTokenClient(token: object = {}): Promise<LatchkeyClient> {
  const { body } = await server.client.createMyToken(asAdmin, token);
  return createClient({ credentials: { token: body.token ?? '' } });
}

const errorOf = (promise: PromiseLike<unknown>) =>
  promise.then(
    () => {
      throw new Error('The call succeeded.');
    },
    (error: unknown) => error as LatchkeyError,
  );

afterEach(() => {
  requests = [];
});

describe('a session', () => {
  it('is limited to the requested permissions, and revoked by the logout', async () => {
    const client = createClient();
    const me = () => new Operations(client).getMe();

    await client.logIn(ADMIN.name, ADMIN.password, { permissions: ['users:read'] });
    const { user, token } = client.credentials ?? {};

    expect((await me()).permissions).toEqual(['users:read']);
    await client.logOut();
    expect(client.credentials).toBeUndefined();
    expect(await errorOf(me())).toMatchObject({ code: 'unauthenticated', status: undefined });
    client.credentials = { user, token: token ?? '' };
    expect(await errorOf(me())).toMatchObject({ code: 'token_revoked', status: 401 });
  });

  it('is not replaced by a failed login', async () => {
    const client = createClient();
    await client.logIn(ADMIN.name, ADMIN.password);
    const before = client.credentials;

    const error = await errorOf(client.logIn(ADMIN.name, 'wrong'));

    expect(error).toBeInstanceOf(LatchkeyError);
    expect(error).toMatchObject({ code: 'unauthenticated', status: 401, traceId: expect.any(String) });
    expect(client.credentials).toEqual(before);
  });

  it('is bumped once by concurrent calls when it was stored', async () => {
    const client = createClient();
    await client.logIn(ADMIN.name, ADMIN.password);
    const restored = createClient({ credentials: client.credentials });
    requests = [];

    await Promise.all(Array.from({ length: 10 }, () => new Operations(restored).getMe()));
    await new Operations(restored).getMe();

    expect(requests.filter((request) => request === 'POST /auth/bump')).toHaveLength(1);
    expect(requests).toHaveLength(12);
  });

  it('delays no call while the server does not respond to the bump', async () => {
    const client = createClient();
    await client.logIn(ADMIN.name, ADMIN.password);
    let respond: (response: Response) => void = () => undefined;
    const response = new Promise<Response>((resolve) => (respond = resolve));
    const restored = createClient({
      credentials: client.credentials,
      retries: 0,
      fetch: (input, init) => (new Request(input).url.endsWith('/auth/bump') ? response : fetch(input, init)),
    });

    expect((await new Operations(restored).getMe()).name).toBe(ADMIN.name);
    respond(new Response('', { status: 503 }));
  });

  it('is forgotten when the server rejects the bump', async () => {
    const client = createClient();
    await client.logIn(ADMIN.name, ADMIN.password);
    const restored = createClient({ credentials: client.credentials });
    await client.logOut();

    expect(await errorOf(new Operations(restored).getMe())).toMatchObject({ code: 'token_revoked' });
    await waitUntil(() => restored.credentials === undefined);
  });
});

describe('a rotation', () => {
  it('keeps the old secret in use until the new one is stored', async () => {
    const client = await createTokenClient();
    const old = client.credentials;
    const offered: string[] = [];

    const failed = client.rotate(({ token }) => {
      offered.push(token);
      return Promise.reject(new Error('The disk is full'));
    });

    await expect(failed).rejects.toThrow('The disk is full');
    expect(client.credentials).toEqual(old);
    expect((await new Operations(client).getMe()).token?.isSuperseded).toBe(true);

    await client.rotate(({ token }) => {
      offered.push(token);
      expect(client.credentials).toEqual(old);
    });
    expect(offered[1]).toBe(offered[0]);
    expect(client.credentials).toEqual({ token: offered[0] });
    expect((await new Operations(client).getMe()).token?.isSuperseded).toBe(false);
    expect(requests.filter((request) => request.endsWith('/rotate'))).toHaveLength(1);
  });

  it('issues another secret the next time', async () => {
    const client = await createTokenClient();
    const stored: string[] = [];

    for (let index = 0; index < 2; index++) {
      await client.rotate(({ token }) => void stored.push(token));
    }

    expect(new Set(stored).size).toBe(2);
    expect((await new Operations(client).getToken('self')).version).toBe(2);
  });
});

describe('requests of your own', () => {
  it('carry the token to Latchkey and the configured origins only', async () => {
    const seen: unknown[] = [];
    const api = await listen((request, response) => {
      seen.push(request.headers['x-auth-token']);
      response.end('orders');
    });
    const apiOrigins = [addressOf(api)];
    const client = createClient({ apiOrigins });
    await client.logIn(ADMIN.name, ADMIN.password);

    expect((await client.fetch(`${server.client.baseUrl}/me`)).status).toBe(200);
    expect(await (await client.fetch(`${apiOrigins[0]}/orders`)).text()).toBe('orders');
    expect(seen).toEqual([client.headers()['X-Auth-Token']]);
    await expect(client.fetch('http://127.0.0.2:1/')).rejects.toThrow('Add http://127.0.0.2:1 to apiOrigins');
  });

  it('follow no redirects with the token', async () => {
    const api = await listen((_, response) =>
      response.writeHead(302, { Location: server.client.baseUrl }).end(),
    );
    const client = createClient({ apiOrigins: [addressOf(api)] });
    await client.logIn(ADMIN.name, ADMIN.password);
    requests = [];

    await expect(client.fetch(addressOf(api))).rejects.toThrow('fetch failed');
    expect(requests).toHaveLength(1);
  });
});

describe('operations', () => {
  let operations: Operations;

  beforeAll(async () => {
    operations = new Operations(await createTokenClient());
    for (const name of ['iris', 'ivan', 'ines', 'ilya', 'ida']) {
      await operations.createUser({ name, displayName: 'Iterated', password: PASSWORD });
    }
  });

  it('iterate over all pages of a list, and return one page if awaited', async () => {
    requests = [];
    const list = operations.listUsers({ q: 'iterated', size: 2, sort: 'name' });
    const names: string[] = [];
    for await (const { name } of list) {
      names.push(name);
    }

    expect(names).toEqual(['ida', 'ilya', 'ines', 'iris', 'ivan']);
    expect(await list).toMatchObject({ page: 1, size: 2, total: 5 });
    expect(requests).toHaveLength(4);
  });

  it('iterate over a list with cursors, and end at the last event', async () => {
    const created: (string | undefined)[] = [];
    const query = { subject: 'iris', action: 'user_created', size: 1 } as const;
    for await (const { subject } of operations.listAuditEvents(query)) {
      created.push(subject?.name);
    }
    expect(created).toEqual(['iris']);

    const { items } = await operations.listAuditEvents({ size: 3 });
    const later: string[] = [];
    for await (const { id } of operations.listAuditEvents({ after: items[2]?.id, size: 1 })) {
      later.push(id);
    }
    expect(later.slice(0, 2)).toEqual([items[1]?.id, items[0]?.id]);
  });

  it('send the expected version, and repeated parameters', async () => {
    const { version } = await operations.getUser('iris');
    await operations.updateUser('iris', { displayName: 'Iris' }, { ifMatch: version });

    const error = await errorOf(operations.deleteUser('iris', {}, { ifMatch: version }));
    expect(error).toMatchObject({ code: 'precondition_failed', status: 412 });
    const headers = await operations.verifyToken({ permission: ['users:read', 'users:write'] });
    expect(headers.get('X-Auth-User')).toBe(ADMIN.name);
    const missing = await errorOf(operations.verifyToken({ permission: ['users:read', 'nobody:holds'] }));
    expect(missing).toMatchObject({ code: 'insufficient_scope', status: 403, traceId: expect.any(String) });
  });

  it('return when a revocation takes effect, and wait for it on request', async () => {
    const revoke = async (options?: CallOptions) => {
      const { id } = await operations.createUserToken('iris');
      const requestTime = Date.now();
      const { effectiveBy = '' } = await operations.revokeToken(id, {}, options);
      return { requestTime, effectTime: Date.parse(effectiveBy) };
    };

    const { requestTime, effectTime } = await revoke();
    expect(effectTime).toBeGreaterThan(requestTime);
    expect((await revoke({ wait: 3 })).effectTime).toBeLessThanOrEqual(Date.now());
  });

  it('send forms, and names with any character', async () => {
    const { token = '' } = await operations.createUserToken('iris');

    expect(await operations.introspectToken({ token, api: undefined })).toMatchObject({ username: 'iris' });
    expect(await errorOf(operations.getUser('no/such?user'))).toMatchObject({ code: 'not_found' });
    expect(requests.at(-1)).toBe('GET /users/no%2Fsuch%3Fuser');
  });

  it.each(['', '.', '..'])('throw for the name "%s", which would be another route', (name) => {
    expect(() => operations.revokeUserTokens(name)).toThrow(TypeError);
    expect(requests).toEqual([]);
  });

  it('report every invalid member', async () => {
    const error = await errorOf(operations.createUser({ name: 'a:b', password: 'short' }));

    expect(error).toMatchObject({ code: 'validation_failed', status: 422 });
    expect(error.errors.map(({ pointer }) => pointer).sort()).toEqual(['/name', '/password']);
  });
});

describe('a temporary failure', () => {
  it('is repeated after the time that the server requests', async () => {
    const client = await createTokenClient({ rateLimit: { limit: 1, windowSeconds: 1 } });

    // Windows begin on the second, so a call can be the first of the next one.
    for (let calls = 0; requests.length === calls; calls++) {
      expect((await new Operations(client).getMe()).name).toBe(ADMIN.name);
    }
  });

  it('is reported at once if the server requests more time than there is', async () => {
    const client = await createTokenClient({ rateLimit: { limit: 1, windowSeconds: 86_400 } });
    await new Operations(client).getMe();

    const error = await errorOf(new Operations(client).getMe());

    expect(error).toMatchObject({ code: 'rate_limited', status: 429, retryAfter: expect.any(Number) });
    expect(requests).toHaveLength(2);
  });

  it.each([
    ['GET', 'repeated', 3],
    ['POST', 'not repeated', 1],
  ])('of %s is %s', async (method, _, expected) => {
    const busy = await listen((__, response) => response.writeHead(503, { 'Retry-After': '0' }).end('busy'));
    const client = createClient({ url: addressOf(busy), credentials: { token: 'x' } });

    const error = await errorOf(client.send({ method, path: '/users' }));

    expect(error).toMatchObject({ code: 'unexpected_response', status: 503, retryAfter: 0 });
    expect(requests).toHaveLength(expected);
  });
});

describe('a response that is not from Latchkey', () => {
  it.each<[string, number, Record<string, string>, string]>([
    ['a page of a gateway', 502, { 'Content-Type': 'text/html' }, '<h1>Bad gateway</h1>'],
    ['a page instead of JSON', 200, { 'Content-Type': 'text/html' }, '<h1>Sign in</h1>'],
    ['JSON of a gateway', 403, { 'Content-Type': 'application/json' }, '{"error":"forbidden"}'],
    ['a redirect', 302, { Location: 'http://127.0.0.1:1/' }, ''],
  ])('is reported with its status: %s', async (_, status, headers, body) => {
    const gateway = await listen((__, response) => response.writeHead(status, headers).end(body));
    const client = createClient({ url: addressOf(gateway), credentials: { token: 'x' }, retries: 0 });

    const error = await errorOf(new Operations(client).getMe());

    expect(error).toMatchObject({ code: 'unexpected_response', status, traceId: undefined });
    expect(requests).toHaveLength(1);
  });

  it('is reported as unreachable if there is none', async () => {
    const client = createClient({ url: 'http://127.0.0.1:1', credentials: { token: 'x' }, retries: 1 });

    expect(await errorOf(new Operations(client).getMe())).toMatchObject({ code: 'unreachable' });
    expect(requests).toHaveLength(2);
  });
});

describe('a call without response', () => {
  const waiting = async (options?: Partial<ClientOptions>, onRequest = () => {}) => {
    const mute = await listen(onRequest);
    return new Operations(createClient({ url: addressOf(mute), credentials: { token: 'x' }, ...options }));
  };

  it('ends at the time limit, and is not repeated', async () => {
    expect(await errorOf((await waiting({ timeout: 50 })).getMe())).toMatchObject({ code: 'timeout' });
    expect(requests).toHaveLength(1);
  });

  it('ends when its signal aborts, with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('The page was closed');
    const operations = await waiting({}, () => controller.abort(reason));

    await expect(operations.getMe({ signal: controller.signal })).rejects.toBe(reason);
    await expect(operations.getMe({ signal: controller.signal })).rejects.toBe(reason);
    expect(requests).toHaveLength(1);
  });
});

const servers: Server[] = [];

async function listen(listener: RequestListener): Promise<Server> {
  const other = createServer(listener);
  servers.push(other);
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  return other;
}

const addressOf = (other: Server) => `http://127.0.0.1:${(other.address() as AddressInfo).port}`;

afterAll(() => {
  for (const other of servers) {
    other.close();
    other.closeAllConnections();
  }
});
