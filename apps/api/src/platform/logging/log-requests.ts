import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { clientAddress } from '../../common/request/client-address.js';
import { type Logger } from './logger.js';

/** Routes called so often that a line for each good answer would cost more than the answer. */
const QUIET = new Set(['/auth/verify', '/health/live', '/health/ready']);

const PATH_MAX_LENGTH = 200;
/** A token's secret, or enough of one. */
const TOKEN = /lk_[0-9A-Za-z]{12,}/;
const ENCODED = /%(?:25)*([0-9A-F]{2})/gi;
/** Stands for what was a token. */
const HIDDEN = 'lk_…';

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

/** The path, cut, without the query string and without tokens: people put credentials into addresses. */
function pathOf(request: FastifyRequest): string {
  const [path = ''] = request.url.split('?', 1);
  return path.split('/').map(withoutToken).join('/').slice(0, PATH_MAX_LENGTH);
}

/** A part of a path, unless it is a token's secret, or in base64, as `X-Auth-Token` carries it; percent-encoded or not. */
function withoutToken(part: string): string {
  const isToken = [part, decoded(part)].some(
    (text) => TOKEN.test(text) || TOKEN.test(Buffer.from(text, 'base64').toString('latin1')),
  );
  return isToken ? HIDDEN : part;
}

/** What stands for a byte, however often it was encoded; the rest stays. Not `decodeURIComponent`, which throws at some. */
function decoded(part: string): string {
  return part.replace(ENCODED, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
