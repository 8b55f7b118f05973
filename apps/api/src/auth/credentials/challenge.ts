import { type ErrorCode } from '@latchkey/auth-models';
import { type FastifyRequest } from 'fastify';
import { hasTokenCredentials } from './token-credentials.js';

const REALM = 'realm="latchkey"';

/** Requests to routes that take a name and a password. */
const wantsBasic = new WeakSet<FastifyRequest>();

/** Notes that a request's route takes a name and a password. */
export function expectBasic(request: FastifyRequest): void {
  wantsBasic.add(request);
}

/**
 * The value of `WWW-Authenticate` (RFC 9110, section 11.6.1). Basic only where a password is asked for, and never to a
 * script: browsers answer it with a dialog of their own, which would cover the console.
 */
export function challenge(request: FastifyRequest, code: ErrorCode): string {
  const isScript = request.headers['x-requested-with']?.toString().toLowerCase() === 'xmlhttprequest';
  if (wantsBasic.has(request) && !isScript) {
    return `Basic ${REALM}, charset="UTF-8"`;
  }
  if (!hasTokenCredentials(request.headers)) {
    return `XAuthToken ${REALM}`;
  }
  return `XAuthToken ${REALM}, error="${code === 'unauthenticated' ? 'invalid_token' : code}"`;
}
