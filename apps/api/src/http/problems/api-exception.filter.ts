import {
  Catch,
  HttpException,
  Inject,
  Injectable,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { Challenges } from '../../common/challenges.js';
import { ErrorTranslations } from '../../common/error-translations.js';
import { replyOf, requestOf } from '../../common/request/http-context.js';
import { Refusals } from '../../common/refusals.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { AllowedMethods } from '../server/allowed-methods.js';
import { encodeWith } from '../negotiation/encode-with.js';
import { negotiate } from '../negotiation/negotiate.js';
import { asForwardAuth, problemHeaders, refusalOfFeature, type Refusal } from './refusal.js';
import { codeOfStatus, PROBLEM_STATUS } from './problem-catalog.js';
import { toProblem } from './problem.js';
import { JSON_REPRESENTATION, REPRESENTATIONS } from '../negotiation/representations.js';
import { routeRepresentation } from '../negotiation/route-representation.js';

/** The one place that turns errors into HTTP: problem details in the negotiated type, and nothing of the inside. */
@Catch()
@Injectable()
export class ApiExceptionFilter implements ExceptionFilter {
  constructor(
    private readonly challenges: Challenges,
    private readonly translations: ErrorTranslations,
    private readonly allowedMethods: AllowedMethods,
    private readonly refusals: Refusals,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    this.send(thrown, requestOf(host), replyOf(host));
  }

  /** Answers a request with a problem. */
  send(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const refusal = this.refusalOf(thrown, request);
    if (refusal.status >= 500) {
      // A flood needs the time itself, and where it was refused tells nothing.
      const err = refusal.error.code === 'overloaded' ? undefined : thrown;
      this.logger[refusal.status === 503 ? 'warn' : 'error'](
        { err, traceId: request.id },
        refusal.error.code,
      );
    }
    if (reply.sent) {
      return;
    }
    if (refusal.status === 403) {
      void this.refusals.note(request, refusal.error.code).then(() => this.answer(refusal, request, reply));
      return;
    }
    this.answer(refusal, request, reply);
  }

  private answer(refusal: Refusal, request: FastifyRequest, reply: FastifyReply): void {
    if (routeRepresentation(request).isBodyless) {
      this.sendHead(asForwardAuth(refusal), request, reply);
      reply.send();
      return;
    }
    this.sendHead(refusal, request, reply);
    const representation = negotiate(request.headers.accept, REPRESENTATIONS) ?? JSON_REPRESENTATION;
    encodeWith(reply, representation, 'problem');
    reply.send(toProblem(refusal.error, request.id, refusal.status));
  }

  private sendHead({ error, status }: Refusal, request: FastifyRequest, reply: FastifyReply): void {
    reply.status(status).headers(problemHeaders(error, status));
    if (status === 401) {
      reply.header('www-authenticate', this.challenges.of(request, error.code));
    }
  }

  private refusalOf(thrown: unknown, request: FastifyRequest): Refusal {
    if (thrown instanceof HttpException && !request.is404) {
      return refusalOfFeature(thrown);
    }
    const error = this.toApplicationError(thrown, request);
    return { error, status: PROBLEM_STATUS[error.code] };
  }

  private toApplicationError(thrown: unknown, request: FastifyRequest): ApplicationError {
    if (thrown instanceof ApplicationError) {
      return thrown;
    }
    // Nest's own exception, for an address that no route has.
    if (thrown instanceof HttpException) {
      return this.notFound(request);
    }
    const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
    return (
      this.translations.translate(thrown) ??
      new ApplicationError(typeof status === 'number' ? codeOfStatus(status) : 'internal_error')
    );
  }

  private notFound(request: FastifyRequest): ApplicationError {
    const allowedMethods = this.allowedMethods.of(request.url.split('?', 1)[0] ?? '');
    // A route that takes the method and has nothing there is one of files.
    return allowedMethods.length > 0 && !allowedMethods.includes(request.method)
      ? new ApplicationError('method_not_allowed', {
          allowedMethods,
          detail: `This address takes ${allowedMethods.join(', ')}.`,
        })
      : new ApplicationError('not_found', { detail: 'There is no such address; /docs lists all of them.' });
  }
}
