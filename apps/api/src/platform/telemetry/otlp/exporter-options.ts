import { Agent as HttpAgent, type AgentOptions, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type Socket } from 'node:net';
import { type OTLPExporterNodeConfigBase } from '@opentelemetry/otlp-exporter-base';
import { VERSION } from '../../../common/version.js';
import { type SignalSettings } from '../../config/telemetry-settings.js';

/** Simultaneous exports: more than the batches of a full queue. The exporter drops further ones. */
const CONCURRENCY = 8;

/**
 * Longest life of a connection. The exporter limits the silence of a receiver, but not the time of its
 * response.
 */
const CONNECTION_MILLISECONDS = 60_000;

/**
 * Longest response that is read. Responses have a few hundred bytes. The exporter would read 4 MiB: when a
 * receiver responded endlessly to each batch, a verification took four times the processor time.
 */
const RESPONSE_BYTES_MAX = 65_536;

/** Returns the options of an exporter. It reads the others from the environment. */
export function exporterOptions({ url, tls }: SignalSettings): OTLPExporterNodeConfigBase {
  return {
    url,
    concurrencyLimit: CONCURRENCY,
    userAgent: `Latchkey/${VERSION}`,
    httpAgentOptions: (protocol) =>
      limited(
        protocol === 'http:'
          ? new HttpAgent({ keepAlive: true })
          : new HttpsAgent({ keepAlive: true, ...tls }),
      ),
  };
}

/** Methods of an agent that its type lacks. */
interface AgentMethods {
  createConnection(options: AgentOptions, callback?: (error: Error | null, socket: Socket) => void): Socket;
  addRequest(request: ClientRequest, ...how: unknown[]): void;
}

/** Limits the life of the connections of an agent, and the length of the responses. */
function limited<Agent extends HttpAgent>(agent: Agent): Agent {
  const methods = agent as unknown as AgentMethods;
  const connect = methods.createConnection.bind(methods);
  methods.createConnection = (...how) => {
    const socket = connect(...how);
    const timer = setTimeout(() => socket.destroy(), CONNECTION_MILLISECONDS).unref();
    socket.once('close', () => clearTimeout(timer));
    return socket;
  };
  const add = methods.addRequest.bind(methods);
  methods.addRequest = (request, ...how) => {
    request.once('response', limitLength);
    add(request, ...how);
  };
  return agent;
}

/** Closes the connection of a response that is too long. */
function limitLength(response: IncomingMessage): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > RESPONSE_BYTES_MAX) {
      response.destroy(new Error('The response of the receiver is too long.'));
    }
  });
}
