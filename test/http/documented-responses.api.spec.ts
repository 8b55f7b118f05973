import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { DocumentedApi, type ApiDocument, type Operation } from './operations/documented-api.js';
import { EXAMPLES, type Example } from './operations/examples.js';
import { INVALID_VARIANTS } from './operations/invalid-variants.js';
import { Fixtures } from './operations/fixtures.js';

/** Header field that browsers add to same-origin requests. */
const SAME_ORIGIN = { 'Sec-Fetch-Site': 'same-origin' };

/** Milliseconds for hundreds of requests and their preparation. */
const TIMEOUT = 180_000;

let database: TestDatabase;
let server: ServerProcess;
let fixtures: Fixtures;
let documented: DocumentedApi;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await ServerProcess.start(serverOn(database, { LATCHKEY_API_TOKENS_PER_USER: '1000' }));
  const { body } = await server.client.request<ApiDocument>('GET', '/openapi.json');
  documented = new DocumentedApi(body);
  fixtures = await Fixtures.on(server.client);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

/** Sends variants of the example of each operation and returns the errors of all responses. */
async function testAll(
  change: (operation: Operation, example: Example, route: string) => Example[],
  isExpected: (status: number) => boolean,
): Promise<string[]> {
  const complaints: string[] = [];
  for (const [route, operation] of documented.operations) {
    const count = change(operation, { path: '/' }, route).length;
    for (let index = 0; index < count; index += 1) {
      const example = await EXAMPLES[route]?.(fixtures);
      const request = example && change(operation, example, route)[index];
      if (request) {
        const response = await fixtures.send(route, request);
        const found = documented.complaintsOf(operation, response);
        if (!isExpected(response.status)) {
          found.push(
            `returned ${response.status}: ${new TextDecoder().decode(response.bytes).slice(0, 300)}`,
          );
        }
        complaints.push(...found.map((complaint) => `${route} (${request.headers?.Accept}): ${complaint}`));
      }
    }
  }
  return complaints;
}

const isSuccess = (status: number) => status >= 200 && status < 300;

describe('the operations of the OpenAPI document', () => {
  it('all have an example in this test', () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual([...documented.operations.keys()].sort());
  });

  it('have examples that match their schemas', () => {
    expect(documented.invalidExamples()).toEqual([]);
  });

  it('return dry runs as documented', async () => {
    const complaints = await testAll(
      (_, example, route) =>
        route.endsWith('/bulk') ? [{ ...example, body: { ...Object(example.body), dryRun: true } }] : [],
      (status) => status === 200,
    );

    expect(complaints).toEqual([]);
  });

  it(
    'return the documented response in each documented media type',
    async () => {
      const complaints = await testAll((operation, example) => {
        const success = Object.entries(operation.responses).find(([status]) =>
          isSuccess(Number(status)),
        )?.[1];
        const types = Object.keys(success?.content ?? { '*/*': {} });
        return types.map((Accept) => ({
          ...example,
          headers: { ...(example.headers ?? fixtures.asAdmin), Accept },
        }));
      }, isSuccess);

      expect(complaints).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'accept a body in each documented media type',
    async () => {
      const complaints = await testAll(
        ({ requestBody }, example) =>
          Object.keys(requestBody?.content ?? {}).map((type) => ({
            ...example,
            headers: { ...(example.headers ?? fixtures.asAdmin), 'Content-Type': type },
          })),
        isSuccess,
      );

      expect(complaints).toEqual([]);
    },
    TIMEOUT,
  );
});

describe('header fields of single routes', () => {
  it.each<[string, number, string, (fixtures: Fixtures) => Example | Promise<Example>]>([
    [
      'POST /auth/login',
      200,
      'set-cookie, preference-applied',
      ({ asBasic }) => ({ path: '/auth/login', headers: { ...asBasic, Prefer: 'session-cookie' } }),
    ],
    [
      'POST /auth/logout',
      200,
      'set-cookie, clear-site-data',
      async (fixtures) => ({
        path: '/auth/logout',
        headers: { ...(await fixtures.session()), ...SAME_ORIGIN, 'X-Requested-With': 'XMLHttpRequest' },
      }),
    ],
    ['GET /openapi.json', 304, 'etag', () => ({ path: '/openapi.json', headers: { 'If-None-Match': '*' } })],
    [
      'GET /.well-known/latchkey',
      304,
      'etag',
      () => ({ path: '/.well-known/latchkey', headers: { 'If-None-Match': '*' } }),
    ],
    [
      'GET /auth/session',
      401,
      'set-cookie',
      () => ({
        path: '/auth/session',
        headers: { ...SAME_ORIGIN, Cookie: '__Host-latchkey=latchkey_wrong' },
      }),
    ],
  ])('%s returns %i with the documented %s', async (route, status, names, exampleOf) => {
    const operation = documented.operations.get(route) as Operation;

    const response = await fixtures.send(route, await exampleOf(fixtures));

    expect(response.status).toBe(status);
    expect(names.split(', ').filter((name) => !response.headers.has(name))).toEqual([]);
    expect(documented.complaintsOf(operation, response)).toEqual([]);
  });
});

describe.each(Object.entries(INVALID_VARIANTS))('operations %s', (_, { status, variantOf }) => {
  it(
    `return ${status} as documented`,
    async () => {
      const complaints = await testAll(
        (operation, example, route) => variantOf({ operation, example, route, fixtures }) ?? [],
        (received) => received === status,
      );

      expect(complaints).toEqual([]);
    },
    TIMEOUT,
  );
});
