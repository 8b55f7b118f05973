import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { StallingProxy } from '../support/stalling-proxy.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { Documented, type ApiDocument } from '../served/answers/documented.js';
import { EXAMPLES } from '../served/answers/examples.js';
import { send } from '../served/answers/send.js';
import { World } from '../served/answers/world.js';

let database: TestDatabase;
let proxy: StallingProxy;
let server: ServerProcess;
let world: World;
let documented: Documented;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await StallingProxy.open(database.url);
  server = await ServerProcess.start(
    serverOn({ ...database, url: proxy.url }, { LATCHKEY_TOKEN_CACHE_SECONDS: '0' }),
  );
  documented = new Documented((await server.client.request<ApiDocument>('GET', '/openapi.json')).body);
  world = await World.on(server.client);
});

afterAll(async () => {
  await server.stop();
  proxy.close();
  await database.drop();
});

describe('every operation, while the database does not respond', () => {
  it('returns 503 as documented, unless it does not read the database', async () => {
    const requests = [];
    for (const [route, operation] of documented.operations) {
      requests.push({ route, operation, example: (await EXAMPLES[route]?.(world)) ?? { path: '/' } });
    }
    proxy.stall();

    const answers = await Promise.all(requests.map(({ route, example }) => send(world, route, example)));

    proxy.resume();
    const complaints = requests.flatMap(({ route, operation }, index) =>
      documented.complaintsOf(operation, answers[index]!).map((complaint) => `${route}: ${complaint}`),
    );
    const served = requests.filter((_, index) => answers[index]?.status !== 503).map(({ route }) => route);
    expect(complaints).toEqual([]);
    expect(served).toEqual(['GET /openapi.json', 'GET /docs', 'GET /health/live']);
  });
});
