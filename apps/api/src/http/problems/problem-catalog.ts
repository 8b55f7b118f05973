import {
  ERROR_CODES,
  type ErrorCode,
  type OAuthError,
  PROBLEM_ERRORS_MAX,
  PROBLEM_EXPLANATIONS,
  type ProblemDto,
  type ProblemTypeDto,
} from '@latchkey/auth-models';
import { type ApplicationError } from '../../common/application-error.js';
import { type Config } from '../../platform/config/config.js';

/** The HTTP status of each error code. */
export const PROBLEM_STATUS: Record<ErrorCode, number> = {
  malformed_request: 400,
  ambiguous_credentials: 400,
  credentials_in_url: 400,
  invalid_parameter: 400,
  unauthenticated: 401,
  second_factor_required: 401,
  token_expired: 401,
  token_disabled: 401,
  token_revoked: 401,
  token_not_yet_valid: 401,
  token_used_up: 401,
  user_disabled: 401,
  set_up_refused: 401,
  forbidden: 403,
  insufficient_scope: 403,
  address_not_allowed: 403,
  above_your_permissions: 403,
  token_superseded: 403,
  step_up_required: 403,
  enrolment_required: 403,
  same_origin_required: 403,
  not_found: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  request_timeout: 408,
  conflict: 409,
  name_taken: 409,
  role_built_in: 409,
  role_in_use: 409,
  api_built_in: 409,
  api_limit: 409,
  permission_in_use: 409,
  last_administrator: 409,
  token_limit: 409,
  offer_claimed: 409,
  offer_expired: 409,
  offer_lapsed: 409,
  offer_limit: 409,
  count_grown: 409,
  precondition_failed: 412,
  payload_too_large: 413,
  uri_too_long: 414,
  unsupported_media_type: 415,
  validation_failed: 422,
  current_password_wrong: 422,
  precondition_required: 428,
  throttled: 429,
  rate_limited: 429,
  headers_too_large: 431,
  internal_error: 500,
  overloaded: 503,
  unavailable: 503,
};

/** Titles that do not follow from the words of the code. */
const TITLES: Partial<Record<ErrorCode, string>> = {
  credentials_in_url: 'Credentials in URL',
  set_up_refused: 'Set-up refused',
  name_taken: 'Name already taken',
  role_built_in: 'Role is built in',
  role_in_use: 'Role is in use',
  api_built_in: 'API is built in',
  api_limit: 'API limit reached',
  permission_in_use: 'Permission is in use',
  token_limit: 'Token limit reached',
  offer_limit: 'Offer limit reached',
  count_grown: 'Count has grown',
  current_password_wrong: 'Current password is wrong',
  payload_too_large: 'Body too large',
  uri_too_long: 'URI too long',
  throttled: 'Too many requests',
};

/** Returns the title of an error code, by default its words. */
export function problemTitle(code: ErrorCode): string {
  const title = TITLES[code];
  if (title !== undefined) {
    return title;
  }
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Returns the closest error code for an HTTP status of a library or a feature. */
export function codeOfStatus(status: number): ErrorCode {
  const exact: Partial<Record<number, ErrorCode>> = {
    401: 'unauthenticated',
    403: 'forbidden',
    404: 'not_found',
    405: 'method_not_allowed',
    406: 'not_acceptable',
    408: 'request_timeout',
    409: 'conflict',
    410: 'not_found',
    412: 'precondition_failed',
    413: 'payload_too_large',
    414: 'uri_too_long',
    415: 'unsupported_media_type',
    422: 'validation_failed',
    428: 'precondition_required',
    429: 'throttled',
    431: 'headers_too_large',
    503: 'unavailable',
  };
  return exact[status] ?? (status >= 400 && status < 500 ? 'malformed_request' : 'internal_error');
}

/** Settings that determine the URI of a problem type. */
export type ProblemSettings = Pick<Config, 'hasPublicUrl' | 'publicUrl'>;

/**
 * Returns the URI of a problem type, where the server explains it. Without a public URL it is relative: the
 * default may contain the name of the host, and clients may use another address.
 */
function typeOf(code: ErrorCode, { hasPublicUrl, publicUrl }: ProblemSettings): string {
  return `${hasPublicUrl ? publicUrl : ''}/problems/${code}`;
}

/** Returns the explanation of an error code. */
export function explainCode(code: ErrorCode, settings: ProblemSettings): ProblemTypeDto {
  const { remedy, example } = PROBLEM_EXPLANATIONS[code];
  return {
    type: typeOf(code, settings),
    code,
    title: problemTitle(code),
    status: PROBLEM_STATUS[code],
    meaning: ERROR_CODES[code],
    remedy,
    example,
  };
}

/**
 * Returns the error code of OAuth: those of RFC 6749, section 5.2, and RFC 6750, section 3.1. For failures of
 * the server, which have none there, those of RFC 6749, section 4.1.2.1.
 */
export function oauthErrorOf(status: number): OAuthError {
  if (status === 401) {
    return 'invalid_client';
  }
  if (status === 403) {
    return 'insufficient_scope';
  }
  if (status === 429 || status === 503) {
    return 'temporarily_unavailable';
  }
  return status >= 500 ? 'server_error' : 'invalid_request';
}

/** Returns an error as problem details (RFC 9457). */
export function toProblem(
  error: ApplicationError,
  traceId: string,
  settings: ProblemSettings,
  status = PROBLEM_STATUS[error.code],
): ProblemDto {
  const { errors = [], detail = ERROR_CODES[error.code] } = error.options;
  const unlisted = errors.length - PROBLEM_ERRORS_MAX;
  return {
    type: typeOf(error.code, settings),
    title: problemTitle(error.code),
    status,
    detail: unlisted > 0 ? `${detail} Errors not listed: ${unlisted}.` : detail,
    code: error.code,
    traceId,
    ...(error.options.methods && { methods: [...error.options.methods] }),
    ...(error.options.errors && { errors: errors.slice(0, PROBLEM_ERRORS_MAX) }),
  };
}
