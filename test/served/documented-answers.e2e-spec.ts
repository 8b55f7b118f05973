import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { Documented, type ApiDocument, type Operation } from './answers/documented.js';
import { EXAMPLES, type Example } from './answers/examples.js';
import { refusedVariants } from './answers/refused-variants.js';
import { send } from './answers/send.js';
import { World } from './answers/world.js';

/** As a browser marks a request of a page of this server. */
const FROM_OUR_PAGE = { 'Sec-Fetch-Site': 'same-origin' };

/** Hundreds of requests, each after others that prepare for it. */
const PATIENCE = 120_000;

let database: TestDatabase;
let server: ServerProcess;
let world: World;
let documented: Documented;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await ServerProcess.start(serverOn(database, { LATCHKEY_API_TOKENS_PER_USER: '1000' }));
  const { body } = await server.client.request<ApiDocument>('GET', '/openapi.json');
  documented = new Documented(body);
  world = await World.on(server.client);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

/** Sends the example of each operation, as `change` would have it, and collects what is wrong with the answers. */
async function driveAll(
  change: (operation: Operation, example: Example, route: string) => Example[],
  isExpected: (status: number) => boolean,
): Promise<string[]> {
  const complaints: string[] = [];
  for (const [route, operation] of documented.operations) {
    const count = change(operation, { path: '/' }, route).length;
    for (let index = 0; index < count; index += 1) {
      const example = await EXAMPLES[route]?.(world);
      const request = example && change(operation, example, route)[index];
      if (request) {
        const answer = await send(world, route, request);
        const found = documented.complaintsOf(operation, answer);
        if (!isExpected(answer.status)) {
          found.push(`answered ${answer.status}: ${new TextDecoder().decode(answer.bytes).slice(0, 300)}`);
        }
        complaints.push(...found.map((complaint) => `${route} (${request.headers?.Accept}): ${complaint}`));
      }
    }
  }
  return complaints;
}

const isSuccess = (status: number) => status >= 200 && status < 300;

describe('every operation of the OpenAPI document', () => {
  it('has an example here, and every example an operation', () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual([...documented.operations.keys()].sort());
  });

  it('shows examples that are as it says', () => {
    expect(documented.wrongExamples()).toEqual([]);
  });

  it('answers dry runs as documented', async () => {
    const complaints = await driveAll(
      (_, example, route) =>
        route.endsWith('/bulk') ? [{ ...example, body: { ...Object(example.body), dryRun: true } }] : [],
      (status) => status === 200,
    );

    expect(complaints).toEqual([]);
  });

  it(
    'answers as documented, in every type that is documented',
    async () => {
      const complaints = await driveAll((operation, example) => {
        const success = Object.entries(operation.responses).find(([status]) =>
          isSuccess(Number(status)),
        )?.[1];
        const types = Object.keys(success?.content ?? { '*/*': {} });
        return types.map((Accept) => ({
          ...example,
          headers: { ...(example.headers ?? world.asAdmin), Accept },
        }));
      }, isSuccess);

      expect(complaints).toEqual([]);
    },
    PATIENCE,
  );

  it(
    'takes a body in every type that is documented',
    async () => {
      const complaints = await driveAll(
        ({ requestBody }, example) =>
          Object.keys(requestBody?.content ?? {}).map((type) => ({
            ...example,
            headers: { ...(example.headers ?? world.asAdmin), 'Content-Type': type },
          })),
        isSuccess,
      );

      expect(complaints).toEqual([]);
    },
    PATIENCE,
  );
});

describe('header fields that only one route sends', () => {
  it.each<[string, number, string, (world: World) => Example | Promise<Example>]>([
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
      async (someWorld) => ({
        path: '/auth/logout',
        headers: { ...(await someWorld.session()), ...FROM_OUR_PAGE, 'X-Requested-With': 'XMLHttpRequest' },
      }),
    ],
    ['GET /openapi.json', 304, 'etag', () => ({ path: '/openapi.json', headers: { 'If-None-Match': '*' } })],
    [
      'GET /auth/session',
      401,
      'set-cookie',
      () => ({ path: '/auth/session', headers: { ...FROM_OUR_PAGE, Cookie: '__Host-latchkey=lk_wrong' } }),
    ],
  ])('%s with %i: documents %s', async (route, status, names, exampleOf) => {
    const operation = documented.operations.get(route) as Operation;

    const answer = await send(world, route, await exampleOf(world));

    expect(answer.status).toBe(status);
    expect(names.split(', ').filter((name) => !answer.headers.has(name))).toEqual([]);
    expect(documented.complaintsOf(operation, answer)).toEqual([]);
  });
});

describe.each(Object.entries(refusedVariants))('every operation %s', (_, { status, variantOf }) => {
  it(
    `answers ${status} as documented`,
    async () => {
      const complaints = await driveAll(
        (operation, example, route) => variantOf({ operation, example, route, world }) ?? [],
        (answered) => answered === status,
      );

      expect(complaints).toEqual([]);
    },
    PATIENCE,
  );
});
