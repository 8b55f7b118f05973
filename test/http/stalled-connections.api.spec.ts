import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pauseAfterTokenRead } from '../support/paused-requests.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { waitUntil } from '../support/wait-until.js';

const server = useServer({ environment: { LATCHKEY_TOKEN_CACHE_SECONDS: '0' } });
const asAdmin = useAdmin(server);
let sockets: Socket[];

beforeAll(() => {
  server.app.getHttpServer().on('connection', (socket: Socket) => sockets.push(socket));
});

beforeEach(() => {
  sockets = [];
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** Closes the idle connections of the client, so that its next request opens one. */
async function closeIdleConnections(): Promise<void> {
  server.app.getHttpServer().closeIdleConnections();
  await server.client.verify(asAdmin);
}

// The timeout is 28 s. test/http/slow-clients.process.deep.spec.ts waits for it.
describe('the timeout of a connection', () => {
  it('does not interrupt a request that the server is still handling', async () => {
    await closeIdleConnections();
    const request = await pauseAfterTokenRead(server, asAdmin);
    const open = sockets.filter(({ destroyed }) => !destroyed);
    expect(open.length).toBeGreaterThan(0);

    open.forEach((socket) => socket.emit('timeout'));

    expect(await request.resume()).toBe(200);
  });

  it('closes an idle connection', async () => {
    await closeIdleConnections();
    await waitUntil(() => sockets.length > 0);

    sockets.forEach((socket) => socket.emit('timeout'));

    expect(sockets.map(({ destroyed }) => destroyed)).not.toContain(false);
  });
});

describe('the limit of connections', () => {
  it('closes idle connections to make room', async () => {
    const http = server.app.getHttpServer();
    const { hostname, port } = new URL(server.client.baseUrl);
    // A paused socket does not read the end of the connection, and never closes.
    const open = () => connect(Number(port), hostname).resume();
    const limit = http.maxConnections;
    expect(limit).toBe(4_096);
    await closeIdleConnections();
    const idle = open();
    idle.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(idle, 'data');
    try {
      http.maxConnections = sockets.filter(({ destroyed }) => !destroyed).length;
      await Promise.all([once(idle, 'close'), once(open(), 'close')]);
      expect((await server.client.verify(asAdmin)).status).toBe(200);
    } finally {
      http.maxConnections = limit;
      idle.destroy();
    }
  });
});
