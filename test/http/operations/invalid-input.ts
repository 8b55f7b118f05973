import { beforeAll, describe, expect, it } from '@jest/globals';
import { USER_NAME_PATTERN, type ProblemDto } from '@latchkey/auth-models';
import { FEATURES } from '../../../apps/api/src/features.js';
import { type ApiResponse } from '../../support/api-client.js';
import { describeOnce, IS_DEEP } from '../../support/deep.js';
import { Fixtures, type RouteRequest } from '../../support/routes/fixtures.js';
import { isChange } from '../../support/routes/route.js';
import { useServer } from '../../support/use-server.js';
import { BAD_FIELDS, BAD_TEXTS, BAD_VALUES } from './bad-values.js';
import { valuesInside, valuesOutside, parametersOutside, type Constrained } from './boundaries.js';
import { DocumentedApi, withPathParameter, type Operation } from './documented-api.js';
import { parseText } from './read-response.js';

/** Codes of problems whose `errors` must have a pointer. */
const POINTED = new Set(['invalid_parameter', 'validation_failed']);
/** Routes that ignore unknown query parameters, which belong to the gateway's request. */
const VERIFY = ['GET /auth/verify', 'HEAD /auth/verify'];

/** Codes of rules that depend only on the value, not on other members or stored data. */
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
  ...[
    'is_single_line',
    'is_user_name',
    'is_password',
    'password_too_short',
    'is_hashable',
    'is_sort',
    'is_token_states',
  ],
]);

/** Concurrent requests. With more, logins would be rejected because of the queue. */
const CONCURRENCY = 8;
/** Milliseconds for thousands of requests. */
const TIMEOUT = 180_000;

/** Part of the values that each place gets. */
interface Sample {
  /** Returns the schema of a place. Places with the same one share the values. */
  schemaOf: (operation: Operation, place: string) => Constrained;
  /** A place gets at most one in this number of its values, even if no other place has its schema. */
  least: number;
  /** A place gets at least one in this number of its values, however many places share them. */
  most: number;
}

const server = useServer({ features: FEATURES, environment: { LATCHKEY_API_TOKENS_PER_USER: '100000' } });
let fixtures: Fixtures;
let documented: DocumentedApi;

beforeAll(async () => {
  documented = await DocumentedApi.ofBuild();
  fixtures = await Fixtures.on(server.client);
});

/** Result of an invalid request. */
interface Result {
  what: string;
  status: number;
  /** Id of the request. */
  id: string | null;
  /** Errors of the response. */
  problems: string[];
}

async function sendAll(route: string, requests: readonly InvalidRequest[]): Promise<Result[]> {
  const results: Result[] = [];
  for (let first = 0; first < requests.length; first += CONCURRENCY) {
    const some = requests.slice(first, first + CONCURRENCY).map(async (request) => {
      const response = await send(request);
      return {
        what: `${route} with ${request.bad.slice(0, 80)}`,
        status: response.status,
        id: response.headers.get('x-request-id'),
        problems: problemsOf(response, request),
      };
    });
    results.push(...(await Promise.all(some)));
  }
  return results;
}

/** Returns the errors of all responses, and the rejected requests that changed something. */
async function complaintsAbout(results: readonly Result[]): Promise<string[]> {
  // Every change adds a successful audit event with the id of its request.
  const events = await server.database.query<{ traceId: string | null }>(
    `SELECT "traceId" FROM audit_events WHERE outcome = 'success'`,
  );
  const changes = new Set(events.map(({ traceId }) => traceId));
  return results.flatMap(({ what, status, id, problems }) => {
    const isRejectedButDone = status >= 400 && changes.has(id);
    return [...problems, ...(isRejectedButDone ? [`returns ${status}, but changes something`] : [])].map(
      (problem) => `${what}: ${problem}`,
    );
  });
}

interface InvalidRequest {
  example: RouteRequest;
  /** Description of the error. */
  bad: string;
  /** Expected errors, if the request is always invalid. */
  expected?: { status: number; pointers: string[] };
  /** Pointer to a value that must not be rejected for its format; empty for the whole body. */
  allowed?: string;
  /** Whether the OpenAPI document forbids the value. */
  isForbidden?: boolean;
  /** Whether a 400 response must have a pointer. */
  isPointed?: boolean;
}

function send({
  example: { method, path, body, headers },
}: InvalidRequest): Promise<ApiResponse<ProblemDto | undefined>> {
  return server.client.request(method, path, { headers, body });
}

function problemsOf(
  { status, body, text }: ApiResponse<ProblemDto | undefined>,
  request: InvalidRequest,
): string[] {
  const needsPointer = POINTED.has(body?.code ?? '') || (request.isPointed && status === 400);
  const isExpected = (expected: { status: number; pointers: string[] }) =>
    status === expected.status &&
    expected.pointers.every((expectedPointer) =>
      body?.errors?.some(({ pointer }) => pointer === expectedPointer),
    );
  const isRejectedForItsFormat = (body?.errors ?? []).some(
    ({ pointer, code }) =>
      request.allowed !== undefined &&
      pointer.startsWith(request.allowed) &&
      (RULES.has(code) || (request.allowed === '' && code === 'missing')),
  );
  const lacksPointer = needsPointer && !body?.errors?.[0]?.pointer;
  return [
    ...(status >= 500 ? [`returns ${status}`] : []),
    ...(request.expected && !isExpected(request.expected) ? [`returns ${status}: ${text}`] : []),
    ...(request.isForbidden && status < 400 ? [`returns ${status} for a forbidden value`] : []),
    ...(isRejectedForItsFormat ? [`returns ${status}: ${text}`] : []),
    ...(lacksPointer ? [`has no pointer: ${text}`] : []),
  ];
}

const parametersOf = ({ parameters = [] }: Operation, place: string) =>
  parameters.filter((parameter) => parameter.in === place).map(({ name }) => name);

const parameterSchemaOf = ({ parameters = [] }: Operation, name: string): Constrained =>
  parameters.find((parameter) => parameter.name === name)?.schema ?? {};

const memberSchemaOf = (operation: Operation, path: string): Constrained =>
  documented.memberSchemasOf(operation).get(path) ?? {};

/** Returns the expected result for a value: rejected, or at least not rejected for its format. */
function asDocumented(schema: Constrained, value: unknown, name: string): Partial<InvalidRequest> {
  // An import returns the errors of its users in a successful response.
  const expected = name === 'users' ? { ...schema, items: { type: 'object' } } : schema;
  if (!documented.allows(expected, value)) {
    return { isForbidden: true };
  }
  // A pattern cannot express which Unicode letters are allowed in a user name.
  const isName = schema.pattern === USER_NAME_PATTERN && !/^[\x20-\x7e]*$/.test(String(value));
  return isName ? {} : { allowed: `/${name}` };
}

const withQuery = (example: RouteRequest, query: string): RouteRequest => ({
  ...example,
  path: `${example.path.split('?', 1)[0]}?${query}`,
});

/** Adds an own member to a body, even if its name is `__proto__`. */
function withMember(body: unknown, name: string, value: unknown): object {
  return Object.defineProperty({ ...(body as object) }, name, { value, enumerable: true });
}

/**
 * Sends invalid requests for each place of each operation and returns the errors of the responses.
 *
 * @param sample values that are sent; by default all.
 */
async function testAll(
  minimum: number,
  placesOf: (operation: Operation, route: string) => string[],
  requestsFor: (
    example: RouteRequest,
    place: string,
    operation: Operation,
    route: string,
  ) => InvalidRequest[],
  sample?: Sample,
): Promise<string[]> {
  const kindOf = (operation: Operation, place: string) =>
    JSON.stringify(sample?.schemaOf(operation, place), withoutTexts) ?? '';
  const kinds = [...documented.operations].flatMap(([route, operation]) =>
    placesOf(operation, route).map((place) => kindOf(operation, place)),
  );
  const places = new Map<string, number>();
  const results: Result[] = [];
  for (const [route, operation] of documented.operations) {
    let example: RouteRequest | undefined;
    for (const place of placesOf(operation, route)) {
      const kind = kindOf(operation, place);
      // Another start for each kind, so that places of their own get different values.
      const earlier = places.get(kind) ?? places.size;
      places.set(kind, earlier + 1);
      example ??= await fixtures.requestTo(route);
      const all = requestsFor(example, place, operation, route);
      const equal = kinds.filter((other) => other === kind).length;
      const { least, most } = sample ?? { least: 1, most: 1 };
      const share = Math.min(Math.max(equal, least), most, all.length);
      const sent = await sendAll(
        route,
        all.filter((_, index) => index % share === earlier % share),
      );
      results.push(...sent);
      // A request that was accepted may have changed its resource.
      if (isChange(route) && sent.some(({ status }) => status < 400)) {
        example = undefined;
      }
    }
  }
  process.stdout.write(`${results.length} invalid requests\n`);
  expect(results.length).toBeGreaterThan(minimum);
  return complaintsAbout(results);
}

const withoutTexts = (name: string, value: unknown) =>
  name === 'description' || name === 'example' ? undefined : value;

/**
 * Sample by the shape: the schema without the numbers and lists that the tests of boundaries cover. A place
 * that shares its shape with few others gets one of every `least` values, and one that shares it with many
 * gets one of every `most`. Deep tests send each place at least a quarter of the values, and each value of a
 * shape to at least one place.
 */
const byShape = (schemaOf: Sample['schemaOf'], [least, most] = [9, 16]): Sample => ({
  schemaOf: (operation, place) =>
    JSON.parse(
      JSON.stringify(schemaOf(operation, place), (name, value: unknown) =>
        typeof value === 'number' || name === 'enum' ? true : value,
      ),
    ) as Constrained,
  ...(IS_DEEP ? { least: 1, most: 4 } : { least, most }),
});

/** Sample by the schema. A place that shares its schema with no other gets all values. */
const bySchema = (schemaOf: Sample['schemaOf']): Sample => ({ schemaOf, least: 1, most: IS_DEEP ? 1 : 8 });

/**
 * Members that would extend permissions or corrupt an object, each with a plausible value. Those of a request
 * have one error each. The server rejects inherited members first, and only the first of them.
 */
const FORBIDDEN_MEMBERS: object[] = [
  {
    roles: ['admin'],
    enabled: true,
    id: 'x',
    version: 0,
    passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA',
    userId: 'x',
  },
  { constructor: { prototype: { isAdmin: true } } },
  JSON.parse('{"__proto__":{"roles":["admin"]}}') as object,
];

describeOnce('mass assignment', () => {
  it(
    'returns 422 with a pointer for each member and changes nothing',
    async () => {
      const complaints = await testAll(
        100,
        ({ requestBody }) => (requestBody?.content['application/json'] ? ['body'] : []),
        (example, _, operation) => {
          const known = documented.membersOf(operation);
          return FORBIDDEN_MEMBERS.map((members) => {
            const forbidden = Object.entries(members).filter(([name]) => !known.includes(name));
            const names = forbidden.map(([name]) => name);
            return {
              example: {
                ...example,
                body: forbidden.reduce((body, [name, value]) => withMember(body, name, value), example.body),
              },
              bad: names.join(),
              expected: { status: 422, pointers: names.map((name) => `/${name}`) },
            };
          });
        },
      );

      expect(complaints).toEqual([]);
    },
    TIMEOUT,
  );
});

describe('invalid input to every operation', () => {
  it(
    'is rejected with a pointer or accepted in query parameters',
    async () => {
      const complaints = await testAll(
        300,
        (operation, route) => (VERIFY.includes(route) ? [] : parametersOf(operation, 'query')),
        (example, name, operation) => [
          ...BAD_TEXTS.map((text) => ({
            example: withQuery(example, `${name}=${encodeURIComponent(text)}`),
            bad: `${name}=${text}`,
            ...asDocumented(
              parameterSchemaOf(operation, name),
              parseText(text, parameterSchemaOf(operation, name)),
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
        byShape(parameterSchemaOf),
      );

      expect(complaints).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'is rejected with a pointer or accepted in header fields',
    async () => {
      const complaints = await testAll(
        100,
        (operation) => parametersOf(operation, 'header'),
        (example, name) =>
          BAD_FIELDS.map((bad) => ({
            example: { ...example, headers: { ...example.headers, [name]: bad } },
            bad: `${name}: ${bad}`,
            isPointed: true,
          })),
        byShape(parameterSchemaOf),
      );

      expect(complaints).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'is rejected in paths',
    async () => {
      const complaints = await testAll(
        50,
        (operation) => parametersOf(operation, 'path'),
        (example, _place, _operation, route) =>
          BAD_TEXTS.filter((text) => text !== '').map((text) => {
            const path = withPathParameter(route, text);
            return { example: { ...example, path }, bad: path };
          }),
        byShape(parameterSchemaOf),
      );

      expect(complaints).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'is rejected with a pointer or accepted in members of bodies',
    async () => {
      const complaints = await testAll(
        IS_DEEP ? 500 : 300,
        (operation) => documented.membersOf(operation),
        (example, name, operation) =>
          BAD_VALUES.map((value) => ({
            example: {
              ...example,
              // Matches any version, so that an accepted request does not affect the next ones.
              headers: { 'If-Match': '*', ...example.headers },
              body: {
                ...(example.body as object),
                ...(name !== 'version' && { version: undefined }),
                [name]: value,
              },
            },
            bad: `${name} = ${JSON.stringify(value)}`,
            ...asDocumented(memberSchemaOf(operation, name), value, name),
          })),
        // Most places are members, so each gets fewer values.
        byShape(memberSchemaOf, [18, 32]),
      );

      expect(complaints).toEqual([]);
    },
    TIMEOUT,
  );
});

/** Replaces a member of the example's body, or a nested one such as `filter/q`, alone in its object. */
function bodyWith(
  example: RouteRequest,
  path: string,
  value: unknown,
  known: readonly string[],
): RouteRequest {
  const [member = '', ...within] = path.split('/');
  const body = {
    ...(example.body as object),
    version: undefined,
    // ids and filter are mutually exclusive.
    ...(member === 'filter' && { ids: undefined }),
    // A dry run, so that the next requests find the same items.
    ...(known.includes('dryRun') && { dryRun: true }),
    [member]: within.reduceRight((inner, name) => ({ [name]: inner }), value),
  };
  return { ...example, headers: { 'If-Match': '*', ...example.headers }, body };
}

describe('the constraints in the OpenAPI document', () => {
  it(
    'reject values just outside, and accept values just inside, in members of bodies',
    async () => {
      const complaints = await testAll(
        300,
        (operation) => [...documented.memberSchemasOf(operation).keys()],
        (example, path, operation) => {
          const schema = memberSchemaOf(operation, path);
          const known = documented.membersOf(operation);
          return [
            ...valuesOutside(schema).map((value) => ({
              example: bodyWith(example, path, value, known),
              bad: `${path} = ${JSON.stringify(value)}`,
              expected: { status: 422, pointers: [`/${path}`] },
            })),
            ...valuesInside(schema).map((value) => ({
              example: bodyWith(example, path, value, known),
              bad: `${path} = ${JSON.stringify(value)}`,
              allowed: `/${path}`,
            })),
          ];
        },
        bySchema(memberSchemaOf),
      );

      expect(complaints).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'reject values just outside, and accept values just inside, in parameters',
    async () => {
      const complaints = await testAll(
        100,
        (operation, route) => (VERIFY.includes(route) ? [] : parametersOf(operation, 'query')),
        (example, name, operation) => {
          const schema = parameterSchemaOf(operation, name);
          return [
            ...parametersOutside(schema).map((text) => ({
              example: withQuery(example, `${name}=${encodeURIComponent(text)}`),
              bad: `${name}=${text}`,
              expected: { status: 400, pointers: [`/${name}`] },
            })),
            ...valuesInside(schema).map((value) => ({
              example: withQuery(example, `${name}=${encodeURIComponent(String(value))}`),
              bad: `${name}=${String(value)}`,
              allowed: `/${name}`,
            })),
          ];
        },
        bySchema(parameterSchemaOf),
      );

      expect(complaints).toEqual([]);
    },
    TIMEOUT,
  );
});

describeOnce('the required members in the OpenAPI document', () => {
  it(
    'are required, and so is a body with such members',
    async () => {
      const complaints = await testAll(
        40,
        ({ requestBody }) => (requestBody?.content['application/json'] ? ['body'] : []),
        (example, _, operation) => {
          const required = documented.requiredOf(operation);
          const headers = { 'If-Match': '*', ...example.headers };
          return [
            ...required.map((name) => ({
              example: { ...example, headers, body: { ...(example.body as object), [name]: undefined } },
              bad: `no ${name}`,
              expected: { status: 422, pointers: [`/${name}`] },
            })),
            {
              example: { ...example, headers, body: undefined },
              bad: 'no body',
              ...(operation.requestBody?.required
                ? { expected: { status: 422, pointers: [`/${required[0]}`] } }
                : { allowed: '' }),
            },
          ];
        },
      );

      expect(complaints).toEqual([]);
    },
    TIMEOUT,
  );
});
