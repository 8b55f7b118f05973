import { beforeAll, describe, expect, it } from '@jest/globals';
import { FEATURES } from '../../apps/api/src/features.js';
import { entryOf, ROUTES, routesWith } from '../routes.js';
import { Fixtures, type PreparedRequest, type RouteRequest } from '../support/routes/fixtures.js';
import { isChange } from '../support/routes/route.js';
import { useServer } from '../support/use-server.js';
import { DocumentedApi, type Operation } from './operations/documented-api.js';
import { INVALID_VARIANTS } from './operations/invalid-variants.js';

/** Header field that browsers add to same-origin requests. */
const SAME_ORIGIN = { 'Sec-Fetch-Site': 'same-origin' };

/** Address of a client behind a proxy with too many failed attempts. */
const THROTTLED = { 'X-Forwarded-For': '203.0.113.9' };

/** Milliseconds for hundreds of requests and their preparation. */
const TIMEOUT = 180_000;

const server = useServer({
  features: FEATURES,
  environment: {
    LATCHKEY_API_TOKENS_PER_USER: '10',
    LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: '40',
    LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
  },
});
let fixtures: Fixtures;
let documented: DocumentedApi;

beforeAll(async () => {
  documented = await DocumentedApi.ofBuild();
  fixtures = await Fixtures.on(server.client);
});

/** Sends a request. Returns the errors of the response: an unexpected status, and anything undocumented. */
async function complaintsOf(
  route: string,
  request: RouteRequest,
  isExpected: (status: number, text: string) => boolean,
): Promise<string[]> {
  const response = await fixtures.send(request);
  const operation = documented.operations.get(route);
  const text = new TextDecoder().decode(response.bytes);
  return [
    ...(operation ? documented.complaintsOf(operation, response) : ['is not documented']),
    ...(isExpected(response.status, text) ? [] : [`returned ${response.status}: ${text.slice(0, 300)}`]),
  ].map(
    (complaint) => `${route} (${request.headers.Accept}, ${request.headers['Content-Type']}): ${complaint}`,
  );
}

/** Requests by route. Reads and invalid variants change nothing, so they share the resources. */
const examples = new Map<string, RouteRequest>();

async function sharedRequestTo(route: string): Promise<RouteRequest> {
  const request = examples.get(route) ?? (await fixtures.requestTo(route));
  examples.set(route, request);
  return request;
}

/** Sends variants of the request in `test/routes.ts` and returns the errors of all responses. */
async function testAll(
  variantsOf: (operation: Operation, request: RouteRequest, route: string) => RouteRequest[],
  isExpected: (status: number) => boolean,
  requestTo = (route: string) => (isChange(route) ? fixtures.requestTo(route) : sharedRequestTo(route)),
): Promise<string[]> {
  const complaints: string[] = [];
  for (const [route, operation] of documented.operations) {
    const { length } = variantsOf(operation, { method: '', path: '/', headers: {} }, route);
    for (let index = 0; index < length; index += 1) {
      const request = variantsOf(operation, await requestTo(route), route)[index];
      complaints.push(...(request ? await complaintsOf(route, request, isExpected) : []));
    }
  }
  return complaints;
}

const isSuccess = (status: number) => status >= 200 && status < 300;

describe('the operations of the OpenAPI document', () => {
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
    'return the documented response in each documented media type, and accept a body in each',
    async () => {
      const complaints = await testAll(({ requestBody, responses }, example) => {
        const success = Object.entries(responses).find(([status]) => isSuccess(Number(status)))?.[1];
        const accepted = Object.keys(success?.content ?? { '*/*': {} });
        const sent = Object.keys(requestBody?.content ?? {});
        return Array.from({ length: Math.max(accepted.length, sent.length) }, (_, index) => ({
          ...example,
          headers: {
            ...example.headers,
            Accept: accepted[index % accepted.length]!,
            ...(sent.length > 0 && { 'Content-Type': sent[index % sent.length]! }),
          },
        }));
      }, isSuccess);

      expect(complaints).toEqual([]);
    },
    TIMEOUT,
  );
});

describe('header fields of single routes', () => {
  it.each<[string, number, string, (request: PreparedRequest) => object]>([
    ['POST /auth/login', 200, 'set-cookie, preference-applied', () => ({ Prefer: 'session-cookie' })],
    [
      'POST /auth/logout',
      200,
      'set-cookie, clear-site-data',
      () => ({ ...SAME_ORIGIN, 'X-Requested-With': 'XMLHttpRequest' }),
    ],
    ['GET /openapi.json', 304, 'etag', () => ({ 'If-None-Match': '*' })],
    ['GET /.well-known/latchkey', 304, 'etag', () => ({ 'If-None-Match': '*' })],
    ['GET /auth/session', 401, 'set-cookie', () => ({ Cookie: '__Host-latchkey=latchkey_wrong' })],
  ])('%s returns %i with the documented %s', async (route, status, names, headersOf) => {
    const request = await fixtures.requestTo(route);

    const response = await fixtures.send({
      ...request,
      headers: { ...request.headers, ...headersOf(request) },
    });

    expect(response.status).toBe(status);
    expect(names.split(', ').filter((name) => !response.headers.has(name))).toEqual([]);
    expect(documented.complaintsOf(documented.operations.get(route)!, response)).toEqual([]);
  });
});

describe.each(Object.entries(INVALID_VARIANTS))('operations %s', (_, { status, variantOf }) => {
  it(
    `return ${status} as documented`,
    async () => {
      const complaints = await testAll(
        (operation, example, route) => variantOf({ operation, example, route, fixtures }) ?? [],
        (received) => received === status,
        sharedRequestTo,
      );

      expect(complaints).toEqual([]);
    },
    TIMEOUT,
  );
});

const documentedRoutes = (status: string) =>
  [...documented.operations].filter(([, { responses }]) => responses[status]).map(([route]) => route);

/** Documented conflicts, by route. Merge patches also conflict with a stale version, which a variant has. */
const CONFLICTS = [...ROUTES].flatMap(([route, { conflicts = [] }]) =>
  conflicts === 'concurrent' ? [] : conflicts.map(([code, example]) => ({ route, code, example })),
);

describe('documented conflicts', () => {
  it('are in test/routes.ts for every operation that documents one', () => {
    const tested = [...routesWith(({ conflicts }) => conflicts), 'PATCH /me'];

    expect(tested.sort()).toEqual(documentedRoutes('409').sort());
  });

  it.each(CONFLICTS)('match the response of $route: $code', async ({ route, code, example }) => {
    const { headers, ...request } = await fixtures.requestTo(route, { example });
    const needsVersion = entryOf(route).version !== undefined && !('version' in Object(request.body));

    const complaints = await complaintsOf(
      route,
      { ...request, headers: { ...headers, ...(needsVersion && { 'If-Match': '*' }) } },
      (status, text) => status === 409 && text.includes(`"code":"${code}"`),
    );

    expect(complaints).toEqual([]);
  });
});

/** Returns the documented header fields of a successful response. */
function successHeadersOf(route: string): object {
  const { responses = {} } = documented.operations.get(route) ?? {};
  return Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]?.headers ?? {};
}

describe('operations with a limit on attempts', () => {
  it('return 429 as documented', async () => {
    const wrong = { secret: 'x'.repeat(22), password: 'a long enough password' };
    const fail = () => server.client.request('POST', '/auth/set-up', { body: wrong, headers: THROTTLED });
    while ((await fail()).status !== 429);

    // The other operations limit the writes of each user.
    const routes = documentedRoutes('429').filter((route) => 'RateLimit' in successHeadersOf(route));
    const complaints: string[] = [];
    for (const route of routes) {
      const request = await fixtures.requestTo(route);
      const headers = { ...request.headers, ...THROTTLED };
      complaints.push(...(await complaintsOf(route, { ...request, headers }, (status) => status === 429)));
    }

    expect(complaints).toEqual([]);
    expect(routes.sort()).toEqual(routesWith(({ limitsAttempts }) => limitsAttempts));
  });
});
