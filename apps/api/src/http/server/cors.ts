import fastifyCors from '@fastify/cors';
import { HEADERS, RESPONSE_HEADERS } from '@latchkey/auth-models';
import { type FastifyInstance } from 'fastify';
import { type Config } from '../../platform/config/config.js';

const ALLOWED_HEADERS = [
  HEADERS.authorization,
  HEADERS.xAuthOtp,
  HEADERS.xAuthToken,
  'Content-Type',
  HEADERS.ifMatch,
  HEADERS.ifNoneMatch,
  // A login of another origin ignores the preference for the session cookie.
  HEADERS.prefer,
  HEADERS.traceparent,
  HEADERS.xRequestId,
  HEADERS.xRequestedWith,
];

/** Header fields of responses that pages of other origins may read. Browsers never expose cookies. */
export const EXPOSED_HEADERS = Object.values(RESPONSE_HEADERS)
  .filter((name) => name !== RESPONSE_HEADERS.setCookie)
  .join(', ');

const PREFLIGHT_SECONDS = 600;

/**
 * Allows pages of the configured origins to call the API with a token, but neither with cookies nor for the
 * session.
 */
export async function allowOrigins(server: FastifyInstance, { corsOrigins }: Config): Promise<void> {
  if (corsOrigins.length === 0) {
    return;
  }
  const options = {
    origin: [...corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ALLOWED_HEADERS,
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
    strictPreflight: false,
  };
  await server.register(fastifyCors, {
    delegator: (request, callback) => {
      callback(null, isSession(request.url) ? { origin: false } : options);
    },
  });
}

/** Whether a URL is that of the session, in any encoding, as the router decodes it as well. */
function isSession(url: string): boolean {
  const path = url.replace(/^https?:\/\/[^/]*/i, '').split(/[?#]/, 1)[0] ?? '';
  return decodeURIComponent(path) === '/auth/session';
}
