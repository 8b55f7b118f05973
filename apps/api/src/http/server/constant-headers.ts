import { randomUUID } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';

/** Characters in a request's address. */
const URL_MAX_LENGTH = 8_192;

const SANE_REQUEST_ID = /^[A-Za-z0-9._:+=/-]{1,64}$/;

/** Header fields of every answer; the console and the API's page replace the policy by one of their own. */
export const CONSTANT_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  vary: 'Accept, Origin',
  'x-content-type-options': 'nosniff',
} as const;

const TWO_YEARS = 'max-age=63072000';

/** The caller's request id if it is harmless, else a new one. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && SANE_REQUEST_ID.test(given) ? given : randomUUID();
}

/** Puts the constant header fields and the request id on every answer that comes through the router. */
export function sendConstantHeaders(instance: FastifyInstance): void {
  instance.addHook('onRequest', (request, reply, done) => {
    setConstantHeaders(request, reply);
    done(refusalOf(request));
  });
}

/** Puts the constant header fields and the request id on one answer. */
export function setConstantHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(CONSTANT_HEADERS).header('x-request-id', request.id);
  if (request.protocol === 'https') {
    reply.header('strict-transport-security', TWO_YEARS);
  }
}

function refusalOf({ url, raw }: FastifyRequest): ApplicationError | undefined {
  if (url.length > URL_MAX_LENGTH) {
    return new ApplicationError('uri_too_long');
  }
  // RFC 9112, section 3.2: one Host, no less and no more; repeated fields have been joined with a comma.
  const hasOneHost =
    raw.headers.host === undefined ? raw.httpVersion === '1.0' : !raw.headers.host.includes(',');
  return hasOneHost ? undefined : new ApplicationError('malformed_request', { detail: 'Send one Host.' });
}
