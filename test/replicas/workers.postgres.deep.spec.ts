import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { ServerProcess, serverOn } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { waitUntil } from '../support/wait-until.js';
import { bothWorkers, isRunning, requestAlone, SLOWLY } from '../support/worker-processes.js';

/** Maximum number of connections of a worker. */
const CONNECTIONS_MAX = 4_096;
/** Its connection stays open for 72 seconds. */
const REQUEST = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n';

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
});

beforeEach(async () => {
  server = await ServerProcess.start(serverOn(database, { LATCHKEY_WORKERS: '2', LATCHKEY_METRICS: 'open' }));
});

afterEach(() => server.kill());

afterAll(() => database.drop());

describe('a server with two workers', () => {
  it('closes idle connections when there are too many, and still responds', async () => {
    const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    const { hostname, port } = new URL(server.client.baseUrl);
    const sockets: Socket[] = [];
    try {
      // The workers take turns.
      for (let opened = 0; opened < 2 * CONNECTIONS_MAX + 100; opened += 1) {
        const socket = connect(Number(port), hostname).on('error', () => undefined);
        socket.resume().write(REQUEST);
        sockets.push(socket);
        if (opened % 100 === 0) {
          await once(socket, 'connect');
        }
      }
      const closed = () => sockets.filter((socket) => socket.closed).length;
      await waitUntil(closed, (count) => count > CONNECTIONS_MAX / 2, SLOWLY);
      // The connection that exceeds the limit is closed too.
      await waitUntil(
        () =>
          server.client.request('GET', '/auth/verify', { headers: { ...headers, connection: 'close' } }).then(
            ({ status }) => status === 200,
            () => false,
          ),
        Boolean,
        SLOWLY,
      );
    } finally {
      sockets.forEach((socket) => socket.destroy());
    }
  });

  it('returns the metrics of the other workers while one does not respond', async () => {
    const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    const [suspended = 0] = await bothWorkers(server, headers);
    process.kill(suspended, 'SIGSTOP');
    try {
      // New connections go to the workers in turn, and those of the suspended one wait.
      const text = await waitUntil(() =>
        Promise.race([requestAlone(server, '/metrics').then((answer) => answer.text), pause(3_000, '')]),
      );
      expect(new Set([...text.matchAll(/worker="(\d)"/g)].map(([, worker]) => worker)).size).toBe(1);
    } finally {
      process.kill(suspended, 'SIGCONT');
    }
    await waitUntil(
      async () => new Set((await requestAlone(server, '/metrics')).text.match(/worker="\d"/g)),
      ({ size }) => size === 2,
      SLOWLY,
    );
  });

  it('ends all processes on a signal to all of them, as systemd does', async () => {
    const pids = await bothWorkers(server, await server.client.loginHeaders(ADMIN.name, ADMIN.password));
    pids.forEach((pid) => process.kill(pid, 'SIGTERM'));

    expect(await server.stop()).toBe(0);
    expect(pids.filter(isRunning)).toEqual([]);
  });

  it('ends the workers when the first process is killed', async () => {
    const pids = await bothWorkers(server, await server.client.loginHeaders(ADMIN.name, ADMIN.password));
    await server.kill();

    await waitUntil(
      () => pids.filter(isRunning),
      (running) => running.length === 0,
    );
  });
});
