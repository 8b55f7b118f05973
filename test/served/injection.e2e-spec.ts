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

const server = useServerProcess();
let world: World;
let operations: Map<string, Operation>;

beforeAll(async () => {
  operations = new Documented((await server.client.request<ApiDocument>('GET', '/openapi.json')).body)
    .operations;
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

describe('B19 injection: SQL in each parameter of each operation that reads', () => {
  it(
    'is text: no condition makes a difference, and nothing stumbles or waits',
    async () => {
      const complaints: string[] = [];
      let places = 0;
      for (const [route, operation] of operations) {
        for (const [what, put] of route.startsWith('GET ') ? await placesOf(route, operation) : []) {
          places += 1;
          for (const pair of CONDITIONS) {
            const [one, other] = await Promise.all(pair.map((text) => ask(route, put(text), text)));
            if (one?.status !== other?.status || one?.told !== other?.told) {
              complaints.push(`${what} tells ${pair[0]} from ${pair[1]}: ${one?.status}, ${other?.status}`);
            }
          }
          const answers = await Promise.all(PROBES.map((text) => ask(route, put(text), text)));
          answers.forEach(({ status }, index) => {
            if (status >= 500) {
              complaints.push(`${what} answers ${status} to ${PROBES[index]}`);
            }
          });
        }
      }

      process.stdout.write(
        `${places} places, ${CONDITIONS.length * 2 + PROBES.length} texts each on ${globalThis.DATABASE_KIND}\n`,
      );
      expect(complaints).toEqual([]);
      expect(places).toBeGreaterThan(40);
      expect(server.output).not.toMatch(/syntax error|SQLITE_ERROR/i);
    },
    PATIENCE,
  );
});
