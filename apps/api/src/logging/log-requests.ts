import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { clientAddress } from '../common/client-address.js';
import { type Logger } from './logger.js';

/** Routes called so often that a line for each good answer would cost more than the answer. */
const QUIET = new Set(['/auth/verify', '/health/live', '/health/ready']);

/** Writes one line an answered request: method, path without query, status, time, request id, the client's address. */
export function logRequests(instance: FastifyInstance, logger: Logger): void {
  if (!logger.isLevelEnabled('info')) {
    return;
  }
  instance.addHook('onResponse', (request, reply, done) => {
    if (reply.statusCode >= 400 || !QUIET.has(request.routeOptions.url ?? '')) {
      logger.info(
        {
          traceId: request.id,
          method: request.method,
          path: pathOf(request),
          status: reply.statusCode,
          milliseconds: Math.round(reply.elapsedTime * 10) / 10,
          address: clientAddress(request),
        },
        'request',
      );
    }
    done();
  });
}

/** The path, cut, without the query string: people put credentials there. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0]?.slice(0, 200) ?? '';
}
