import { beforeAll, describe, expect, it } from '@jest/globals';
import { useServerProcess } from '../support/use-server-process.js';
import { Documented, type ApiDocument, type Operation } from './answers/documented.js';
import { EXAMPLES, type Example } from './answers/examples.js';
import { World } from './answers/world.js';

/** Thousands of requests. */
const PATIENCE = 180_000;

/** Twice the same text but for a condition, which is true in one and false in the other. */
const CONDITIONS: [isTrue: string, isFalse: string][] = [
  ["a' OR '1'='1", "a' OR '1'='2"],
  ["zzz%' OR 1=1 -- ", "zzz%' OR 1=2 -- "],
  ['a" OR "1"="1', 'a" OR "1"="2'],
  ['1 OR 1=1', '1 OR 1=2'],
  ["a') OR ('1'='1", "a') OR ('1'='2"],
  ["zzz%' OR 'x' LIKE 'x", "zzz%' OR 'x' LIKE 'y"],
  ['name,(CASE WHEN 1=1 THEN 1 ELSE 1/0 END)', 'name,(CASE WHEN 1=2 THEN 1 ELSE 1/0 END)'],
];
/** Texts that a database would stumble over, or stop at until the statement is cut off, which is a 503. */
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
/** What tells requests apart that are answered alike. */
const OF_THE_REQUEST = /"(traceId|last\w+|uses)":("[^"]*"|\d+)|\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** What the log says of SQL that a database does not understand. */
const STUMBLED = /syntax error|SQLITE_ERROR/i;

const server = useServerProcess();
let world: World;
let documented: Documented;

beforeAll(async () => {
  documented = new Documented((await server.client.request<ApiDocument>('GET', '/openapi.json')).body);
  world = await World.on(server.client);
});

/** A place of an operation that takes a text, and a request with this text in it. */
type Place = [what: string, put: (text: string) => Example];

async function placesOf(route: string, { parameters = [] }: Operation): Promise<Place[]> {
  const example = (await EXAMPLES[route]?.(world)) ?? { path: '/' };
  const [path = ''] = example.path.split('?', 1);
  return parameters.flatMap(({ in: place, name }): Place[] => {
    const what = `${route} ${name}`;
    if (place === 'query') {
      return [[what, (text) => ({ ...example, path: `${path}?${name}=${encodeURIComponent(text)}` })]];
    }
    if (place === 'path') {
      const put = (text: string) => path.replace(/^(\/\w+\/)[^/]+/, `$1${encodeURIComponent(text)}`);
      return [[what, (text) => ({ ...example, path: put(text) })]];
    }
    return [
      [what, (text) => ({ ...example, headers: { ...(example.headers ?? world.asAdmin), [name]: text } })],
    ];
  });
}

async function ask(route: string, { path, body, headers }: Example, text: string) {
  const [method = ''] = route.split(' ');
  const answer = await server.client.request(method, path, { headers: headers ?? world.asAdmin, body });
  // What was asked may be told.
  const told = answer.text.replaceAll(JSON.stringify(text).slice(1, -1), '').replaceAll(text, '');
  return { status: answer.status, told: told.replace(OF_THE_REQUEST, '') };
}

/** Whatever tells two texts of a pair apart. */
async function differencesAt(route: string, [what, put]: Place): Promise<string[]> {
  const differences: string[] = [];
  for (const pair of CONDITIONS) {
    const [one, other] = await Promise.all(pair.map((text) => ask(route, put(text), text)));
    if (one?.status !== other?.status || one?.told !== other?.told) {
      differences.push(`${what} tells ${pair[0]} from ${pair[1]}: ${one?.status}, ${other?.status}`);
    }
  }
  return differences;
}

/** Whatever makes the server stumble or wait. */
async function failuresAt(route: string, [what, put]: Place): Promise<string[]> {
  const answers = await Promise.all(PROBES.map((text) => ask(route, put(text), text)));
  return answers.flatMap(({ status }, index) =>
    status >= 500 ? [`${what} answers ${status} to ${PROBES[index]}`] : [],
  );
}

describe('B19 injection: SQL in each parameter of each operation that reads', () => {
  it(
    'is text: no condition makes a difference, and nothing stumbles or waits',
    async () => {
      const complaints: string[] = [];
      let places = 0;
      for (const [route, operation] of documented.operations) {
        for (const place of route.startsWith('GET ') ? await placesOf(route, operation) : []) {
          places += 1;
          complaints.push(...(await differencesAt(route, place)), ...(await failuresAt(route, place)));
        }
      }

      process.stdout.write(
        `${places} places, ${CONDITIONS.length * 2 + PROBES.length} texts each on ${globalThis.DATABASE_KIND}\n`,
      );
      expect(complaints).toEqual([]);
      expect(places).toBeGreaterThan(40);
      expect(server.output).not.toMatch(STUMBLED);
    },
    PATIENCE,
  );
});

describe('B19 injection: SQL in each member of each body', () => {
  it(
    'is text, alone and in a list: nothing stumbles or waits',
    async () => {
      const complaints: string[] = [];
      let places = 0;
      for (const [route, operation] of documented.operations) {
        for (const member of documented.membersOf(operation)) {
          const { path, headers, body } = (await EXAMPLES[route]?.(world)) ?? { path: '/' };
          for (const put of [(text: string): unknown => text, (text: string): unknown => [text]]) {
            places += 1;
            const place: Place = [
              `${route} ${member}`,
              (text) => ({
                path,
                headers: { 'If-Match': '*', ...(headers ?? world.asAdmin) },
                body: { ...(body as object), version: undefined, [member]: put(text) },
              }),
            ];
            complaints.push(...(await failuresAt(route, place)));
          }
        }
      }

      process.stdout.write(`${places} places in bodies on ${globalThis.DATABASE_KIND}\n`);
      expect(complaints).toEqual([]);
      expect(places).toBeGreaterThan(80);
      expect(server.output).not.toMatch(STUMBLED);
    },
    PATIENCE,
  );

  it.each([
    ['/users/bulk', 'UserFilterDto'],
    ['/tokens/bulk', 'TokenFilterDto'],
  ])('makes no difference in what a filter of %s finds', async (path, schema) => {
    const complaints: string[] = [];
    const members = Object.keys(documented.document.components.schemas[schema]?.properties ?? {});
    for (const member of members) {
      const put = (text: string): Example => ({
        path,
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
