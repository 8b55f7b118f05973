import { type Server } from 'node:http';
import { type Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Config } from '../../platform/config/config.js';
import { PipelinedRequests } from './pipelined-requests.js';
import { answerClientError } from './client-error.js';
import { requestId, sendConstantHeaders, setConstantHeaders } from './constant-headers.js';
import { deferBodies } from '../bodies/read-body.js';

const HEADERS_MAX_BYTES = 16_384;
/** Characters of one part of a path: 64 letters of a name take up to 12 each, percent-encoded. */
const PARAMETER_MAX_LENGTH = 64 * 12;
const HEADERS_TIMEOUT = 10_000;
/** With the interval below, and while the process is busy, a request that does not end is cut within 30 seconds. */
const REQUEST_TIMEOUT = 25_000;
const KEEP_ALIVE_TIMEOUT = 72_000;
/**
 * Time after which a connection is closed while a request or an answer on it makes no progress. It takes twice as long
 * where a part of the answer was taken: Node compares what is left at the first time-out with what is left at the second.
 */
const STALLED_TIMEOUT = 28_000;
/** Open connections. Each may hold 64 KiB of requests that wait, and an answer. */
const MAX_CONNECTIONS = 4_096;
const TIMEOUT_CHECK_INTERVAL = 1_000;
/** How long a connection may have sent nothing once the server stops. */
const SILENCE_MILLISECONDS = 100;

/** Answers an error that the router met before any hook or guard ran. */
export type RouterErrorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;

/** Makes the HTTP server with its limits; nothing is routed yet. */
export function createServer(config: Config, onRouterError: RouterErrorHandler): FastifyInstance {
  const pipelinedRequests = new PipelinedRequests();
  const instance = fastify({
    genReqId: (request) => requestId(request),
    requestIdHeader: false,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    // Requests that arrive on open connections while the server stops are still answered.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => {
      if (!pipelinedRequests.isPause(error, socket)) {
        answerClientError(error, socket);
      }
    },
    frameworkErrors: (error, request, reply) => {
      // No hook has run.
      setConstantHeaders(request, reply);
      onRouterError(error, request, reply);
    },
    routerOptions: { maxParamLength: PARAMETER_MAX_LENGTH },
    connectionTimeout: STALLED_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    requestTimeout: REQUEST_TIMEOUT,
    http: {
      maxHeaderSize: HEADERS_MAX_BYTES,
      headersTimeout: HEADERS_TIMEOUT,
      connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL,
      // Else Node silently keeps the first of two Authorization headers.
      joinDuplicateHeaders: true,
      // Else Node refuses a request without Host with an answer of its own, which has none of our header fields.
      requireHostHeader: false,
    },
  });
  // For the same reason: an expectation that nobody knows is ignored (RFC 9110, section 10.1.1).
  instance.server.on('checkExpectation', (request, response) =>
    instance.server.emit('request', request, response),
  );
  pipelinedRequests.watch(instance.server);
  limitConnections(instance.server);
  letGoWhenStopping(instance);
  deferBodies(instance);
  sendConstantHeaders(instance);
  return instance;
}

/** Refuses connections beyond the limit, and makes room for the next ones by closing those on which nothing is asked. */
function limitConnections(server: Server): void {
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => server.closeIdleConnections());
}

/**
 * Once the server stops, closes each connection soon after its answer, and those on which nothing was ever sent, such as
 * browsers open ahead of time. Node closes only connections that are idle between two requests; the others would hold
 * the stop up.
 */
function letGoWhenStopping(instance: FastifyInstance): void {
  const connections = new Set<Socket>();
  instance.server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  instance.addHook('preClose', (done) => {
    // Read by Node when an answer is sent; 0 would mean for ever.
    instance.server.keepAliveTimeout = 1;
    // A request that has just arrived is read before that.
    setTimeout(() => {
      [...connections].filter(({ bytesRead }) => bytesRead === 0).forEach((socket) => socket.destroy());
    }, SILENCE_MILLISECONDS);
    done();
  });
}
