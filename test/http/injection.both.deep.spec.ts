import { beforeAll, describe, expect, it } from '@jest/globals';
import { FEATURES } from '../../apps/api/src/features.js';
import { Fixtures, type RouteRequest } from '../support/routes/fixtures.js';
import { useServer } from '../support/use-server.js';
import { DocumentedApi, withPathParameter, type Operation } from './operations/documented-api.js';

/** Milliseconds for thousands of requests. */
const TIMEOUT = 180_000;

/** Pairs of texts that differ only in a condition, which is true in one and false in the other. */
const CONDITIONS: [isTrue: string, isFalse: string][] = [
  ["a' OR '1'='1", "a' OR '1'='2"],
  ["zzz%' OR 1=1 -- ", "zzz%' OR 1=2 -- "],
  ['a" OR "1"="1', 'a" OR "1"="2'],
  ['1 OR 1=1', '1 OR 1=2'],
  ["a') OR ('1'='1", "a') OR ('1'='2"],
  ["zzz%' OR 'x' LIKE 'x", "zzz%' OR 'x' LIKE 'y"],
  ['name,(CASE WHEN 1=1 THEN 1 ELSE 1/0 END)', 'name,(CASE WHEN 1=2 THEN 1 ELSE 1/0 END)'],
];
/** Texts that would cause a database error, or a statement timeout, which is a 503. */
const PROBES = [
  "'",
  '"',
  "a';",
  "a'||(SELECT 1/0)||'",
  "a' UNION SELECT NULL,NULL--",
  "a'; SELECT pg_sleep(10); --",
  "a'||(SELECT pg_sleep(10))||'",
  "a' AND 1=(SELECT COUNT(*) FROM users a, users b, users c, tokens, randomblob(900000000)) --",
  "1; ATTACH DATABASE '/tmp/x' AS x; --",
];
/** Parts of a response that differ between equal requests. */
const REQUEST_SPECIFIC = /"(traceId|last\w+|uses)":("[^"]*"|\d+)|\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** Log entries about invalid SQL. */
const SQL_ERROR = /syntax error|SQLITE_ERROR/i;

const server = useServer({
  features: FEATURES,
  // Less than the probes wait, and more than a valid request takes on a busy machine.
  environment: { LATCHKEY_STATEMENT_TIMEOUT_MS: '9000' },
});
let fixtures: Fixtures;
let documented: DocumentedApi;

beforeAll(async () => {
  documented = await DocumentedApi.ofBuild();
  fixtures = await Fixtures.on(server.client);
});

/** Place of an operation that accepts text, and a function that returns a request with a text there. */
type Place = [what: string, put: (text: string) => RouteRequest];

async function placesOf(route: string, { parameters = [] }: Operation): Promise<Place[]> {
  const example = await fixtures.requestTo(route);
  const [path = ''] = example.path.split('?', 1);
  return parameters.flatMap(({ in: place, name }): Place[] => {
    const what = `${route} ${name}`;
    if (place === 'query') {
      return [[what, (text) => ({ ...example, path: `${path}?${name}=${encodeURIComponent(text)}` })]];
    }
    if (place === 'path') {
      return [[what, (text) => ({ ...example, path: withPathParameter(route, text) })]];
    }
    return [[what, (text) => ({ ...example, headers: { ...example.headers, [name]: text } })]];
  });
}

async function request(route: string, { method, path, body, headers }: RouteRequest, text: string) {
  const response = await server.client.request(method, path, { headers, body });
  // Events carry the time.
  const isFeed = response.headers.get('content-type')?.startsWith('text/event-stream');
  // A response may quote the request.
  const content = (isFeed ? '' : response.text)
    .replaceAll(JSON.stringify(text).slice(1, -1), '')
    .replaceAll(text, '');
  return { status: response.status, content: content.replace(REQUEST_SPECIFIC, '') };
}

/** Returns the pairs of texts with different responses. */
async function differencesAt(route: string, [what, put]: Place): Promise<string[]> {
  const differences: string[] = [];
  for (const pair of CONDITIONS) {
    const [one, other] = await Promise.all(pair.map((text) => request(route, put(text), text)));
    if (one?.status !== other?.status || one?.content !== other?.content) {
      differences.push(`${what} distinguishes ${pair[0]} from ${pair[1]}: ${one?.status}, ${other?.status}`);
    }
  }
  return differences;
}

/** Sends texts. Returns those that cause an error or a timeout, and whether one was accepted. */
async function probe(route: string, [what, put]: Place) {
  const responses = await Promise.all(PROBES.map((text) => request(route, put(text), text)));
  return {
    failures: responses.flatMap(({ status }, index) =>
      status >= 500 ? [`${what} returns ${status} for ${PROBES[index]}`] : [],
    ),
    isAccepted: responses.some(({ status }) => status < 400),
  };
}

/** Returns the texts that cause an error or a timeout. */
const failuresAt = async (route: string, place: Place) => (await probe(route, place)).failures;

// Covers B19 in docs/explanation/security.md.
describe('SQL in each parameter of each operation that reads', () => {
  it(
    'is treated as text: conditions have no effect, and nothing fails or waits',
    async () => {
      const complaints: string[] = [];
      let places = 0;
      for (const [route, operation] of documented.operations) {
        for (const place of route.startsWith('GET ') ? await placesOf(route, operation) : []) {
          places += 1;
          complaints.push(...(await differencesAt(route, place)), ...(await failuresAt(route, place)));
        }
      }

      expect(complaints).toEqual([]);
      expect(places).toBeGreaterThan(40);
      expect(server.log).not.toMatch(SQL_ERROR);
    },
    TIMEOUT,
  );
});

const alone = (text: string): unknown => text;
const inList = (text: string): unknown => [text];

// Covers B19 in docs/explanation/security.md.
describe('SQL in each member of each body', () => {
  it(
    'is treated as text: nothing fails or waits',
    async () => {
      const complaints: string[] = [];
      let places = 0;
      for (const [route, operation] of documented.operations) {
        let example: RouteRequest | undefined;
        for (const member of documented.membersOf(operation)) {
          for (const put of [alone, inList]) {
            places += 1;
            const { method, path, headers, body } = (example ??= await fixtures.requestTo(route));
            const place: Place = [
              `${route} ${member}`,
              (text) => ({
                method,
                path,
                headers: { 'If-Match': '*', ...headers },
                body: { ...(body as object), version: undefined, [member]: put(text) },
              }),
            ];
            const { failures, isAccepted } = await probe(route, place);
            complaints.push(...failures);
            // A request that was accepted may have changed its resource.
            example = isAccepted ? undefined : example;
          }
        }
      }

      expect(complaints).toEqual([]);
      expect(places).toBeGreaterThan(60);
      expect(server.log).not.toMatch(SQL_ERROR);
    },
    TIMEOUT,
  );

  it.each([
    ['/users/bulk', 'UserFilterDto'],
    ['/tokens/bulk', 'TokenFilterDto'],
  ])('has no effect in a filter of %s', async (path, schema) => {
    const complaints: string[] = [];
    const members = Object.keys(documented.document.components.schemas[schema]?.properties ?? {});
    for (const member of members) {
      const put = (text: string): RouteRequest => ({
        method: 'POST',
        path,
        headers: fixtures.admin.headers,
        body: { action: 'disable', dryRun: true, filter: { [member]: text } },
      });
      const place: Place = [`${path} /filter/${member}`, put];
      complaints.push(
        ...(await differencesAt(`POST ${path}`, place)),
        ...(await failuresAt(`POST ${path}`, place)),
      );
    }

    expect(complaints).toEqual([]);
    expect(members.length).toBeGreaterThan(5);
  });
});
