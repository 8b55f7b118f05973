import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { promisify } from 'node:util';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';

/** Time during which connections are kept open again before the server stops listening. */
const KEEP_ALIVE_MILLISECONDS = 1_000;
const CHECK_MILLISECONDS = 50;
/** Maximum number of event loop turns to wait for a quiet one. */
const QUIET_TURNS = 10_000;
const QUIET_MILLISECONDS = 0.2;

/**
 * Continues to serve while clients move to other replicas. Resolves when the server can be closed without
 * losing a request.
 *
 * 1. For a few seconds it accepts all requests, and closes each connection after its response. Load
 *    balancers that check readiness stop sending requests. Others lose the connections that they have kept.
 * 2. For a moment it keeps connections. When the server stops listening, the kernel resets connections
 *    that the server has not accepted yet, with their requests. At this point hardly any connection is being
 *    opened.
 * 3. It stops listening, and waits about as long as before until the last connections are used again or
 *    closed by clients. Closing idle connections could lose requests that are in transit.
 */
export async function drain(server: Server, seconds: number): Promise<void> {
  server.prependListener('request', closeAfterResponse);
  await pause(seconds * 1_000);
  server.removeListener('request', closeAfterResponse);
  await pause(KEEP_ALIVE_MILLISECONDS);
  await quietTurn(server);
  server.prependListener('request', closeAfterResponse);
  // The method of the HTTP server would also close idle connections.
  NetServer.prototype.close.call(server);
  const countConnections = promisify(server.getConnections.bind(server));
  for (
    const end = Date.now() + seconds * 1_000 + KEEP_ALIVE_MILLISECONDS;
    Date.now() < end && (await countConnections()) > 0;
  ) {
    await pause(CHECK_MILLISECONDS);
  }
}

/** Resolves after a short turn of the event loop without a new connection. Hardly any can be waiting then. */
async function quietTurn(server: Server): Promise<void> {
  let isQuiet = false;
  const notice = () => (isQuiet = false);
  server.on('connection', notice);
  for (let turn = 0; turn < QUIET_TURNS && !isQuiet; turn += 1) {
    const start = performance.now();
    isQuiet = true;
    await nextTurn();
    isQuiet &&= performance.now() - start < QUIET_MILLISECONDS;
  }
  server.removeListener('connection', notice);
}

function closeAfterResponse(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close');
}
