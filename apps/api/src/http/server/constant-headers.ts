import { randomUUID } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { FIELDS, type ResponseFields } from '../../common/request/header-fields.js';

/** Maximum length of the URL of a request. */
const URL_MAX_LENGTH = 8_192;

const SANE_REQUEST_ID = /^[A-Za-z0-9._:+=/-]{1,64}$/;

/** Headers of all responses. The console and the API page replace the Content-Security-Policy. */
export const CONSTANT_HEADERS = {
  [FIELDS.cacheControl]: 'no-store',
  [FIELDS.contentSecurityPolicy]: "default-src 'none'; frame-ancestors 'none'",
  [FIELDS.referrerPolicy]: 'no-referrer',
  vary: 'Accept, Origin',
  [FIELDS.xContentTypeOptions]: 'nosniff',
} as const;

const CONSTANT_FIELDS = Object.entries(CONSTANT_HEADERS);

/** Link to the OpenAPI document (RFC 8631), on responses of routes with several media types. */
export const SERVICE_DESC = '</openapi.json>; rel="service-desc"';

const TWO_YEARS = 'max-age=63072000';

/** `traceparent` (W3C Trace Context, section 3.2). Later versions may append fields; version 00 has none. */
const TRACE_PARENT =
  /^(?!ff|00-.{53})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;

/** Returns the trace id of a valid `traceparent`. */
export function traceIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const given = headers[FIELDS.traceparent];
  return typeof given === 'string' ? TRACE_PARENT.exec(given)?.[1] : undefined;
}

/**
 * Returns the client's request id if it is safe to log, otherwise the client's trace id, otherwise a new id.
 */
export function requestId(request: IncomingMessage): string {
  const given = request.headers[FIELDS.xRequestId];
  const isHarmless = typeof given === 'string' && SANE_REQUEST_ID.test(given);
  return isHarmless ? given : (traceIdOf(request) ?? randomUUID());
}

/** Adds a hook that sets the constant headers and the request id on all routed responses. */
export function sendConstantHeaders(instance: FastifyInstance): void {
  instance.addHook('onRequest', (request, reply, done) => {
    setConstantHeaders(request, reply);
    done(rejectionOf(request));
  });
}

/** Sets the constant headers and the request id on a response. */
export function setConstantHeaders(
  request: Pick<FastifyRequest, 'id' | 'protocol'>,
  reply: ResponseFields,
): void {
  for (const [name, value] of CONSTANT_FIELDS) {
    reply.header(name, value);
  }
  reply.header(FIELDS.xRequestId, request.id);
  if (request.protocol === 'https') {
    reply.header(FIELDS.strictTransportSecurity, TWO_YEARS);
  }
}

function rejectionOf({ url, raw }: FastifyRequest): ApplicationError | undefined {
  if (url.length > URL_MAX_LENGTH) {
    return new ApplicationError('uri_too_long');
  }
  return hasOneHost(raw)
    ? undefined
    : new ApplicationError('malformed_request', { detail: 'Send exactly one Host header.' });
}

/** Whether a request has exactly one Host (RFC 9112, section 3.2). Node joins repeated ones with a comma. */
export function hasOneHost({ headers, httpVersion }: IncomingMessage): boolean {
  return headers.host === undefined ? httpVersion === '1.0' : !headers.host.includes(',');
}
