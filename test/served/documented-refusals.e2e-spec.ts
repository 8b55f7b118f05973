import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { CONFLICTS, CONFLICTS_OF_RACES } from './answers/conflicts.js';
import { Documented, type ApiDocument, type Received } from './answers/documented.js';
import { EXAMPLES, type Example } from './answers/examples.js';
import { send } from './answers/send.js';
import { World } from './answers/world.js';

const PATIENCE = 60_000;
const FAILURES = 10;
/** Of those, the tests themselves need some. */
const API_TOKENS = 60;
/** Somebody behind a proxy who has failed too often. */
const THROTTLED = { 'X-Forwarded-For': '203.0.113.9' };
/** Change something all the time, and leave no entry. */
const NOT_AUDITED = ['POST /auth/bump', 'POST /auth/introspect'];

let database: TestDatabase;
let server: ServerProcess;
let world: World;
let documented: Documented;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await ServerProcess.start(
    serverOn(database, {
      LATCHKEY_API_TOKENS_PER_USER: String(API_TOKENS),
      LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: String(FAILURES),
      LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
    }),
  );
  documented = new Documented((await server.client.request<ApiDocument>('GET', '/openapi.json')).body);
  world = await World.on(server.client);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const routesWith = (status: string) =>
  [...documented.operations].filter(([, { responses }]) => responses[status]).map(([route]) => route);

/** The header fields that are documented for the success of an operation. */
function successHeadersOf(route: string): object {
  const { responses = {} } = documented.operations.get(route) ?? {};
  return Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]?.headers ?? {};
}

/** What is wrong with a refusal: another status or code than expected, or anything that is not documented. */
function complaintsOf(route: string, answer: Received, status: number, code: string): string[] {
  const operation = documented.operations.get(route);
  const found = operation ? documented.complaintsOf(operation, answer) : ['is no operation'];
  const text = new TextDecoder().decode(answer.bytes);
  const isExpected = answer.status === status && text.includes(`"code":"${code}"`);
  return [...found, ...(isExpected ? [] : [`answered ${answer.status}: ${text.slice(0, 300)}`])].map(
    (complaint) => `${route}: ${complaint}`,
  );
}

const exampleOf = async (route: string): Promise<Example> =>
  (await EXAMPLES[route]?.(world)) ?? { path: '/' };

describe('a conflict', () => {
  it('has a request here for every operation that is documented with one', () => {
    const driven = [...CONFLICTS.map(({ route }) => route), ...CONFLICTS_OF_RACES, 'PATCH /me'];

    expect([...new Set(driven)].sort()).toEqual(routesWith('409').sort());
  });

  it.each(CONFLICTS)('of $route is documented: $code', async ({ route, code, example }) => {
    const answer = await send(world, route, await example(world));

    expect(complaintsOf(route, answer, 409, code)).toEqual([]);
  });
});

describe('every operation whose failures are limited', () => {
  it('answers 429 as documented', async () => {
    const wrong = {
      path: '/auth/set-up',
      body: { secret: 'x'.repeat(22), password: 'a long enough password' },
    };
    for (let failures = 0; failures < FAILURES; failures += 1) {
      await send(world, 'POST /auth/set-up', { ...wrong, headers: THROTTLED });
    }

    // The others limit the writes of their users.
    const routes = routesWith('429').filter((route) => 'RateLimit' in successHeadersOf(route));
    const complaints: string[] = [];
    for (const route of routes) {
      const example = await exampleOf(route);
      const answer = await send(world, route, { ...example, headers: { ...example.headers, ...THROTTLED } });
      complaints.push(...complaintsOf(route, answer, 429, 'throttled'));
    }

    expect(complaints).toEqual([]);
    expect(routes.sort()).toEqual(['POST /auth/login', 'POST /auth/set-up', 'PUT /me/password']);
  });
});

describe('every operation that leaves an entry, while none can be written', () => {
  it(
    'answers 503 as documented',
    async () => {
      const changing = routesWith('503').filter(
        (route) => !/^(GET|HEAD) /.test(route) && !NOT_AUDITED.includes(route),
      );
      const complaints: string[] = [];
      for (const route of changing) {
        const example = await exampleOf(route);
        await database.execute('ALTER TABLE audit_events RENAME TO audit_events_away');
        const answer = await send(world, route, example);
        await database.execute('ALTER TABLE audit_events_away RENAME TO audit_events');
        complaints.push(...complaintsOf(route, answer, 503, 'unavailable'));
      }

      expect(complaints).toEqual([]);
      expect(changing.length).toBeGreaterThan(20);
    },
    PATIENCE,
  );
});
