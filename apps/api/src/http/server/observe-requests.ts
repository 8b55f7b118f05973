import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { clientAddress } from '../../common/request/request-origin.js';
import { traceIdOf } from './constant-headers.js';
import { containedTokenPattern } from '../../platform/crypto/secrets.js';
import { type Logger } from '../../platform/logging/logger.js';
import { type Metrics } from '../../platform/metrics/metrics.service.js';

/** Routes with so many requests that logging each successful one would cost more than the response. */
const QUIET = new Set(['/auth/verify', '/health/live', '/health/ready']);

const PATH_MAX_LENGTH = 200;
const ENCODED = /%(?:25)*([0-9A-F]{2})/gi;
/** Replaces secrets of tokens. */
const HIDDEN = 'latchkey_…';

/**
 * Logs one line per response: method, path without query, status, time, request id, address of the client.
 */
export function logRequests(instance: FastifyInstance, logger: Logger, tokenPrefix: string): void {
  if (!logger.isLevelEnabled('info')) {
    return;
  }
  const tokens = containedTokenPattern(tokenPrefix);
  instance.addHook('onResponse', (request, reply, done) => {
    if (reply.statusCode >= 400 || !QUIET.has(request.routeOptions.url ?? '')) {
      const traceId = traceIdOf(request.raw);
      logger.info(
        {
          traceId: request.id,
          // This is the field's name in OpenTelemetry's log data model.
          ...(traceId !== undefined && { trace_id: traceId }),
          method: request.method,
          path: pathOf(request, tokens),
          status: reply.statusCode,
          ...(request.errorCode !== undefined && { code: request.errorCode }),
          milliseconds: Math.round(reply.elapsedTime * 10) / 10,
          address: clientAddress(request),
        },
        'request',
      );
    }
    done();
  });
}

/** Returns the truncated path without query string and tokens, because clients put credentials into URLs. */
function pathOf(request: FastifyRequest, tokens: RegExp): string {
  const [path = ''] = request.url.split('?', 1);
  return path
    .split('/')
    .map((part) => withoutToken(part, tokens))
    .join('/')
    .slice(0, PATH_MAX_LENGTH);
}

/**
 * Replaces a segment of a path that is the secret of a token, as plain text or as the Base64 of
 * `X-Auth-Token`.
 */
function withoutToken(part: string, tokens: RegExp): string {
  const isToken = [part, decoded(part)].some(
    (text) => tokens.test(text) || tokens.test(Buffer.from(text, 'base64').toString('latin1')),
  );
  return isToken ? HIDDEN : part;
}

/**
 * Decodes percent-encoding, also if it is nested. Unlike `decodeURIComponent` it leaves invalid parts as they
 * are.
 */
function decoded(part: string): string {
  return part.replace(ENCODED, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** In seconds. Hashing a password takes tens of milliseconds; most other requests take less than one. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/**
 * Route whose successful requests are counted but not timed, which would add a tenth to their cost. Its reads
 * are timed.
 */
const UNMEASURED = '/auth/verify';

/** Measures the duration of requests by method, route and status. Paths without a route are not recorded. */
export function measureRequests(instance: FastifyInstance, metrics: Metrics): void {
  const times = metrics.histogram(
    'latchkey_http_request_duration_seconds',
    `Time from the arrival of a request to the end of its response; for ${UNMEASURED} only rejected requests.`,
    ['method', 'route', 'status'],
    BUCKETS,
  );
  instance.addHook('onResponse', ({ method, routeOptions: { url: route = 'none' } }, reply, done) => {
    const { statusCode: status } = reply;
    if (status >= 400 || route !== UNMEASURED) {
      times.observe({ method, route, status }, reply.elapsedTime / 1_000);
    }
    done();
  });
}
