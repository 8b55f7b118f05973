import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { ServerProcess, serverOn } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { waitUntil } from '../support/wait-until.js';

/** Maximum number of connections of a worker. */
const CONNECTIONS_MAX = 4_096;
/** Pause between requests that use processor time of the workers. */
const SLOWLY = { pauseMilliseconds: 50 };
/** Its connection stays open for 72 seconds. */
const REQUEST = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n';

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await ServerProcess.start(serverOn(database, { LATCHKEY_WORKERS: '2' }));
});

afterAll(async () => {
  await server.kill();
  await database.drop();
});

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
});
