import { type ErrorCode } from '@latchkey/auth-models';
import { type FastifyRequest } from 'fastify';
import { FIELDS } from '../../common/request/header-fields.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether the route authenticates by name and password. */
    expectsBasic?: boolean;
    /** Error code of the response. */
    errorCode?: ErrorCode;
  }
}

const REALM = 'realm="latchkey"';

/**
 * Returns the value of `WWW-Authenticate` (RFC 9110, section 11.6.1). Basic is offered only where the route
 * expects it, and never to scripts: browsers would cover the console with a dialog of their own.
 */
export function challenge({ headers, expectsBasic }: FastifyRequest, code: ErrorCode): string {
  const isScript = headers[FIELDS.xRequestedWith]?.toString().toLowerCase() === 'xmlhttprequest';
  if (expectsBasic && !isScript) {
    return `Basic ${REALM}, charset="UTF-8"`;
  }
  if (headers[FIELDS.xAuthToken] === undefined && headers.authorization === undefined) {
    return `XAuthToken ${REALM}`;
  }
  return `XAuthToken ${REALM}, error="${code === 'unauthenticated' ? 'invalid_token' : code}"`;
}

/** Returns the value of `WWW-Authenticate` for a request with an invalid parameter (RFC 6750, section 3). */
export function invalidRequest(description: string): string {
  return `XAuthToken ${REALM}, error="invalid_request", error_description="${description.replace(NOT_IN_DESCRIPTION, '?')}"`;
}

/** Characters that `error_description` must not contain. */
const NOT_IN_DESCRIPTION = /[^ !#-[\]-~]/g;

/**
 * Returns the value of `WWW-Authenticate` for a token that lacks permissions or roles (RFC 6750, section 3).
 */
export function insufficientScope(permissions: readonly string[]): string {
  const scope = permissions.length === 0 ? '' : `, scope="${permissions.join(' ')}"`;
  return `XAuthToken ${REALM}, error="insufficient_scope"${scope}`;
}
