import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Headers } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';
import { ServerProcess, serverOn } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { waitUntil } from '../support/wait-until.js';
import { bothWorkers, isRunning, requestAlone } from '../support/worker-processes.js';

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  // Both workers migrate it.
  database = await createTestDatabase({ isEmpty: true });
});

afterAll(() => database.drop());

const alone = (path: string, headers: Headers = {}) => requestAlone(server, path, headers);

describe('a server with two workers', () => {
  let headers: Headers;

  beforeAll(async () => {
    server = await ServerProcess.start(
      serverOn(database, { LATCHKEY_WORKERS: '2', LATCHKEY_METRICS: 'open' }),
    );
    await waitUntil(() => server.output.includes('Latchkey is ready'));
    headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  });

  afterAll(() => server.kill());

  it('creates one administrator, and reports once that it is ready', () => {
    expect(server.output.match(/Created the first administrator/g)).toHaveLength(1);
    expect(server.output.match(/Latchkey is ready/g)).toHaveLength(1);
  });

  it('distributes connections in turn, and returns the metrics of both workers from each', async () => {
    for (let request = 0; request < 10; request += 1) {
      await alone('/auth/verify', headers);
    }

    const texts = [(await alone('/metrics')).text, (await alone('/metrics')).text];
    for (const text of texts) {
      const counts = ['1', '2'].map((worker) =>
        [...text.matchAll(new RegExp(`^latchkey_verifications_total.*worker="${worker}"\\} (\\d+)`, 'gm'))]
          .map(([, count]) => Number(count))
          .reduce((sum, count) => sum + count, 0),
      );
      expect(Math.min(...counts)).toBeGreaterThan(1);
    }
  });

  it('rejects a token at both workers as soon as one has revoked it', async () => {
    const token = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    await alone('/auth/verify', token);
    await alone('/auth/verify', token);

    await server.client.request('DELETE', '/tokens/self', { headers: { ...token, Prefer: 'wait=3' } });
    const answers = [await alone('/auth/verify', token), await alone('/auth/verify', token)];
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  });

  // The last two tests, because the first kills a worker and the second stops the server.
  it('replaces a killed worker, while the other one serves', async () => {
    const [victim = 0, other] = await bothWorkers(server, headers);
    process.kill(victim, 'SIGKILL');
    await waitUntil(() => !isRunning(victim));

    expect((await alone('/auth/verify', headers)).status).toBe(200);
    expect(await bothWorkers(server, headers, victim)).toContain(other);
  });

  it('ends all processes on a signal to the first one', async () => {
    const pids = await bothWorkers(server, headers);

    expect(await server.stop()).toBe(0);
    expect(pids.filter(isRunning)).toEqual([]);
  });
});

it('a server with two workers that cannot start prints the reason once, and exits with 1', async () => {
  const url = new URL(database.url);
  url.pathname = '/missing';
  server = await ServerProcess.spawn(serverOn({ ...database, url: url.href }, { LATCHKEY_WORKERS: '2' }));

  expect(await server.exit()).toBe(1);
  expect(server.errors.match(/Latchkey cannot start/g)).toHaveLength(1);
});
