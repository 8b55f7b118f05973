import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CreateTokenDto, type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { EXAMPLES } from '../support/build-example.mjs';
import { type Example, ExampleProcess } from '../support/example-process.js';
import { describeIfInstalled, PYTHON_MISSING } from '../support/external-programs.js';
import { ADMIN, newRole, newUser, PASSWORD } from '../support/factories.js';
import { flushTokenUsage, useServer } from '../support/use-server.js';
import { waitUntil } from '../support/wait-until.js';

const server = useServer();
let asAdmin: Headers;
let verifierToken: string;

/** Creates a user with permissions and returns an API token. */
async function createToken(...permissions: string[]): Promise<UserTokenDto> {
  return createLimitedToken({}, ...permissions);
}

/** The same with limits on the use of the token. */
async function createLimitedToken(limits: CreateTokenDto, ...permissions: string[]): Promise<UserTokenDto> {
  const { client } = server;
  const role = newRole({ permissions });
  const { name } = newUser();
  expect((await client.createRole(role, asAdmin)).status).toBe(201);
  expect((await client.createUser(newUser({ name, roles: [role.name] }), asAdmin)).status).toBe(201);
  return (await client.createMyToken(await client.loginHeaders(name, PASSWORD), limits)).body;
}

beforeAll(async () => {
  const { client } = server;
  asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  const orders = { name: 'orders', permissions: [{ name: 'orders:read', description: 'Read orders.' }] };
  expect((await client.createApi(orders, asAdmin)).status).toBe(201);
  verifierToken = (await createToken('tokens:introspect')).token ?? '';
});

const NODE_GUIDE = 'docs/guides/verify-locally.md';
const PYTHON_GUIDE = 'libs/python/README.md';

describe.each<Example>(['express', 'fastify', 'nest'])('examples/%s', (name) => {
  // Nest sends the signal again when it has stopped.
  describeExample(name, NODE_GUIDE, name === 'nest' ? 'SIGTERM' : 0);
});

for (const name of ['flask', 'fastapi', 'django'] as const) {
  describeIfInstalled(PYTHON_MISSING, `examples/${name}`, () => {
    // As does Uvicorn.
    describeExample(name, PYTHON_GUIDE, name === 'fastapi' ? 'SIGTERM' : 0);
  });
}

function describeExample(name: Example, guide: string, exit: number | NodeJS.Signals): void {
  let example: ExampleProcess;

  beforeAll(async () => {
    example = await ExampleProcess.start(name, server.client.baseUrl, verifierToken);
  });

  afterAll(() => example.stop());

  it('requires a token, and the permission of a route, and rejects a revoked token', async () => {
    const [reader, other] = await Promise.all([createToken('orders:read'), createToken()]);

    const statuses = async (path: string) =>
      (
        await Promise.all(
          [{}, tokenHeader(reader), tokenHeader(other)].map((headers) => example.get(path, headers)),
        )
      ).map(({ status }) => status);
    expect([await statuses('/hello'), await statuses('/orders')]).toEqual([
      [401, 200, 200],
      [401, 200, 403],
    ]);
    const hello = await example.get('/hello', { authorization: `Bearer ${reader.token}` });
    expect(await hello.json()).toEqual({ hello: reader.user });

    await server.client.revokeToken(reader.id, asAdmin);
    let challenge: string | null = null;
    await waitUntil(async () => {
      const { status, headers } = await example.get('/orders', tokenHeader(reader));
      challenge = headers.get('www-authenticate');
      return status === 401;
    });
    expect(challenge).toBe('XAuthToken realm="latchkey", error="token_revoked"');
  });

  it('counts each request as one use, also on a route with permissions', async () => {
    const token = tokenHeader(await createLimitedToken({ maxUses: 4 }, 'orders:read'));

    const statuses = [];
    for (const path of ['/orders', '/hello', '/orders', '/hello', '/orders']) {
      statuses.push((await example.get(path, token)).status);
    }

    expect(statuses).toEqual([200, 200, 200, 200, 401]);
  });

  it('accepts both headers only with the same token, and reports no error without credentials', async () => {
    const [reader, other] = await Promise.all([createToken('orders:read'), createToken()]);
    const bearer = ({ token }: UserTokenDto) => ({ Authorization: `Bearer ${token}` });
    const answerTo = async (headers: Headers) => {
      const answer = await example.get('/orders', headers);
      return [answer.status, answer.headers.get('www-authenticate')];
    };

    expect(await answerTo({ ...tokenHeader(reader), ...bearer(reader) })).toEqual([200, null]);
    expect(await answerTo({})).toEqual([401, 'XAuthToken realm="latchkey"']);
    const empty: Headers[] = [
      { 'X-Auth-Token': '' },
      { Authorization: '' },
      { 'X-Auth-Token': '', Authorization: '' },
    ];
    for (const headers of empty) {
      expect(await answerTo(headers)).toEqual([401, 'XAuthToken realm="latchkey", error="invalid_token"']);
    }
    expect(await answerTo({ ...tokenHeader(reader), ...bearer(other) })).toEqual([400, null]);
  });

  it('is the code in the guide', async () => {
    const [code, page] = await Promise.all([EXAMPLES[name], guide].map((path) => readFile(path, 'utf8')));

    expect(page).toContain(`\n${code}\`\`\`\n`);
  });

  it('reports the last uses when it is asked to stop, and rejections that Latchkey can then explain', async () => {
    const [reader, other] = await Promise.all([createToken('orders:read'), createToken()]);
    await waitUntil(async () => (await example.health()).fresh);
    for (let use = 0; use < 3; use += 1) {
      await example.get('/orders', tokenHeader(reader));
    }
    const traceId = `trace-${name}`;
    await example.get('/orders', { ...tokenHeader(other), 'x-request-id': traceId });

    expect([await example.stop(), example.output]).toEqual([exit, expect.not.stringContaining('Error')]);

    await flushTokenUsage(server);
    const { body: usage } = await server.client.tokenUsage(reader.id, asAdmin);
    expect(usage.days).toMatchObject([{ uses: 3 }]);
    const path = `/explanations/${traceId}`;
    const { body: explanation } = await server.client.request('GET', path, { headers: asAdmin });
    expect(explanation).toMatchObject({ cause: 'missing_permission', method: 'GET', route: '/orders' });
  });
}
