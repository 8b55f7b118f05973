import {
  applyDecorators,
  type BeforeApplicationShutdown,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { HEADERS, LEASE_MILLISECONDS } from '@latchkey/auth-models';
import { type FastifyRequest } from 'fastify';
import { mergeMap, type Observable } from 'rxjs';
import { Clock, toRfc3339 } from '../common/clock.service.js';
import { FIELDS } from '../common/request/header-fields.js';
import { replyOf, requestOf } from '../common/request/principal.js';

/**
 * Maximum number of responses that wait. Each has a connection. Beyond it, the server responds immediately.
 */
const WAITING_MAX = 1_000;

/** Time by which timers can be early. */
const EARLY_MILLISECONDS = 1;

/** Metadata key of {@link TakesEffect}. */
const IS_IN_BODY_KEY = 'latchkey:effective-in-body';

/** Preference `wait` with its seconds (RFC 7240, section 4.3). */
const WAIT = /(?:^|,)\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:[,;]|$)/i;

/**
 * States and documents that a route revokes, rotates, disables or narrows something. Its response has the
 * time from which every replica and verifier rejects what was revoked: none of them answers from data that is
 * older than {@link LEASE_MILLISECONDS}.
 *
 * @param isInBody whether a JSON body has the time too, and not only the header.
 */
export const TakesEffect = ({ isInBody = true } = {}): MethodDecorator =>
  applyDecorators(
    SetMetadata(IS_IN_BODY_KEY, isInBody),
    UseInterceptors(EffectiveByInterceptor),
    ApiHeader({
      name: HEADERS.prefer,
      required: false,
      description: `\`wait=3\` delays the response until the change is in effect everywhere (RFC 7240). Requires at least ${LEASE_MILLISECONDS / 1_000} seconds; otherwise, and when too many responses wait, the server responds immediately.`,
      schema: { type: 'string', example: 'wait=3' },
    }),
  );

/**
 * Responses that wait until a change is in effect. They hold neither a transaction nor a place in a queue.
 */
@Injectable()
export class EffectiveWaits implements BeforeApplicationShutdown {
  private readonly waiting = new Set<(isOver: boolean) => void>();
  private isStopping = false;

  /**
   * Waits for the lease. Returns false without waiting, or early, if too many responses wait or the server
   * stops.
   */
  async wait(): Promise<boolean> {
    if (this.isStopping || this.waiting.size >= WAITING_MAX) {
      return false;
    }
    return new Promise((resolve) => {
      const end = (isOver: boolean) => {
        clearTimeout(timer);
        this.waiting.delete(end);
        resolve(isOver);
      };
      const timer = setTimeout(() => end(true), LEASE_MILLISECONDS + EARLY_MILLISECONDS);
      this.waiting.add(end);
    });
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
    this.waiting.forEach((end) => end(false));
  }
}

@Injectable()
class EffectiveByInterceptor implements NestInterceptor<unknown> {
  constructor(
    private readonly clock: Clock,
    private readonly waits: EffectiveWaits,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    // The handler has completed, so its change is committed.
    return next.handle().pipe(mergeMap((result) => this.complete(result, context)));
  }

  private async complete(result: unknown, context: ExecutionContext): Promise<unknown> {
    const request = requestOf(context);
    if ((request.body as { dryRun?: boolean } | undefined)?.dryRun) {
      return result;
    }
    const reply = replyOf(context);
    const effectiveBy = toRfc3339(this.clock.now() + LEASE_MILLISECONDS);
    reply.header(FIELDS.xAuthEffectiveBy, effectiveBy);
    const seconds = waitIn(request);
    if (seconds * 1_000 >= LEASE_MILLISECONDS && (await this.waits.wait())) {
      reply.header(FIELDS.preferenceApplied, `wait=${seconds}`);
    }
    const isInBody = Reflect.getMetadata(IS_IN_BODY_KEY, context.getHandler()) === true;
    return isInBody && typeof result === 'object' ? { ...result, effectiveBy } : result;
  }
}

/** Returns the seconds of the preference `wait`, 0 without it. */
function waitIn({ headers }: FastifyRequest): number {
  return Number(WAIT.exec(headers[FIELDS.prefer]?.toString() ?? '')?.[1] ?? 0);
}
