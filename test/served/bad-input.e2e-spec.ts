import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { USER_NAME_PATTERN, type ProblemDto } from '@latchkey/auth-models';
import { type Answer } from '../support/api-client.js';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { BAD_FIELDS, BAD_TEXTS, BAD_VALUES } from './answers/bad-values.js';
import { insideOf, outsideOf, parametersOutsideOf, type Constrained } from './answers/boundaries.js';
import { Documented, type ApiDocument, type Operation } from './answers/documented.js';
import { EXAMPLES, type Example } from './answers/examples.js';
import { valueOfText } from './answers/schema.js';
import { World } from './answers/world.js';

/** Refusals that name what is wrong. */
const POINTED = new Set(['invalid_parameter', 'validation_failed']);
/** Its query is the business of the gateway in front. */
const VERIFY = ['GET /auth/verify', 'HEAD /auth/verify'];

/** Codes of the rules that a value breaks by itself, whatever else is sent or stored. */
const RULES = new Set([
  ...['is_string', 'is_int', 'is_boolean', 'is_array', 'is_in', 'is_email', 'is_rfc3339', 'is_iso8601'],
  ...[
    'min',
    'max',
    'min_length',
    'max_length',
    'array_min_size',
    'array_max_size',
    'array_unique',
    'matches',
  ],
  ...['is_single_line', 'is_user_name', 'is_password', 'is_hashable', 'is_sort', 'is_token_states'],
]);

/** Requests that are sent together: log-ins that wait longer are told to come again. */
const AT_ONCE = 8;
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
  const answers: Answer<ProblemDto | undefined>[] = [];
  for (let first = 0; first < requests.length; first += AT_ONCE) {
    const some = requests.slice(first, first + AT_ONCE).map((request) => answerTo(route, request));
    answers.push(...(await Promise.all(some)));
  }
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
  /** What it has to be refused with, if it is never right. */
  refusal?: { status: number; pointer: string };
  /** The pointer to a value that may not be refused for its form; empty = nothing may be. */
  allowed?: string;
  /** Whether the document forbids it. */
  isForbidden?: boolean;
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
  const isRefusedWith = (refusal: { status: number; pointer: string }) =>
    status === refusal.status && body?.errors?.some(({ pointer }) => pointer === refusal.pointer);
  const isRefusedForItsForm = (body?.errors ?? []).some(
    ({ pointer, code }) =>
      request?.allowed !== undefined &&
      pointer.startsWith(request.allowed) &&
      (RULES.has(code) || (request.allowed === '' && code === 'missing')),
  );
  const isPointless = needsPointer && !body?.errors?.[0]?.pointer;
  return [
    ...(status >= 500 ? [`answers ${status}`] : []),
    ...(request?.refusal && !isRefusedWith(request.refusal) ? [`answers ${status}: ${text}`] : []),
    ...(request?.isForbidden && status < 400 ? [`answers ${status} to what is not allowed`] : []),
    ...(isRefusedForItsForm ? [`answers ${status}: ${text}`] : []),
    ...(isPointless ? [`refuses without a pointer: ${text}`] : []),
  ];
}

const parametersOf = ({ parameters = [] }: Operation, place: string) =>
  parameters.filter((parameter) => parameter.in === place).map(({ name }) => name);

const parameterSchemaOf = ({ parameters = [] }: Operation, name: string): Constrained =>
  parameters.find((parameter) => parameter.name === name)?.schema ?? {};

/** What the document says of a value: that it is refused, or that it is not refused for its form. */
function asDocumented(schema: Constrained, value: unknown, name: string): Partial<Bad> {
  if (!documented.allows(schema, value)) {
    return { isForbidden: true };
  }
  // A pattern cannot say which letters of Unicode make a user's name.
  const isName = schema.pattern === USER_NAME_PATTERN && !/^[\x20-\x7e]*$/.test(String(value));
  return isName ? {} : { allowed: `/${name}` };
}

const withQuery = (example: Example, query: string): Example => ({
  ...example,
  path: `${example.path.split('?', 1)[0]}?${query}`,
});

/** A body with one member more, an own one whatever its name is. */
function withMember(body: unknown, name: string, value: unknown): object {
  return Object.defineProperty({ ...(body as object) }, name, { value, enumerable: true });
}

/** Goes through places where something bad can be put, and collects what is wrong with the answers. */
async function drive(
  placesOf: (operation: Operation, route: string) => string[],
  badOnes: (example: Example, place: string, operation: Operation) => Bad[],
): Promise<string[]> {
  const complaints: string[] = [];
  for (const [route, operation] of documented.operations) {
    for (const place of placesOf(operation, route)) {
      const example = (await EXAMPLES[route]?.(world)) ?? { path: '/' };
      complaints.push(...(await complaintsOf(route, badOnes(example, place, operation))));
    }
  }
  return complaints;
}

/** Members that would give somebody more than they have, or lead a mapper astray; each wants a value that could be taken. */
const FORBIDDEN_MEMBERS = Object.entries({
  roles: ['admin'],
  enabled: true,
  id: 'x',
  version: 0,
  passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA',
  userId: 'x',
  constructor: { prototype: { isAdmin: true } },
}).concat(Object.entries(JSON.parse('{"__proto__":{"roles":["admin"]}}') as object));

describe('B15 mass assignment: members that no body of the operation has', () => {
  it(
    'are refused with 422 and their name, and change nothing',
    async () => {
      let tried = 0;
      const complaints = await drive(
        ({ requestBody }) => (requestBody?.content['application/json'] ? ['body'] : []),
        (example, _, operation) => {
          const known = documented.membersOf(operation);
          const forbidden = FORBIDDEN_MEMBERS.filter(([name]) => !known.includes(name));
          tried += forbidden.length;
          return forbidden.map(([name, value]) => ({
            example: { ...example, body: withMember(example.body, name, value) },
            bad: name,
            refusal: { status: 422, pointer: `/${name}` },
          }));
        },
      );

      process.stdout.write(`${tried} forbidden members on ${globalThis.DATABASE_KIND}\n`);
      expect(complaints).toEqual([]);
      expect(tried).toBeGreaterThan(100);
    },
    PATIENCE,
  );
});

describe('B17 hostile input to every operation', () => {
  it(
    'is refused by query parameters with a pointer, or taken, and never breaks anything',
    async () => {
      const complaints = await drive(
        (operation, route) => (VERIFY.includes(route) ? [] : parametersOf(operation, 'query')),
        (example, name, operation) => [
          ...BAD_TEXTS.map((text) => ({
            example: withQuery(example, `${name}=${encodeURIComponent(text)}`),
            bad: `${name}=${text}`,
            ...asDocumented(
              parameterSchemaOf(operation, name),
              valueOfText(text, parameterSchemaOf(operation, name)),
              name,
            ),
          })),
          ...[
            ...['%ff', '%c0%af', '%ed%a0%80', '%', '%zz'].map((bytes) => `${name}=${bytes}`),
            `${name}=1&${name}=2`,
            `${name}[]=1`,
            `${name}[a]=1`,
          ].map((bad) => ({ example: withQuery(example, bad), bad })),
        ],
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
      const complaints = await drive(
        (operation) => documented.membersOf(operation),
        (example, name, operation) =>
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
            ...asDocumented(documented.memberSchemasOf(operation).get(name) ?? {}, value, name),
          })),
      );

      expect(complaints).toEqual([]);
    },
    PATIENCE,
  );
});

/** A body with one member, or one within another such as `filter/q`, in place of what the example has there. */
function bodyWith(example: Example, path: string, value: unknown, known: readonly string[]): Example {
  const [member = '', within] = path.split('/');
  const body = {
    ...(example.body as object),
    version: undefined,
    // Both would be one too many.
    ...(member === 'filter' && { ids: undefined }),
    // Else it would change what the next requests are about.
    ...(known.includes('dryRun') && { dryRun: true }),
    [member]: within === undefined ? value : { [within]: value },
  };
  return { ...example, headers: { 'If-Match': '*', ...(example.headers ?? world.asAdmin) }, body };
}

describe('the constraints in the OpenAPI document', () => {
  it(
    'reject values of members just outside, and no value just inside',
    async () => {
      let tried = 0;
      const complaints = await drive(
        (operation) => [...documented.memberSchemasOf(operation).keys()],
        (example, path, operation) => {
          const schema = documented.memberSchemasOf(operation).get(path) ?? {};
          const known = documented.membersOf(operation);
          const requests = [
            ...outsideOf(schema).map((value) => ({
              example: bodyWith(example, path, value, known),
              bad: `${path} = ${JSON.stringify(value)}`,
              refusal: { status: 422, pointer: `/${path}` },
            })),
            ...insideOf(schema).map((value) => ({
              example: bodyWith(example, path, value, known),
              bad: `${path} = ${JSON.stringify(value)}`,
              allowed: `/${path}`,
            })),
          ];
          tried += requests.length;
          return requests;
        },
      );

      process.stdout.write(`${tried} values of members on ${globalThis.DATABASE_KIND}\n`);
      expect(complaints).toEqual([]);
      expect(tried).toBeGreaterThan(500);
    },
    PATIENCE,
  );

  it(
    'reject parameters just outside, and no parameter just inside',
    async () => {
      let tried = 0;
      const complaints = await drive(
        (operation, route) => (VERIFY.includes(route) ? [] : parametersOf(operation, 'query')),
        (example, name, operation) => {
          const schema = parameterSchemaOf(operation, name);
          const requests = [
            ...parametersOutsideOf(schema).map((text) => ({
              example: withQuery(example, `${name}=${encodeURIComponent(text)}`),
              bad: `${name}=${text}`,
              refusal: { status: 400, pointer: `/${name}` },
            })),
            ...insideOf(schema).map((value) => ({
              example: withQuery(example, `${name}=${encodeURIComponent(String(value))}`),
              bad: `${name}=${String(value)}`,
              allowed: `/${name}`,
            })),
          ];
          tried += requests.length;
          return requests;
        },
      );

      process.stdout.write(`${tried} parameters on ${globalThis.DATABASE_KIND}\n`);
      expect(complaints).toEqual([]);
      expect(tried).toBeGreaterThan(200);
    },
    PATIENCE,
  );

  it(
    'require the members that they say, and the body only if they require a member',
    async () => {
      const complaints = await drive(
        ({ requestBody }) => (requestBody?.content['application/json'] ? ['body'] : []),
        (example, _, operation) => {
          const required = documented.requiredOf(operation);
          const headers = { 'If-Match': '*', ...(example.headers ?? world.asAdmin) };
          return [
            ...required.map((name) => ({
              example: { ...example, headers, body: { ...(example.body as object), [name]: undefined } },
              bad: `no ${name}`,
              refusal: { status: 422, pointer: `/${name}` },
            })),
            {
              example: { ...example, headers, body: undefined },
              bad: 'no body',
              ...(operation.requestBody?.required
                ? { refusal: { status: 422, pointer: `/${required[0]}` } }
                : { allowed: '' }),
            },
          ];
        },
      );

      expect(complaints).toEqual([]);
    },
    PATIENCE,
  );
});
