import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { routesWith } from '../routes.js';
import { Fixtures } from '../support/routes/fixtures.js';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { ORIGIN } from '../support/software-passkey.js';
import { StallingProxy } from '../support/stalling-proxy.mjs';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { DocumentedApi, type ApiDocument } from './operations/documented-api.js';

let database: TestDatabase;
let proxy: StallingProxy;
let server: ServerProcess;
let fixtures: Fixtures;
let documented: DocumentedApi;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await StallingProxy.open(database.url);
  server = await ServerProcess.start(
    serverOn(
      { ...database, url: proxy.url },
      {
        LATCHKEY_TOKEN_CACHE_SECONDS: '0',
        LATCHKEY_PUBLIC_URL: ORIGIN,
        LATCHKEY_EVENT_HOSTS: '127.0.0.1',
        // Most requests wait this long.
        LATCHKEY_STATEMENT_TIMEOUT_MS: '9000',
      },
    ),
  );
  documented = new DocumentedApi((await server.client.request<ApiDocument>('GET', '/openapi.json')).body);
  fixtures = await Fixtures.on(server.client);
});

afterAll(async () => {
  await server.stop();
  proxy.close();
  await database.drop();
});

describe('every operation, while the database does not respond', () => {
  it('returns 503 as documented, unless it needs no database', async () => {
    const requests = [];
    for (const [route, operation] of documented.operations) {
      requests.push({ route, operation, request: await fixtures.requestTo(route) });
    }
    proxy.stall();

    const answers = await Promise.all(requests.map(({ request }) => fixtures.send(request)));

    proxy.resume();
    const complaints = requests.flatMap(({ route, operation }, index) =>
      documented.complaintsOf(operation, answers[index]!).map((complaint) => `${route}: ${complaint}`),
    );
    const statuses = requests.map(({ route }, index) => ({ route, status: answers[index]!.status }));
    const served = statuses.filter(({ status }) => status < 300).map(({ route }) => route);
    expect(complaints).toEqual([]);
    expect(served.sort()).toEqual(routesWith(({ needsNoDatabase }) => needsNoDatabase));
    expect(statuses.filter(({ status }) => status >= 300 && status !== 503)).toEqual([]);
  });
});
