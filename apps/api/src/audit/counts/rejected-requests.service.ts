import { Inject, Injectable } from '@nestjs/common';
import { type ErrorCode } from '@latchkey/auth-models';
import { type FastifyRequest } from 'fastify';
import { type ApplicationError } from '../../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { lruCache } from '../../common/lru-cache.js';
import { principalOf, type Principal } from '../../common/request/principal.js';
import { RejectionAudit } from '../../http/problems/api-exception.filter.js';
import { STARTS_LIKE_TOKEN } from '../../platform/crypto/secrets.js';
import { LOGGER, logFailure, type Logger } from '../../platform/logging/logger.js';
import { AuditTallies } from './audit-tallies.service.js';
import { AuditService, type AuditRecord } from '../trail/audit.service.js';

/**
 * Rejections of one user that get their own entry per window. More are only counted, so that they cannot fill
 * the disk.
 */
const ONE_BY_ONE_MAX = 100;
const WINDOW_MILLISECONDS = 600_000;
const USERS_MAX = 10_000;
const PARAMETER_MAX_LENGTH = 64;

/** Records requests that were rejected for lack of permission. */
@Injectable()
export class RejectedRequests implements RejectionAudit {
  private readonly windows = lruCache<string, { endTime: EpochMilliseconds; count: number }>(USERS_MAX);

  constructor(
    private readonly audit: AuditService,
    private readonly tallies: AuditTallies,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Records a rejection. A failure to do so is logged, and the request is rejected nevertheless. */
  async record(request: FastifyRequest, { code, options }: ApplicationError): Promise<void> {
    const actor = principalOf(request) ?? options.actor;
    if (!actor) {
      return;
    }
    if (this.countRejection(actor) > ONE_BY_ONE_MAX) {
      this.tallies.count(`rejections of ${actor.id}`, WINDOW_MILLISECONDS, () => furtherRejections(actor));
      return;
    }
    try {
      await this.audit.recordEvent(entryOf(request, code, actor, options.actor?.token?.id));
    } catch (err) {
      logFailure(
        this.logger,
        { err, traceId: request.id },
        'Could not record a rejected request in the audit trail',
      );
    }
  }

  /** Counts this rejection and returns the user's number of rejections in the window. */
  private countRejection({ id }: Principal): number {
    const now = this.clock.now();
    let window = this.windows.get(id);
    if (!window || now >= window.endTime) {
      window = { endTime: now + WINDOW_MILLISECONDS, count: 0 };
      this.windows.set(id, window);
    }
    window.count += 1;
    return window.count;
  }
}

function entryOf(
  request: FastifyRequest,
  code: ErrorCode,
  actor: Principal,
  tokenId: string | undefined,
): AuditRecord {
  const parameters = parametersOf(request);
  return {
    action: 'authz_fail',
    outcome: 'failure',
    actor,
    subject: { kind: 'route', id: null, name: `${request.method} ${request.routeOptions.url}` },
    after: {
      code,
      ...(tokenId !== undefined && { tokenId }),
      ...(Object.keys(parameters).length > 0 && { parameters }),
    },
  };
}

function furtherRejections(actor: Principal): AuditRecord {
  const { id, name } = actor;
  return {
    action: 'authz_fail',
    outcome: 'failure',
    actor,
    subject: { kind: 'user', id, name },
    origin: { address: actor.origin.address },
  };
}

/** Path parameters of the request, without token secrets. */
function parametersOf({ params }: FastifyRequest): Record<string, string> {
  const entries = Object.entries((params ?? {}) as Record<string, string>);
  return Object.fromEntries(
    entries
      .filter(([, value]) => !STARTS_LIKE_TOKEN.test(value))
      .map(([name, value]) => [name, value.slice(0, PARAMETER_MAX_LENGTH)]),
  );
}
