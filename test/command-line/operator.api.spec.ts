import { type OutgoingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AuditEventDto, type ProblemDto } from '@latchkey/auth-models';
import { newUser } from '../support/factories.js';
import { OPERATOR_READS, OPERATOR_ROUTES } from '../routes.js';
import { Operator } from '../support/operator.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer({
  environment: { LATCHKEY_WRITE_LIMIT_PER_USER: '2', LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' },
});
const asAdmin = useAdmin(server);
let operator: Operator;

beforeAll(async () => {
  operator = await Operator.of(server);
});

afterAll(() => operator.remove());

const create = (name: string, headers?: Record<string, string>) =>
  operator.send('POST', '/users', { name, roles: ['admin'] }, headers);

const codeOf = ({ text }: { text: string }) => (JSON.parse(text) as ProblemDto).code;

describe('Authorization: Operator', () => {
  it('authenticates an administrator on the socket, with the account in the audit trail', async () => {
    const { name } = newUser();

    const created = await create(name, {
      authorization: 'operator J%C3%BCrgen',
      'x-request-id': 'trace-of-a-command',
    });

    expect(created.status).toBe(201);
    const { body } = await server.client.request<{ items: AuditEventDto[] }>(
      'GET',
      `/audit-events?subject=${name}`,
      { headers: asAdmin },
    );
    expect(body.items).toEqual([
      expect.objectContaining({
        actor: { id: 'command-line', name: 'command line (Jürgen)' },
        traceId: 'trace-of-a-command',
      }),
    ]);
    expect(body.items[0]).not.toHaveProperty('address');
  });

  it('returns 401 over TCP, with any header', async () => {
    const forwarded = { 'X-Forwarded-For': '127.0.0.1', 'X-Real-IP': '127.0.0.1', Host: 'localhost' };

    const responses = await Promise.all(
      [
        '/users',
        '/tokens',
        '/auth/verify',
        ...OPERATOR_ROUTES.map((route) => route.split(' ')[1] ?? ''),
      ].flatMap((path) =>
        [{}, forwarded].map((headers) =>
          server.client.request(path.startsWith('/operator') ? 'POST' : 'GET', path, {
            headers: { Authorization: 'Operator alice', ...headers },
          }),
        ),
      ),
    );

    expect(responses.map(({ status }) => status)).toEqual(Array(16).fill(401));
  });

  it.each<[string, number, OutgoingHttpHeaders]>([
    ['no header', 401, {}],
    ['no account', 401, { authorization: 'Operator' }],
    ['a malformed account', 401, { authorization: 'Operator %E4' }],
    ['a token', 401, { authorization: 'Bearer latchkey_unknown' }],
    ['a name and password', 401, { authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}` }],
    ['a token beside it', 401, { authorization: 'Operator alice', 'x-auth-token': 'latchkey_unknown' }],
    ['two accounts', 400, { authorization: ['Operator alice', 'Operator bert'] as unknown as string }],
  ])('is required on the socket as well: %s returns %i', async (_, expected, headers) => {
    const { status } = await operator.send('GET', '/users', undefined, headers);

    expect(status).toBe(expected);
  });

  it('has no write limit and no rate-limit headers', async () => {
    const responses = [await create('one'), await create('two'), await create('three')];

    expect(responses.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(responses[0]?.headers).not.toHaveProperty('ratelimit');
  });

  it.each([
    'GET /me',
    'GET /me/tokens',
    'DELETE /me/tokens',
    'POST /auth/bump',
    'POST /auth/logout',
    'GET /auth/verify',
  ])('returns 403 for a route about the account or token of the caller: %s', async (route) => {
    const [method = '', path = ''] = route.split(' ');

    const { status, headers, text } = await operator.send(method, path);

    expect(status).toBe(403);
    expect(headers).not.toHaveProperty('x-auth-user');
    if (path !== '/auth/verify') {
      expect(JSON.parse(text)).toMatchObject({
        code: 'forbidden',
        detail: 'The command line has no account and no token.',
      });
    }
  });

  it('fails on no route with an internal error, with and without a body', async () => {
    const responses = [];
    for (const route of server.routes.filter((each) => !each.startsWith('HEAD '))) {
      const [method = '', path = ''] = route.split(' ');
      for (const body of method === 'GET' ? [undefined] : [undefined, {}]) {
        const { status } = await operator.send(
          method,
          path.replace(/:\w+/g, 'some-id').replace('*', 'x'),
          body,
        );
        responses.push({ route, body, status });
      }
    }

    expect(responses.filter(({ status }) => status >= 500)).toEqual([]);
  });
});

describe('/operator/…', () => {
  it('is all routes that only the command line can call', () => {
    expect(server.routes.filter((route) => route.includes(' /operator/')).sort()).toEqual([
      ...OPERATOR_READS,
      ...OPERATOR_ROUTES,
    ]);
  });

  it.each([...OPERATOR_READS, ...OPERATOR_ROUTES])('rejects an administrator: %s', async (route) => {
    const [method = '', path = ''] = route.split(' ');
    const body = method === 'POST' ? {} : undefined;

    const overTcp = await server.client.request<ProblemDto>(method, path, { headers: asAdmin, body });
    const overSocket = await operator.send(method, path, body, asAdmin);

    expect([overTcp.status, overSocket.status]).toEqual([403, 403]);
    if (method !== 'HEAD') {
      expect([overTcp.body.code, codeOf(overSocket)]).toEqual(['forbidden', 'forbidden']);
    }
  });
});

describe('GET /operator/address', () => {
  it('returns the address and the port that other clients connect to', async () => {
    const { status, text } = await operator.send('GET', '/operator/address');

    expect(status).toBe(200);
    const { hostname, port } = new URL(server.client.baseUrl);
    expect(JSON.parse(text)).toEqual({ address: hostname, port: Number(port) });
  });
});

describe('GET /operator/untrusted-proxies', () => {
  it('does not list a trusted proxy, nor the command line', async () => {
    await server.client.request('GET', '/health/live', { headers: { 'X-Forwarded-For': '192.0.2.1' } });

    expect(await operator.send('GET', '/operator/untrusted-proxies')).toMatchObject({
      status: 200,
      text: '[]',
    });
  });
});

describe('POST /operator/audit-verifications', () => {
  const verify = async (body: object) => {
    const response = await operator.send('POST', '/operator/audit-verifications', body);
    const lines = response.text.trimEnd().split('\n');
    return { ...response, lines: lines.map((line) => JSON.parse(line) as object) };
  };

  it('streams its progress, and then the result', async () => {
    const { status, headers, lines } = await verify({ keys: [] });

    expect([status, headers['content-type']]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
    expect(lines).toEqual([
      { progress: { done: expect.any(Number), total: expect.any(Number), what: 'entries' } },
      { result: { entries: expect.any(Number), problems: [], head: expect.any(String) } },
    ]);
  });

  it('streams an error as its last line', async () => {
    const { lines } = await verify({ keys: ['no key'] });

    expect(lines).toEqual([
      {
        problem: expect.objectContaining({
          status: 422,
          code: 'validation_failed',
          detail: expect.stringMatching(/^The key/),
        }),
      },
    ]);
  });
});

describe('POST /operator/user-imports', () => {
  const importUsers = (rows: unknown) =>
    operator.send('POST', '/operator/user-imports', { rows, isDryRun: false, isSkippingExisting: false });

  it('accepts more members and bytes than other routes', async () => {
    const rows = Array.from({ length: 200 }, (_, index) => ({
      line: index + 1,
      user: {
        name: `import-${index}`,
        displayName: 'x'.repeat(200),
        email: `${index}@${'x'.repeat(60)}.example.org`,
        roles: ['user', 'auditor'],
      },
    }));

    const { status, text } = await importUsers(rows);

    expect([status, JSON.parse(text)]).toEqual([200, { imported: 200, skipped: 0, problems: [] }]);
  });

  it.each([
    ['no list', 'none'],
    ['a row that is no object', [null]],
    ['a row in a list', [[]]],
    ['a row without a user', [{ line: 1 }]],
    ['a user that is no object', [{ line: 1, user: 'anna' }]],
    ['a row without a line', [{ user: { name: 'anna' } }]],
    ['201 rows', Array.from({ length: 201 }, (_, line) => ({ line, user: { name: `too-many-${line}` } }))],
  ])('returns 422 for %s', async (_, rows) => {
    const response = await importUsers(rows);

    expect([response.status, codeOf(response)]).toEqual([422, 'validation_failed']);
  });
});
