import { beforeAll, describe, expect, it } from '@jest/globals';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newUser } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

/** Every route that answers without credentials. A new one is added here on purpose, or not at all. */
const OPEN = [
  'GET /',
  'GET /admin',
  'GET /admin/*',
  'GET /docs',
  'GET /docs/*',
  'GET /health/live',
  'GET /health/ready',
  'GET /openapi.json',
  'POST /auth/set-up',
];

/**
 * Every write that a superseded secret may send: revocations, introspection, which only reads, and the routes that take no
 * token. A new one is added here on purpose, or not at all.
 */
const OPEN_TO_SUPERSEDED = [
  'DELETE /me/tokens',
  'DELETE /tokens/:id',
  'DELETE /users/:name/tokens',
  'POST /auth/introspect',
  'POST /auth/login',
  'POST /auth/logout',
  'POST /auth/set-up',
];

const server = useServer();
const asAdmin = useAdmin(server);
let routes: string[];

beforeAll(() => {
  routes = server.routes.filter((route) => !route.startsWith('HEAD '));
});

describe('every registered route', () => {
  it('is found by this test', () => {
    expect(routes).toEqual(
      expect.arrayContaining(['POST /auth/login', 'GET /auth/verify', 'DELETE /tokens/:id']),
    );
    expect(routes.length).toBeGreaterThan(15);
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

  it('returns 401 or 403 without credentials, except public routes', async () => {
    const answered = await Promise.all(
      routes.map(async (route) => {
        const [method = '', path = ''] = route.split(' ');
        const { status } = await server.client.request(
          method,
          path.replace(':id', 'some-id').replace('*', 'x'),
        );
        return { route, status };
      }),
    );

    expect(
      answered.filter(({ status }) => status !== 401 && status !== 403).map(({ route }) => route),
    ).toEqual(OPEN);
  });

  it('returns 403 for a write with a superseded secret, except the routes listed here', async () => {
    const writes = routes.filter((route) => !route.startsWith('GET '));

    const answered = await Promise.all(
      writes.map(async (route) => {
        const [method = '', path = ''] = route.split(' ');
        const { body } = await server.client.request<{ code?: string } | undefined>(
          method,
          path.replace(/:\w+/g, 'some-id'),
          { headers: await supersededAdministrator() },
        );
        return { route, code: body?.code };
      }),
    );

    expect(answered.filter(({ code }) => code !== 'token_superseded').map(({ route }) => route)).toEqual(
      OPEN_TO_SUPERSEDED,
    );
  });
});

/** The superseded secret of a new administrator's token, so that no answer depends on another. */
async function supersededAdministrator(): Promise<Headers> {
  const { name } = newUser();
  await server.client.createUser({ name, kind: 'service', roles: ['admin'] }, asAdmin);
  const { body: token } = await server.client.createUserToken(name, asAdmin);
  await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });
  return tokenHeader(token);
}
