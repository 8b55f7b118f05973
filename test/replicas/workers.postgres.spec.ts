import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type VerifierListDto } from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';
import { ServerProcess, serverOn } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { waitUntil } from '../support/wait-until.js';

/** Pause between requests that use processor time of the workers. */
const SLOWLY = { pauseMilliseconds: 50 };

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  // Both workers migrate it.
  database = await createTestDatabase({ isEmpty: true });
});

afterAll(() => database.drop());

const start = async () => {
  server = await ServerProcess.start(serverOn(database, { LATCHKEY_WORKERS: '2', LATCHKEY_METRICS: 'open' }));
};

/** Sends a request on a connection of its own, so that the workers take turns. */
const alone = (path: string, headers: Headers = {}) =>
  server.client.request<string>('GET', path, { headers: { ...headers, connection: 'close' } });

/** Returns the process ids of both workers, once the worker that responds lists both. */
async function bothWorkers(headers: Headers, without?: number): Promise<number[]> {
  const list = async () => {
    const { body } = await server.client.request<VerifierListDto>('GET', '/verifiers', { headers });
    return body.replicas.map(({ name }) => Number(name.split(':').at(-1))).filter((pid) => pid !== without);
  };
  return waitUntil(list, (pids) => pids.length === 2, SLOWLY);
}

const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a server with two workers', () => {
  let headers: Headers;

  beforeAll(async () => {
    await start();
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

  it('returns the metrics of the other workers while one does not respond', async () => {
    const [suspended = 0] = await bothWorkers(headers);
    process.kill(suspended, 'SIGSTOP');
    try {
      // New connections go to the workers in turn, and those of the suspended one wait.
      const text = await waitUntil(() =>
        Promise.race([alone('/metrics').then((answer) => answer.text), pause(3_000, '')]),
      );
      expect(new Set([...text.matchAll(/worker="(\d)"/g)].map(([, worker]) => worker)).size).toBe(1);
    } finally {
      process.kill(suspended, 'SIGCONT');
    }
    await waitUntil(
      async () => new Set((await alone('/metrics')).text.match(/worker="\d"/g)),
      ({ size }) => size === 2,
      SLOWLY,
    );
  });

  // The last two tests, because the first kills a worker and the second stops the server.
  it('replaces a killed worker, while the other one serves', async () => {
    const [victim = 0, other] = await bothWorkers(headers);
    process.kill(victim, 'SIGKILL');
    await waitUntil(() => !isRunning(victim));

    expect((await alone('/auth/verify', headers)).status).toBe(200);
    expect(await bothWorkers(headers, victim)).toContain(other);
  });

  it('ends all processes on a signal to the first one', async () => {
    const pids = await bothWorkers(headers);

    expect(await server.stop()).toBe(0);
    expect(pids.filter(isRunning)).toEqual([]);
  });
});

describe('stopping a server with two workers', () => {
  let pids: number[];

  const startAndListWorkers = async () => {
    await start();
    const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    pids = await bothWorkers(headers);
  };

  afterEach(() => server.kill());

  it('ends all processes on a signal to all of them, as systemd does', async () => {
    await startAndListWorkers();
    pids.forEach((pid) => process.kill(pid, 'SIGTERM'));

    expect(await server.stop()).toBe(0);
    expect(pids.filter(isRunning)).toEqual([]);
  });

  it('ends the workers when the first process is killed', async () => {
    await startAndListWorkers();
    await server.kill();

    await waitUntil(
      () => pids.filter(isRunning),
      (running) => running.length === 0,
    );
  });
});

it('a server with two workers that cannot start prints the reason once, and exits with 1', async () => {
  const url = new URL(database.url);
  url.pathname = '/missing';
  server = await ServerProcess.spawn(serverOn({ ...database, url: url.href }, { LATCHKEY_WORKERS: '2' }));

  expect(await server.exit()).toBe(1);
  expect(server.errors.match(/Latchkey cannot start/g)).toHaveLength(1);
});
