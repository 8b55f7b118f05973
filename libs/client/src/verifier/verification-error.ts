import { LatchkeyError, type LatchkeyErrorCode, shareInstances } from '../http/latchkey-error.js';
import { type InactiveIntrospection } from './introspection.js';
import { hasMethod, type ProofDemands } from './proof.js';
import { type Principal } from './verifier.js';

const REALM = 'realm="latchkey"';
const RETRY_SECONDS = 2;
const TOKEN_FORM =
  'The credentials are malformed or incomplete. X-Auth-Token takes base64(user:token). Authorization: Bearer takes the token.';

/** Details of the codes that a verification returns, in the words of the server. */
export const DETAILS = {
  ambiguous_credentials: 'The request has two credentials of one kind, or credentials for different tokens.',
  unauthenticated: 'The request has no valid credentials.',
  token_expired: 'The token has expired.',
  token_disabled: 'The token is disabled.',
  token_revoked: 'The token was revoked.',
  token_not_yet_valid: 'The token is not valid yet.',
  token_used_up: 'The token has reached its maximum number of uses. Ask for a new one.',
  user_disabled: 'The user of this token is disabled.',
  forbidden: 'You do not have the permission that this request requires.',
  insufficient_scope: 'The token does not have the permissions and roles that the request requires.',
  step_up_required:
    'The last sign-in is too old for this. Prove again who you are with POST /auth/step-up, and repeat the request.',
  enrolment_required:
    'Your account requires a second factor. Prove it with POST /auth/step-up, or add one in My account.',
  address_not_allowed: 'The token cannot be used from this address.',
  rate_limited: 'The token has reached its rate limit. Wait and try again.',
  overloaded: 'The server is busy. Wait and try again.',
  unavailable: 'The server cannot handle the request at the moment. Try again later.',
} as const satisfies Partial<Record<LatchkeyErrorCode, string>>;

/** Code of a rejection. */
export type VerificationErrorCode = keyof typeof DETAILS;

/** HTTP response to a request that was not accepted. */
export interface ErrorResponse {
  status: number;
  headers: Record<string, string>;
  /** Problem details (RFC 9457). */
  body: { type: string; title: string; status: number; detail: string; code: string; traceId?: string };
}

interface VerificationErrorOptions {
  status: number;
  detail?: string;
  challenge?: string;
  missingPermissions?: readonly string[];
  missingRoles?: readonly string[];
  retryAfter?: number;
  traceId?: string;
  cause?: unknown;
}

/** Credentials that were rejected, or could not be verified (503). */
export class VerificationError extends LatchkeyError {
  declare readonly code: VerificationErrorCode;
  /** Status code for the response. */
  declare readonly status: number;
  /** Value of `WWW-Authenticate` for the response. */
  readonly challenge: string | undefined;
  /** Permissions that the token lacks. */
  readonly missingPermissions: readonly string[];
  /** Roles that the token lacks. */
  readonly missingRoles: readonly string[];

  static {
    shareInstances(this, 'VerificationError');
  }

  private readonly options: VerificationErrorOptions;

  constructor(code: VerificationErrorCode, options: VerificationErrorOptions) {
    super({ ...options, code, title: titleOf(code), detail: options.detail ?? DETAILS[code] });
    this.name = 'VerificationError';
    this.options = options;
    this.challenge = options.challenge;
    this.missingPermissions = options.missingPermissions ?? [];
    this.missingRoles = options.missingRoles ?? [];
  }

  /**
   * Returns a copy with the id of the request, by which the server explains the rejection. Several requests
   * may share the original.
   */
  withTraceId(traceId: string): VerificationError {
    return new VerificationError(this.code, { ...this.options, traceId });
  }

  /**
   * Returns the response for the client.
   *
   * @param publicUrl URL at which clients reach Latchkey, which explains each code. Without it, `type` is
   *   `about:blank`.
   */
  toResponse(publicUrl?: string): ErrorResponse {
    const { code, status, title, detail, challenge, missingPermissions, missingRoles, retryAfter, traceId } =
      this;
    return {
      status,
      headers: {
        'content-type': 'application/problem+json; charset=utf-8',
        'cache-control': 'no-store',
        ...(challenge !== undefined && { 'www-authenticate': challenge }),
        ...(status === 403 && { 'x-auth-error': code }),
        ...(missingPermissions.length > 0 && { 'x-auth-missing-permissions': missingPermissions.join(' ') }),
        ...(missingRoles.length > 0 && { 'x-auth-missing-roles': missingRoles.join(',') }),
        ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
        ...(traceId !== undefined && { 'x-request-id': traceId }),
      },
      body: {
        type: typeOf(code, publicUrl),
        title,
        status,
        detail,
        code,
        ...(traceId !== undefined && { traceId }),
      },
    };
  }
}

/** Rejects a request without credentials. */
export function missingCredentials(): VerificationError {
  return new VerificationError('unauthenticated', {
    status: 401,
    detail: 'No credentials were sent. Log in to Latchkey, and send the token in X-Auth-Token.',
    challenge: `XAuthToken ${REALM}`,
  });
}

/** Rejects credentials that no server would accept. */
export function malformedCredentials(detail = TOKEN_FORM): VerificationError {
  return new VerificationError('unauthenticated', {
    status: 401,
    detail,
    challenge: `XAuthToken ${REALM}, error="invalid_token"`,
  });
}

/**
 * Returns a copy of a rejection that also offers Basic. Basic comes first, because some clients read only one
 * challenge. Several requests may share the original.
 */
export function offerBasic(error: VerificationError): VerificationError {
  const { code, status, detail, challenge, traceId } = error;
  return new VerificationError(code, {
    status,
    detail,
    ...(traceId !== undefined && { traceId }),
    challenge: [`Basic ${REALM}, charset="UTF-8"`, ...(challenge === undefined ? [] : [challenge])].join(
      ', ',
    ),
  });
}

/** Rejects a request whose credentials contradict each other. */
export function ambiguousCredentials(): VerificationError {
  return new VerificationError('ambiguous_credentials', { status: 400 });
}

/** Rejects a token without the required permissions or roles (RFC 6750, section 3). */
export function insufficientScope(
  required: readonly string[],
  missingPermissions: readonly string[],
  missingRoles: readonly string[],
): VerificationError {
  const scope = required.length === 0 ? '' : `, scope="${required.join(' ')}"`;
  return new VerificationError('insufficient_scope', {
    status: 403,
    detail: `The token does not have ${[...missingPermissions, ...missingRoles].join(', ')}.`,
    challenge: `XAuthToken ${REALM}, error="insufficient_scope"${scope}`,
    missingPermissions,
    missingRoles,
  });
}

/**
 * Rejects a session without the demanded proof, or an API token, which has none (RFC 9470, section 3).
 */
export function stepUpRequired(
  { authTime, authMethods = [] }: Pick<Principal, 'authTime' | 'authMethods'>,
  { fresh, methods }: ProofDemands,
): VerificationError {
  const age = fresh === undefined ? '' : `, max_age=${fresh}`;
  let detail = `The last login or step-up of the session is older than ${fresh} seconds. Send POST /auth/step-up, and repeat the request.`;
  if (authTime === undefined) {
    detail = 'API tokens prove no login. Log in, and use the token of the session.';
  } else if (!hasMethod(authMethods, methods)) {
    detail = `The session was not proved with ${methods?.join(' or ')}. Send POST /auth/step-up with it, or log in with it, and repeat the request.`;
  }
  return new VerificationError('step_up_required', {
    status: 403,
    detail,
    challenge: `XAuthToken ${REALM}, error="insufficient_user_authentication"${age}`,
  });
}

/** Reports that the credentials cannot be verified. The cause is for the log, not for the client. */
export function unavailable(cause?: unknown): VerificationError {
  const retryAfter = (cause as { retryAfter?: number } | undefined)?.retryAfter ?? RETRY_SECONDS;
  return new VerificationError('unavailable', { status: 503, retryAfter, cause });
}

/** Rejects a request because too many others wait for the server. */
export function overloaded(): VerificationError {
  return new VerificationError('overloaded', { status: 503, retryAfter: RETRY_SECONDS });
}

/** Rejects a token that is not valid, with the challenge that Latchkey itself would send. */
export function inactiveToken({
  reason = 'unauthenticated',
  retry_after: retryAfter,
}: InactiveIntrospection): VerificationError {
  // A newer server may send other reasons.
  const code = isKnown(reason) ? reason : 'unauthenticated';
  if (code === 'address_not_allowed' || code === 'enrolment_required') {
    return new VerificationError(code, { status: 403 });
  }
  if (code === 'rate_limited') {
    return new VerificationError(code, { status: 429, ...(retryAfter !== undefined && { retryAfter }) });
  }
  const error = code === 'unauthenticated' ? 'invalid_token' : code;
  return new VerificationError(code, { status: 401, challenge: `XAuthToken ${REALM}, error="${error}"` });
}

function isKnown(code: string): code is VerificationErrorCode {
  return Object.hasOwn(DETAILS, code);
}

/**
 * Returns the type that Latchkey uses (RFC 9457). The URL of a verifier can be internal, so clients must not
 * see it.
 */
function typeOf(code: VerificationErrorCode, publicUrl: string | undefined): string {
  return publicUrl === undefined ? 'about:blank' : `${publicUrl.replace(/\/+$/, '')}/problems/${code}`;
}

function titleOf(code: VerificationErrorCode): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Rejects all requests to a route without a policy. */
export function closedRoute(): VerificationError {
  return new VerificationError('forbidden', {
    status: 403,
    detail: 'This route has no policy and is closed to everyone.',
  });
}
