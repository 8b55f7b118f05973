import {
  Catch,
  HttpException,
  Inject,
  Injectable,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { HEADERS, type ProblemDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { FIELDS } from '../../common/request/header-fields.js';
import { replyOf, requestOf } from '../../common/request/principal.js';
import { Config } from '../../platform/config/config.js';
import { translateDriverError } from '../../platform/database/driver-errors.js';
import { LOGGER, logFailure, type Logger } from '../../platform/logging/logger.js';
import {
  encodeWith,
  JSON_REPRESENTATION,
  negotiate,
  REPRESENTATIONS,
} from '../negotiation/representations.js';
import { routeRepresentation } from '../negotiation/route-representation.js';
import { AllowedMethods } from '../server/allowed-methods.js';
import { challenge, errorDescription, insufficientScope, invalidRequest } from './challenge.js';
import {
  codeOfStatus,
  oauthErrorOf,
  PROBLEM_STATUS,
  type ProblemSettings,
  toProblem,
} from './problem-catalog.js';

const UNAVAILABLE = 503;
const RETRY_SECONDS = 2;
const WARNING_INTERVAL = 60_000;

/** Audit of requests that are rejected with 403. Implemented by `audit`. */
export abstract class RejectionAudit {
  /** Resolves when the rejection is recorded. Never rejects. */
  abstract record(request: FastifyRequest, error: ApplicationError): Promise<void>;
}

/** Keeps rejected requests for their explanation. Implemented by `auth`. */
export abstract class RejectionLog {
  /** Records an error if it is a rejection. */
  abstract note(request: FastifyRequest, error: ApplicationError, status: number): void;
}

/** An error with its HTTP status. */
interface ErrorResponse {
  readonly error: ApplicationError;
  readonly status: number;
}

/**
 * Turns all errors into HTTP: problem details (RFC 9457) in the negotiated type, without internal
 * information.
 */
@Catch()
@Injectable()
export class ApiExceptionFilter implements ExceptionFilter {
  /** Time of the last warning about a gateway. */
  private warningTime = -Infinity;

  constructor(
    private readonly allowedMethods: AllowedMethods,
    private readonly audit: RejectionAudit,
    private readonly rejections: RejectionLog,
    private readonly clock: Clock,
    private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    this.send(thrown, requestOf(host), replyOf(host));
  }

  /** Sends an error as the response of a request. */
  send(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const response = this.logged(thrown, request);
    if (reply.sent) {
      return;
    }
    request.errorCode = response.error.code;
    const { isBodyless, isOAuth } = routeRepresentation(request);
    const sent = isBodyless ? forGateway(response) : isOAuth ? forOAuth(response) : response;
    this.rejections.note(request, response.error, sent.status);
    if (response.status === 403) {
      if (isInvalidQuery(response.error)) {
        this.warnOfGateway(response.error, request);
      }
      void this.audit
        .record(request, response.error)
        .then(() => sendProblem(sent, request, reply, this.config));
      return;
    }
    sendProblem(sent, request, reply, this.config);
  }

  /**
   * Logs the mistake of a gateway, whose operator sees no response body. Clients can cause it too, so the log
   * has one per minute.
   */
  private warnOfGateway({ options }: ApplicationError, { id }: FastifyRequest): void {
    const now = this.clock.now();
    if (now - this.warningTime < WARNING_INTERVAL) {
      return;
    }
    this.warningTime = now;
    this.logger.warn(
      { detail: options.detail, traceId: id },
      'Rejected a request for /auth/verify with an invalid query. Correct the configuration of the gateway',
    );
  }

  /** Returns an error as a problem, for a response that has already begun. */
  problemOf(thrown: unknown, request: FastifyRequest): ProblemDto {
    const { error, status } = this.logged(thrown, request);
    return toProblem(error, request.id, this.config, status);
  }

  /** Returns the response to an error. Logs the error if the server failed. */
  private logged(thrown: unknown, request: FastifyRequest): ErrorResponse {
    const response = this.responseOf(thrown, request);
    const { code } = response.error;
    if (response.status === UNAVAILABLE) {
      // An overloaded server has no time for stack traces, and they would not help.
      logFailure(this.logger, { err: code === 'overloaded' ? undefined : thrown, traceId: request.id }, code);
    } else if (response.status >= 500) {
      this.logger.error({ err: thrown, traceId: request.id }, code);
    }
    return response;
  }

  private responseOf(thrown: unknown, request: FastifyRequest): ErrorResponse {
    if (thrown instanceof HttpException && !request.is404) {
      return responseByFeature(thrown);
    }
    const error = this.toApplicationError(thrown, request);
    return { error, status: PROBLEM_STATUS[error.code] };
  }

  private toApplicationError(thrown: unknown, request: FastifyRequest): ApplicationError {
    if (thrown instanceof ApplicationError) {
      return thrown;
    }
    // Thrown by Nest when no route matches.
    if (thrown instanceof HttpException) {
      return this.notFound(request);
    }
    const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
    return (
      translateDriverError(thrown) ??
      new ApplicationError(typeof status === 'number' ? codeOfStatus(status) : 'internal_error')
    );
  }

  private notFound(request: FastifyRequest): ApplicationError {
    const allowedMethods = this.allowedMethods.of(request.url.split('?', 1)[0] ?? '');
    // A route that allows the method but is not found serves files.
    return allowedMethods.length > 0 && !allowedMethods.includes(request.method)
      ? new ApplicationError('method_not_allowed', {
          allowedMethods,
          detail: `Allowed methods: ${allowedMethods.join(', ')}.`,
        })
      : new ApplicationError('not_found', { detail: 'There is no such route. /docs lists all routes.' });
  }
}

/** Whether a gateway sent an invalid query. */
function isInvalidQuery({ options }: ApplicationError): boolean {
  return options.rejectionCause === 'invalid_query';
}

function sendProblem(
  { error, status }: ErrorResponse,
  request: FastifyRequest,
  reply: FastifyReply,
  settings: ProblemSettings,
): void {
  const { isBodyless, isOAuth } = routeRepresentation(request);
  reply.status(status).headers(problemHeaders(error, status));
  const expected = status === 401 ? challenge(request, error.code, isOAuth) : undefined;
  if (expected !== undefined) {
    reply.header(FIELDS.wwwAuthenticate, expected);
  }
  if (error.code === 'insufficient_scope') {
    reply.headers(scopeHeaders(error));
  }
  if (isBodyless) {
    // Without a body, this is the only hint for the operator of a gateway.
    const isInvalid = isInvalidQuery(error);
    if (isInvalid) {
      reply.header(FIELDS.wwwAuthenticate, invalidRequest(error.options.detail ?? ''));
    }
    if (error.code === 'enrolment_required') {
      // Verifiers do not know the expiry of this session, and send the same response.
      reply.removeHeader(FIELDS.xAuthTokenExpires);
    }
    if (status === 403) {
      reply.header(HEADERS.xAuthError, isInvalid ? 'invalid_request' : error.code);
    }
    reply.send();
    return;
  }
  const problem = toProblem(error, request.id, settings, status);
  if (isOAuth) {
    encodeWith(reply, JSON_REPRESENTATION, 'response');
    reply.send({
      error: oauthErrorOf(status),
      // OAuth clients show only this, so it names the first invalid member.
      error_description: errorDescription(problem.errors?.[0]?.message ?? problem.detail),
      ...problem,
    });
    return;
  }
  encodeWith(reply, negotiate(request.headers.accept, REPRESENTATIONS) ?? JSON_REPRESENTATION, 'problem');
  reply.send(problem);
}

/** Returns the headers about permissions and roles that the token lacks. */
function scopeHeaders({ options }: ApplicationError): Record<string, string> {
  const { requiredPermissions = [], missingPermissions = [], missingRoles = [] } = options;
  return {
    [FIELDS.wwwAuthenticate]: insufficientScope(requiredPermissions),
    ...(missingPermissions.length > 0 && { [FIELDS.xAuthMissingPermissions]: missingPermissions.join(' ') }),
    ...(missingRoles.length > 0 && { [FIELDS.xAuthMissingRoles]: missingRoles.join(',') }),
  };
}

/** Returns the response to an HTTP exception of a feature, with its status and message. */
function responseByFeature(thrown: HttpException): ErrorResponse {
  const status = thrown.getStatus();
  // Messages about a request are meant for the client. Those of failures may reveal internal information.
  const detail = status < 500 ? thrown.message : undefined;
  return { error: new ApplicationError(codeOfStatus(status), { detail, cause: thrown }), status };
}

/** Returns the response to a gateway, which understands only 401, 403 and 503. */
function forGateway({ error, status }: ErrorResponse): ErrorResponse {
  if (status >= 500) {
    return { error, status: UNAVAILABLE };
  }
  if (error.code === 'ambiguous_credentials') {
    return { error: new ApplicationError('unauthenticated'), status: 401 };
  }
  return { error, status: status === 403 || status === 429 ? 403 : 401 };
}

/** Returns the response of an OAuth endpoint: 400 for an invalid form (RFC 6749, section 5.2). */
function forOAuth({ error, status }: ErrorResponse): ErrorResponse {
  return { error, status: status === 422 ? 400 : status };
}

function problemHeaders({ code, options }: ApplicationError, status: number): Record<string, string> {
  const retryAfter = options.retryAfterSeconds ?? (status === UNAVAILABLE ? RETRY_SECONDS : undefined);
  return {
    ...options.headers,
    ...(retryAfter !== undefined && { [FIELDS.retryAfter]: String(retryAfter) }),
    ...(options.allowedMethods && { allow: options.allowedMethods.join(', ') }),
    // Otherwise the rest of an unread body would be taken for the next request.
    ...(code === 'payload_too_large' && { connection: 'close' }),
  };
}
