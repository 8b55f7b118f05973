import { beforeAll, describe, expect, it } from '@jest/globals';
import { useServer } from '../support/use-server.js';

/** Every route that answers without credentials. A new one is added here on purpose, or not at all. */
const OPEN = [
  'GET /',
  'GET /admin',
  'GET /admin/*',
  'GET /docs',
  'GET /docs/',
  'GET /docs/*',
  'GET /docs/LICENSE',
  'GET /docs/docs/swagger-ui-init.js',
  'GET /docs/index.html',
  'GET /docs/swagger-ui-init.js',
  'GET /health/live',
  'GET /health/ready',
  'GET /openapi.json',
  'POST /auth/set-up',
];

const server = useServer();
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

  it('answers 401 or 403 without credentials, but those that are open', async () => {
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
});
