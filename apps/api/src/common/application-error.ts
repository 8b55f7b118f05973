import {
  type AuthMethod,
  type ErrorCode,
  type ProblemErrorDto,
  type RejectionCause,
} from '@latchkey/auth-models';
import { type Principal } from './request/principal.js';

/** User, and token if any, whose secret a rejected request presented. */
export interface MatchedCredentials {
  readonly userId: string;
  /** Canonical name. */
  readonly userName: string;
  readonly tokenId?: string;
}

/** Optional members of an {@link ApplicationError}. */
interface ApplicationErrorOptions {
  /** Problem and remedy; by default the general sentence of the code. */
  detail?: string | undefined;
  /** Problems by member or parameter. */
  errors?: ProblemErrorDto[];
  /** Second factors of the user. */
  methods?: readonly AuthMethod[];
  /** Whole seconds after which a retry can succeed. */
  retryAfterSeconds?: number;
  /** Methods of the route, for `Allow`. */
  allowedMethods?: readonly string[];
  /** Permissions that the request requires, for `WWW-Authenticate`. */
  requiredPermissions?: readonly string[];
  /** Required permissions that the token lacks. */
  missingPermissions?: readonly string[];
  /** Roles that the token lacks. */
  missingRoles?: readonly string[];
  /** Cause for the explanation, if the code has several. Clients do not see it. */
  rejectionCause?: RejectionCause;
  /** User, and token if any, that the credentials match. Clients do not see it. */
  matched?: MatchedCredentials;
  /**
   * Name of the account of a failed login. Clients do not see it. Unlike `matched`, it does not let this user
   * see the rejection.
   */
  accountName?: string;
  /** More header fields of the response. */
  headers?: Readonly<Record<string, string>>;
  /** Caller for the audit trail, if the request was rejected before its authentication was complete. */
  actor?: Principal;
  cause?: unknown;
}

/** Error with a code from the closed list. Only the exception filter turns it into HTTP. */
export class ApplicationError extends Error {
  override readonly name = 'ApplicationError';

  constructor(
    readonly code: ErrorCode,
    readonly options: ApplicationErrorOptions = {},
  ) {
    super(options.detail ?? code, { cause: options.cause });
  }
}

/** Returns an error about one member of the body, or one parameter. */
export function errorAt(
  pointer: string,
  code: string,
  message: string,
  as: ErrorCode = 'validation_failed',
  detail?: string,
): ApplicationError {
  return new ApplicationError(as, { detail, errors: [{ pointer, code, message }] });
}

/** Invalid configuration. The server prints the message, one line, and does not start. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Problem of a database that is backed up, restored or moved. The message is for the operator. */
export class DatabaseFileError extends Error {
  override readonly name = 'DatabaseFileError';
}
