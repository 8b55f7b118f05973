import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { CONFLICTS, CONCURRENT_CONFLICTS } from './operations/conflicts.js';
import { DocumentedApi, type ApiDocument } from './operations/documented-api.js';
import { EXAMPLES, type Example } from './operations/examples.js';
import { Fixtures, type ReceivedResponse } from './operations/fixtures.js';

const FAILURES = 10;
/** Some of them are for the tests themselves. */
const API_TOKENS = 60;
/** Address of a client behind a proxy with too many failed attempts. */
const THROTTLED = { 'X-Forwarded-For': '203.0.113.9' };

let database: TestDatabase;
let server: ServerProcess;
let fixtures: Fixtures;
let documented: DocumentedApi;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await ServerProcess.start(
    serverOn(database, {
      LATCHKEY_API_TOKENS_PER_USER: String(API_TOKENS),
      LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: String(FAILURES),
      LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
    }),
  );
  documented = new DocumentedApi((await server.client.request<ApiDocument>('GET', '/openapi.json')).body);
  fixtures = await Fixtures.on(server.client);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const routesWith = (status: string) =>
  [...documented.operations].filter(([, { responses }]) => responses[status]).map(([route]) => route);

/** Returns the documented header fields of a successful response. */
function successHeadersOf(route: string): object {
  const { responses = {} } = documented.operations.get(route) ?? {};
  return Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]?.headers ?? {};
}

/** Returns the errors of a response: an unexpected status or code, and anything undocumented. */
function complaintsOf(route: string, response: ReceivedResponse, status: number, code: string): string[] {
  const operation = documented.operations.get(route);
  const found = operation ? documented.complaintsOf(operation, response) : ['is not documented'];
  const text = new TextDecoder().decode(response.bytes);
  const isExpected = response.status === status && text.includes(`"code":"${code}"`);
  return [...found, ...(isExpected ? [] : [`returned ${response.status}: ${text.slice(0, 300)}`])].map(
    (complaint) => `${route}: ${complaint}`,
  );
}

const exampleOf = async (route: string): Promise<Example> =>
  (await EXAMPLES[route]?.(fixtures)) ?? { path: '/' };

describe('documented conflicts', () => {
  it('are tested for every operation that documents one', () => {
    const tested = [...CONFLICTS.map(({ route }) => route), ...CONCURRENT_CONFLICTS, 'PATCH /me'];

    expect([...new Set(tested)].sort()).toEqual(routesWith('409').sort());
  });

  it.each(CONFLICTS)('match the response of $route: $code', async ({ route, code, example }) => {
    const response = await fixtures.send(route, await example(fixtures));

    expect(complaintsOf(route, response, 409, code)).toEqual([]);
  });
});

describe('operations with a limit on failures', () => {
  it('return 429 as documented', async () => {
    const wrong = {
      path: '/auth/set-up',
      body: { secret: 'x'.repeat(22), password: 'a long enough password' },
    };
    for (let failures = 0; failures < FAILURES; failures += 1) {
      await fixtures.send('POST /auth/set-up', { ...wrong, headers: THROTTLED });
    }

    // The other operations limit the writes of each user.
    const routes = routesWith('429').filter((route) => 'RateLimit' in successHeadersOf(route));
    const complaints: string[] = [];
    for (const route of routes) {
      const example = await exampleOf(route);
      const response = await fixtures.send(route, {
        ...example,
        headers: { ...example.headers, ...THROTTLED },
      });
      complaints.push(...complaintsOf(route, response, 429, 'throttled'));
    }

    expect(complaints).toEqual([]);
    expect(routes.sort()).toEqual([
      'POST /auth/claims',
      'POST /auth/claims/details',
      'POST /auth/login',
      'POST /auth/report-leak',
      'POST /auth/set-up',
      'PUT /me/password',
    ]);
  });
});
