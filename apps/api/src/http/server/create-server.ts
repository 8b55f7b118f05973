import cluster from 'node:cluster';
import { type Server, STATUS_CODES } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type ErrorCode } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { FIELDS } from '../../common/request/header-fields.js';
import { certainAddress, clientAddress } from '../../common/request/request-origin.js';
import { type Config } from '../../platform/config/config.js';
import { deferBodies } from '../bodies/read-body.js';
import { JSON_REPRESENTATION } from '../negotiation/representations.js';
import { PROBLEM_STATUS, type ProblemSettings, toProblem } from '../problems/problem-catalog.js';
import { isPipelining, responseOn } from './close-pipelining.js';
import { CONSTANT_HEADERS, requestId, sendConstantHeaders, setConstantHeaders } from './constant-headers.js';
import { parseQuery } from './parse-query.js';
import { forwardedHops, trustedProxies } from './untrusted-proxies.service.js';

const HEADERS_MAX_BYTES = 16_384;
/** Length of a path segment: a name has up to 64 letters, percent-encoded in up to 12 characters each. */
const PARAMETER_MAX_LENGTH = 64 * 12;
const KEEP_ALIVE_TIMEOUT = 72_000;
/**
 * Time after which a connection is closed if a request or a response makes no progress. It is doubled if the
 * client has read a part of the response: Node compares the rest at the first timeout with the rest at the
 * second.
 */
export const STALLED_TIMEOUT = 28_000;
/** Maximum number of open connections. Each may hold a response. */
const MAX_CONNECTIONS = 4_096;
/** Time after which silent connections are closed when the server stops. */
const SILENCE_MILLISECONDS = 100;

/** Limits on the requests of all clients. */
export const REQUEST_OPTIONS = {
  maxHeaderSize: HEADERS_MAX_BYTES,
  headersTimeout: 10_000,
  // With the interval, an incomplete request is aborted within 30 seconds even if the process is busy.
  requestTimeout: 25_000,
  connectionsCheckingInterval: 1_000,
  // By default Node silently keeps the first of two Authorization headers.
  joinDuplicateHeaders: true,
  // By default Node rejects a request without Host itself, without the constant headers. A hook rejects it
  // instead.
  requireHostHeader: false,
};

/** Responds to an error of the router, before any hook or guard has run. */
type RouterErrorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;

/** Creates the HTTP server with its limits, without routes. */
export function createServer(config: Config, onRouterError: RouterErrorHandler): FastifyInstance {
  const instance = fastify({
    genReqId: requestId,
    requestIdHeader: false,
    trustProxy: forwardedHops(config)?.isTrusted ?? false,
    // Requests on open connections are still served while the server stops.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => {
      if (!isPipelining(error)) {
        sendClientError(error, socket, config);
      }
    },
    frameworkErrors: (error, request, reply) => {
      // No hook has run.
      setConstantHeaders(request, reply);
      onRouterError(error, request, reply);
    },
    routerOptions: { maxParamLength: PARAMETER_MAX_LENGTH, querystringParser: parseQuery },
    connectionTimeout: STALLED_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    requestTimeout: REQUEST_OPTIONS.requestTimeout,
    http: REQUEST_OPTIONS,
  });
  // By default Node rejects unknown expectations itself, without the constant headers. Ignore them (RFC 9110,
  // section 10.1.1).
  instance.server.on('checkExpectation', (request, response) =>
    instance.server.emit('request', request, response),
  );
  instance.server.on('timeout', closeIfStalled);
  limitConnections(instance.server);
  closeConnectionsOnStop(instance);
  const isTrusted = trustedProxies(config);
  instance.decorateRequest('certainAddress', {
    getter() {
      return certainAddress(this, isTrusted);
    },
  });
  instance.decorateRequest('isTrustedProxy', {
    getter() {
      const address = clientAddress(this);
      return isIP(address) !== 0 && isTrusted(address);
    },
  });
  deferBodies(instance);
  sendConstantHeaders(instance);
  return instance;
}

/**
 * Closes a connection without progress, unless the server has not yet begun to respond, as during a long bulk
 * change.
 */
function closeIfStalled(socket: Socket): void {
  if (responseOn(socket)?.headersSent === false && socket.writableLength === 0) {
    socket.setTimeout(STALLED_TIMEOUT);
  } else {
    socket.destroy();
  }
}

/** Rejects connections beyond the limit and closes idle ones to make room. */
function limitConnections(server: Server): void {
  if (cluster.isWorker) {
    limitConnectionsOfWorker(server);
    return;
  }
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => server.closeIdleConnections());
}

/**
 * Does the same in a worker. With `maxConnections`, the first process would offer a further connection to the
 * workers again and again, without a pause.
 */
function limitConnectionsOfWorker(server: Server): void {
  let open = 0;
  server.on('connection', (socket: Socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    if (open > MAX_CONNECTIONS) {
      server.closeIdleConnections();
      socket.destroy();
    }
  });
}

/**
 * When the server stops, closes each connection after its response, and those without any request, which
 * browsers open in advance. Node closes only connections that are idle between two requests, so the others
 * would delay the stop.
 */
function closeConnectionsOnStop(instance: FastifyInstance): void {
  const connections = new Set<Socket>();
  instance.server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  instance.addHook('preClose', (done) => {
    // Node reads this when it sends a response. 0 would mean no timeout.
    instance.server.keepAliveTimeout = 1;
    // Requests that have just arrived are read first.
    setTimeout(() => {
      [...connections].filter(({ bytesRead }) => bytesRead === 0).forEach((socket) => socket.destroy());
    }, SILENCE_MILLISECONDS);
    done();
  });
}

const CODES: Partial<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Responds to malformed HTTP with a problem and closes the connection. */
export function sendClientError(
  error: NodeJS.ErrnoException,
  socket: Socket,
  settings: ProblemSettings,
): void {
  // In the middle of another response, the client would take this for the rest of it.
  if (error.code === 'ECONNRESET' || !socket.writable || responseOn(socket)?.headersSent) {
    socket.destroy();
    return;
  }
  sendProblem(new ApplicationError(CODES[error.code ?? ''] ?? 'malformed_request'), socket, settings);
}

/** Sends a problem outside of the routes and closes the connection. */
export function sendProblem(error: ApplicationError, socket: Socket, settings: ProblemSettings): void {
  const traceId = randomUUID();
  const problem = toProblem(error, traceId, settings);
  const body = JSON.stringify(problem);
  const headers = {
    ...CONSTANT_HEADERS,
    [FIELDS.xRequestId]: traceId,
    'content-type': JSON_REPRESENTATION.problemContentType,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const status = PROBLEM_STATUS[problem.code];
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${body}`);
}
