import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { basic } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';
import { PendingRequest } from '../support/raw-http.js';
import { type Environment, serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { waitUntil } from '../support/wait-until.js';

const LOGIN = ['POST /auth/login HTTP/1.1', `Authorization: ${basic(ADMIN.name, ADMIN.password)}`];

const LIVE = ['GET /health/live HTTP/1.1'];

let databases: TestDatabase[];
let server: ServerProcess;
let requests: PendingRequest[];

beforeEach(() => {
  databases = [];
});

afterEach(async () => {
  requests.forEach((request) => request.close());
  await server.kill();
  await Promise.all(databases.map((database) => database.drop()));
});

/** Starts a server with a database of its own. */
async function start(environment: Environment): Promise<ServerProcess> {
  const database = await createTestDatabase();
  databases.push(database);
  return ServerProcess.start(serverOn(database, environment));
}

async function open(count: number): Promise<void> {
  requests = await Promise.all(
    Array.from({ length: count }, () => PendingRequest.open(server.client.baseUrl)),
  );
}

/** Sends a login without its body, which stays in flight. */
async function startEndlessRequest(): Promise<void> {
  await open(1);
  requests[0]?.send([...LOGIN, 'Content-Type: application/json', 'Content-Length: 10']);
  // Connections are read in order, so this one was read before a later login is answered.
  await server.client.login(ADMIN.name, ADMIN.password);
}

describe('SIGTERM', () => {
  it('serves while it drains, closes each connection with its response, and does not wait for idle ones', async () => {
    // Long enough that a busy machine sends the requests in time.
    server = await start({ LATCHKEY_DRAIN_SECONDS: '4' });
    await open(5);
    const [used, idle] = requests as [PendingRequest, PendingRequest];
    const { hostname, port } = new URL(server.client.baseUrl);
    const silent = connect(Number(port), hostname);
    await once(silent, 'connect');
    // Connections are accepted in order, so that one was accepted before this request is answered.
    const readiness = async () => (await server.client.ready()).status;
    expect(await readiness()).toBe(200);
    const stopped = server.stop();
    await waitUntil(readiness, (status) => status === 503, { pauseMilliseconds: 50 });
    used.send(LIVE);
    const { status, headers } = await server.client.login(ADMIN.name, ADMIN.password);

    expect([status, headers.get('connection')]).toEqual([200, 'close']);
    expect(await used.waitForStatus()).toBe(200);
    expect(used.received).toMatch(/^connection: close\r$/im);

    const isListening = () =>
      readiness().then(
        () => true,
        () => false,
      );
    await waitUntil(isListening, (value) => !value, { pauseMilliseconds: 50 });
    idle.send(LIVE);

    expect(await idle.waitForStatus()).toBe(200);
    // A server that waits for idle connections exits with 1 after LATCHKEY_SHUTDOWN_SECONDS.
    expect(await stopped).toBe(0);
    silent.destroy();
  });

  it('waits for an unfinished request as long as configured', async () => {
    server = await start({ LATCHKEY_SHUTDOWN_SECONDS: '1' });
    await startEndlessRequest();
    const patient = await start({ LATCHKEY_SHUTDOWN_SECONDS: '25' });
    try {
      const request = await PendingRequest.open(patient.client.baseUrl);
      request.send([...LOGIN, 'Content-Type: application/json', 'Content-Length: 2']);
      await patient.client.login(ADMIN.name, ADMIN.password);
      const patientExit = patient.stop();

      expect(await server.stop()).toBe(1);
      // The other server, which stopped first, still waits.
      request.sendRest('{}');

      expect(await request.waitForStatus()).toBe(200);
      expect(await patientExit).toBe(0);
    } finally {
      await patient.kill();
    }
  });
});
