import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type Socket } from 'node:net';
import { type OTLPExporterNodeConfigBase } from '@opentelemetry/otlp-exporter-base';
import { VERSION } from '../../../common/version.js';
import { type SignalSettings } from '../../config/telemetry-settings.js';

/** Exports at the same time: the batches of a full queue, with some room. Further ones are dropped. */
const CONCURRENCY = 8;

/**
 * Longest life of a connection. The exporter limits the silence of a receiver, but not the time of its
 * response.
 */
const CONNECTION_MILLISECONDS = 60_000;

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

type Connect = (options: AgentOptions, callback?: (error: Error | null, socket: Socket) => void) => Socket;

/** Closes the connections of an agent when their time is over. */
function limited<Agent extends HttpAgent>(agent: Agent): Agent {
  const target = agent as unknown as { createConnection: Connect };
  const connect = target.createConnection.bind(target);
  target.createConnection = (...how) => {
    const socket = connect(...how);
    const timer = setTimeout(() => socket.destroy(), CONNECTION_MILLISECONDS).unref();
    socket.once('close', () => clearTimeout(timer));
    return socket;
  };
  return agent;
}
