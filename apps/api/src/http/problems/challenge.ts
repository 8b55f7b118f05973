import { type ErrorCode } from '@latchkey/auth-models';
import { type FastifyRequest } from 'fastify';
import { FIELDS } from '../../common/request/header-fields.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether the route authenticates by name and password. */
    expectsBasic?: boolean;
    /** Client authentication of OAuth that the request has (RFC 6749, section 2.3.1). */
    clientAuthentication?: 'client_secret_basic' | 'client_secret_post';
    /** Error code of the response. */
    errorCode?: ErrorCode;
  }
}

const REALM = 'realm="latchkey"';

/**
 * Returns the value of `WWW-Authenticate` (RFC 9110, section 11.6.1). Basic is offered only where the route
 * expects it, and never to scripts: browsers would cover the console with a dialog of their own.
 *
 * @param isOAuth whether the route is an OAuth endpoint. Its only challenge is Basic, for clients that sent
 *   it (RFC 6749, section 5.2): OAuth libraries read the error only if there is no challenge.
 */
export function challenge(
  { headers, expectsBasic, clientAuthentication }: FastifyRequest,
  code: ErrorCode,
  isOAuth = false,
): string | undefined {
  const isScript = headers[FIELDS.xRequestedWith]?.toString().toLowerCase() === 'xmlhttprequest';
  if ((expectsBasic || clientAuthentication === 'client_secret_basic') && !isScript) {
    return `Basic ${REALM}, charset="UTF-8"`;
  }
  if (isOAuth) {
    return undefined;
  }
  if (headers[FIELDS.xAuthToken] === undefined && headers.authorization === undefined) {
    return `XAuthToken ${REALM}`;
  }
  return `XAuthToken ${REALM}, error="${code === 'unauthenticated' ? 'invalid_token' : code}"`;
}

/**
 * Returns the value of `WWW-Authenticate` for a session whose last login or step-up is too old, or used no
 * required method (RFC 9470, section 3). The methods are not in `acr_values`: this names levels of assurance.
 *
 * @param maxAge its maximum age in seconds, if there is one.
 */
export function insufficientUserAuthentication(maxAge: number | undefined): string {
  const age = maxAge === undefined ? '' : `, max_age=${maxAge}`;
  return `XAuthToken ${REALM}, error="insufficient_user_authentication"${age}`;
}

/** Returns the value of `WWW-Authenticate` for a request with an invalid parameter (RFC 6750, section 3). */
export function invalidRequest(description: string): string {
  return `XAuthToken ${REALM}, error="invalid_request", error_description="${errorDescription(description)}"`;
}

/** Replaces characters that `error_description` must not contain. */
export function errorDescription(detail: string): string {
  return detail.replaceAll('"', "'").replace(NOT_IN_DESCRIPTION, '?');
}

const NOT_IN_DESCRIPTION = /[^ !#-[\]-~]/g;

/**
 * Returns the value of `WWW-Authenticate` for a token that lacks permissions or roles (RFC 6750, section 3).
 */
export function insufficientScope(permissions: readonly string[]): string {
  const scope = permissions.length === 0 ? '' : `, scope="${permissions.join(' ')}"`;
  return `XAuthToken ${REALM}, error="insufficient_scope"${scope}`;
}
