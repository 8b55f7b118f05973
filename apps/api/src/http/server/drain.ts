import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { promisify } from 'node:util';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';

/** Time for clients to use connections again before the server stops listening. */
const KEPT_AGAIN_MILLISECONDS = 1_000;
const CHECK_MILLISECONDS = 50;
/** The server does not wait longer for a quiet turn of the event loop than for so many of them. */
const QUIET_TURNS = 10_000;
const QUIET_MILLISECONDS = 0.2;

/**
 * Serves on while clients turn to other replicas, and resolves when the server can be closed without cutting a request off.
 *
 * 1. For some seconds it accepts everything, and closes each connection with its answer. Balancers that ask for readiness
 *    leave, and those that do not lose the connections that they have kept.
 * 2. For a moment it lets connections be kept. The kernel resets connections that it has made and the server has not yet
 *    accepted when it stops listening, with the requests on them; now hardly any is being made.
 * 3. It stops listening, and waits about as long as before until the last connections are used once more, or closed by clients.
 *    To close an idle one could cut off a request that is on its way.
 */
export async function drain(server: Server, seconds: number): Promise<void> {
  server.prependListener('request', closeWithAnswer);
  await pause(seconds * 1_000);
  server.removeListener('request', closeWithAnswer);
  await pause(KEPT_AGAIN_MILLISECONDS);
  await quietTurn(server);
  server.prependListener('request', closeWithAnswer);
  // The method of HTTP servers also closes idle connections.
  NetServer.prototype.close.call(server);
  const countConnections = promisify(server.getConnections.bind(server));
  for (
    const end = Date.now() + seconds * 1_000 + KEPT_AGAIN_MILLISECONDS;
    Date.now() < end && (await countConnections()) > 0;
  ) {
    await pause(CHECK_MILLISECONDS);
  }
}

/** Resolves right after a short turn of the event loop in which no connection arrived: hardly any can be waiting then. */
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

function closeWithAnswer(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close');
}
