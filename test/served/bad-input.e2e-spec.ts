import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { type Answer } from '../support/api-client.js';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { BAD_FIELDS, BAD_TEXTS, BAD_VALUES } from './answers/bad-values.js';
import { Documented, type ApiDocument, type Operation } from './answers/documented.js';
import { EXAMPLES, type Example } from './answers/examples.js';
import { World } from './answers/world.js';

/** Refusals that name what is wrong. */
const POINTED = new Set(['invalid_parameter', 'validation_failed']);
/** Its query is the business of the gateway in front. */
const VERIFY = ['GET /auth/verify', 'HEAD /auth/verify'];

/** Thousands of requests. */
const PATIENCE = 180_000;

let database: TestDatabase;
let server: ServerProcess;
let world: World;
let documented: Documented;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await ServerProcess.start(serverOn(database, { LATCHKEY_API_TOKENS_PER_USER: '100000' }));
  documented = new Documented((await server.client.request<ApiDocument>('GET', '/openapi.json')).body);
  world = await World.on(server.client);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

interface Entry {
  id: string;
  traceId: string | null;
}

async function entries(query: string): Promise<Entry[]> {
  const path = `/audit-events?outcome=success&${query}`;
  const { body } = await server.client.request<{ items: Entry[] }>('GET', path, { headers: world.asAdmin });
  return body.items;
}

/** Sends requests with something bad in each, and tells what is wrong with the answers. */
async function complaintsOf(route: string, requests: readonly Bad[]): Promise<string[]> {
  const [newest] = await entries('size=1');
  const answers = await Promise.all(requests.map((request) => answerTo(route, request)));
  // Whatever changes something leaves an entry of success with the id of its request.
  const changes = (await entries(`after=${newest?.id}&size=200`)).map(({ traceId }) => traceId);
  return answers.flatMap((answer, index) => {
    const id = answer.headers.get('x-request-id');
    const isRefusedAndDone = answer.status >= 400 && changes.includes(id);
    return [
      ...problemsOf(answer, requests[index]),
      ...(isRefusedAndDone ? [`answers ${answer.status}, and changes something`] : []),
    ].map((problem) => `${route} with ${requests[index]?.bad.slice(0, 80)}: ${problem}`);
  });
}

interface Bad {
  example: Example;
  /** What is bad about it. */
  bad: string;
  /** Whether any 400 is about it, and has to point at it. */
  isPointed?: boolean;
}

function answerTo(
  route: string,
  { example: { path, body, headers } }: Bad,
): Promise<Answer<ProblemDto | undefined>> {
  const [method = ''] = route.split(' ');
  return server.client.request(method, path, { headers: headers ?? world.asAdmin, body });
}

function problemsOf({ status, body, text }: Answer<ProblemDto | undefined>, request?: Bad): string[] {
  const needsPointer = POINTED.has(body?.code ?? '') || (request?.isPointed && status === 400);
  const isPointless = needsPointer && !body?.errors?.[0]?.pointer;
  return [
    ...(status >= 500 ? [`answers ${status}`] : []),
    ...(isPointless ? [`refuses without a pointer: ${text}`] : []),
  ];
}

const parametersOf = ({ parameters = [] }: Operation, place: string) =>
  parameters.filter((parameter) => parameter.in === place).map(({ name }) => name);

function membersOf(operation: Operation): string[] {
  const schema = (operation.requestBody?.content['application/json'] as { schema?: { $ref?: string } })
    ?.schema;
  const properties =
    documented.document.components.schemas[schema?.$ref?.split('/').at(-1) ?? '']?.properties;
  return Object.keys(properties ?? {});
}

const withQuery = (example: Example, query: string): Example => ({
  ...example,
  path: `${example.path.split('?', 1)[0]}?${query}`,
});

/** Goes through places where something bad can be put, and collects what is wrong with the answers. */
async function drive(
  placesOf: (operation: Operation, route: string) => string[],
  badOnes: (example: Example, place: string) => Bad[],
): Promise<string[]> {
  const complaints: string[] = [];
  for (const [route, operation] of documented.operations) {
    for (const place of placesOf(operation, route)) {
      const example = (await EXAMPLES[route]?.(world)) ?? { path: '/' };
      complaints.push(...(await complaintsOf(route, badOnes(example, place))));
    }
  }
  return complaints;
}

describe('B17 hostile input to every operation', () => {
  it(
    'is refused by query parameters with a pointer, or taken, and never breaks anything',
    async () => {
      const complaints = await drive(
        (operation, route) => (VERIFY.includes(route) ? [] : parametersOf(operation, 'query')),
        (example, name) =>
          [
            ...BAD_TEXTS.map((text) => `${name}=${encodeURIComponent(text)}`),
            ...['%ff', '%c0%af', '%ed%a0%80', '%', '%zz'].map((bytes) => `${name}=${bytes}`),
            `${name}=1&${name}=2`,
            `${name}[]=1`,
            `${name}[a]=1`,
          ].map((bad) => ({ example: withQuery(example, bad), bad })),
      );

      expect(complaints).toEqual([]);
    },
    PATIENCE,
  );

  it(
    'is refused by header fields with a pointer, or taken, and never breaks anything',
    async () => {
      const complaints = await drive(
        (operation) => parametersOf(operation, 'header'),
        (example, name) =>
          BAD_FIELDS.map((bad) => ({
            example: { ...example, headers: { ...(example.headers ?? world.asAdmin), [name]: bad } },
            bad: `${name}: ${bad}`,
            isPointed: true,
          })),
      );

      expect(complaints).toEqual([]);
    },
    PATIENCE,
  );

  it(
    'is refused in addresses, and never breaks anything',
    async () => {
      const complaints = await drive(
        (operation) => parametersOf(operation, 'path'),
        (example) =>
          BAD_TEXTS.filter((text) => text !== '').map((text) => {
            const path = example.path.replace(/^(\/\w+\/)[^/?]+/, `$1${encodeURIComponent(text)}`);
            return { example: { ...example, path }, bad: path };
          }),
      );

      expect(complaints).toEqual([]);
    },
    PATIENCE,
  );

  it(
    'is refused by members of bodies with a pointer, or taken, and never breaks anything',
    async () => {
      const complaints = await drive(membersOf, (example, name) =>
        BAD_VALUES.map((value) => ({
          example: {
            ...example,
            // Of any version, so that one that is taken does not hide what the next would do.
            headers: { 'If-Match': '*', ...(example.headers ?? world.asAdmin) },
            body: {
              ...(example.body as object),
              ...(name !== 'version' && { version: undefined }),
              [name]: value,
            },
          },
          bad: `${name} = ${JSON.stringify(value)}`,
        })),
      );

      expect(complaints).toEqual([]);
    },
    PATIENCE,
  );
});
