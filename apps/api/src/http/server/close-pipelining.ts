import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { type Metrics } from '../../platform/metrics/metrics.service.js';

/** Return value with which Node's parser stops in the middle of a read: `HPE_PAUSED` of llhttp. */
const PAUSED = 21;

/** Undocumented part of a connection. Node documents no way to stop its parser. */
interface HttpSocket extends Socket {
  readonly parser: { onIncoming: (request: ParsedRequest, isKeptAlive: boolean) => number } | null;
}

/** A request as the parser passes it to the server. `upgrade` is true for CONNECT and upgrades. */
type ParsedRequest = IncomingMessage & { upgrade: boolean };

/**
 * Closes a connection after the response in progress if the client sends another request before it. Does not
 * handle that request, or parse the rest of the read: Node would start up to 3,600 requests at once, and keep
 * their responses.
 */
export function closePipelining(server: Server, metrics: Metrics): void {
  let closed = 0;
  metrics.counts(
    'latchkey_connections_closed_total',
    'Connections closed because the client sent a request before it had received the response to the last one.',
    'reason',
    () => ({ pipelining: closed }),
  );
  server.on('connection', (socket: HttpSocket) => {
    const { parser } = socket;
    if (!parser) {
      throw new Error('This version of Node parses requests differently. Use one that package.json names.');
    }
    const { onIncoming } = parser;
    parser.onIncoming = (request, isKeptAlive) => {
      const response = responseOn(socket);
      if (!response) {
        return onIncoming(request, isKeptAlive);
      }
      closed += 1;
      // Otherwise Node closes the connection at once.
      request.upgrade = false;
      socket.pause();
      if (!response.headersSent) {
        response.setHeader('connection', 'close');
      }
      response.once('finish', () => socket.destroySoon());
      return PAUSED;
    };
  });
}

/** Whether an error only reports that {@link closePipelining} has stopped the parser. */
export const isPipelining = ({ code }: NodeJS.ErrnoException): boolean => code === 'HPE_PAUSED';

/** Returns the response that is not yet finished. */
export function responseOn(socket: Socket): ServerResponse | null | undefined {
  // Undocumented, but Node's own handler of malformed requests uses it as well.
  return (socket as Socket & { _httpMessage?: ServerResponse | null })._httpMessage;
}
