import {
  Catch,
  HttpException,
  Inject,
  Injectable,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../common/application-error.js';
import { Challenges } from '../common/challenges.js';
import { ErrorTranslations } from '../common/error-translations.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { AllowedMethods } from './allowed-methods.js';
import { encodeWith } from './encode-with.js';
import { negotiate } from './negotiate.js';
import { codeOfStatus, PROBLEM_STATUS } from './problem-catalog.js';
import { toProblem } from './problem.js';
import { JSON_REPRESENTATION, REPRESENTATIONS } from './representations.js';
import { routeRepresentation } from './route-representation.js';

/** The one place that turns errors into HTTP: problem details in the negotiated type, and nothing of the inside. */
@Catch()
@Injectable()
export class ApiExceptionFilter implements ExceptionFilter {
  constructor(
    private readonly challenges: Challenges,
    private readonly translations: ErrorTranslations,
    private readonly allowedMethods: AllowedMethods,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.send(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Answers a request with a problem. */
  send(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = this.toApplicationError(thrown, request);
    const status = PROBLEM_STATUS[error.code];
    if (status >= 500) {
      this.logger[status === 503 ? 'warn' : 'error']({ err: thrown, traceId: request.id }, error.code);
    }
    if (reply.sent) {
      return;
    }
    reply.status(status).headers(problemHeaders(error));
    if (status === 401) {
      reply.header('www-authenticate', this.challenges.of(request, error.code));
    }
    if (routeRepresentation(request).isBodyless) {
      reply.send();
      return;
    }
    const representation = negotiate(request.headers.accept, REPRESENTATIONS) ?? JSON_REPRESENTATION;
    encodeWith(reply, representation.encode, representation.problemContentType);
    reply.send(toProblem(error, request.id));
  }

  private toApplicationError(thrown: unknown, request: FastifyRequest): ApplicationError {
    if (thrown instanceof ApplicationError) {
      return thrown;
    }
    const status = statusOf(thrown);
    if (status === 404) {
      return this.notFound(request);
    }
    const translated = this.translations.translate(thrown);
    return translated ?? new ApplicationError(status === undefined ? 'internal_error' : codeOfStatus(status));
  }

  private notFound(request: FastifyRequest): ApplicationError {
    const allowedMethods = this.allowedMethods.of(request.url.split('?', 1)[0] ?? '');
    return allowedMethods.length > 0
      ? new ApplicationError('method_not_allowed', {
          allowedMethods,
          detail: `This address takes ${allowedMethods.join(', ')}.`,
        })
      : new ApplicationError('not_found', { detail: 'There is no such address; /docs lists all of them.' });
  }
}

/** Status of an error that came from Nest or Fastify before or beside our own code. */
function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) {
    return thrown.getStatus();
  }
  const status = (thrown as { code?: unknown; statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

function problemHeaders({ code, options }: ApplicationError): Record<string, string> {
  return {
    ...(options.retryAfterSeconds !== undefined && { 'retry-after': String(options.retryAfterSeconds) }),
    ...(options.allowedMethods && { allow: options.allowedMethods.join(', ') }),
    // The rest of a body that was refused unread would be taken for the next request.
    ...(code === 'payload_too_large' && { connection: 'close' }),
  };
}
