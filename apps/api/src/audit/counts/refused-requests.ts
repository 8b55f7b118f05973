import { Inject, Injectable } from '@nestjs/common';
import { type ErrorCode } from '@latchkey/auth-models';
import { type FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { Clock, type EpochMilliseconds } from '../../common/clock.js';
import { principalOf, type Principal } from '../../common/request/principal.js';
import { RejectionAudit } from '../../http/problems/api-exception.filter.js';
import { Writes } from '../../platform/database/writes.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { AuditTallies } from './audit-tallies.js';
import { AuditService, type AuditRecord } from '../trail/audit.service.js';

/** Refusals of one user that are recorded one by one in a window; more are counted, so that they cannot fill the disk. */
const ONE_BY_ONE_MAX = 100;
const WINDOW_MILLISECONDS = 600_000;
const USERS_MAX = 10_000;
const PARAMETER_MAX_LENGTH = 64;

/** Records who asked for what they are not allowed. */
@Injectable()
export class RefusedRequests implements RejectionAudit {
  private readonly windows = new LRUCache<string, { endTime: EpochMilliseconds; count: number }>({
    max: USERS_MAX,
  });

  constructor(
    private readonly audit: AuditService,
    private readonly tallies: AuditTallies,
    private readonly writes: Writes,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Records a rejection. A failure to do so is logged, and the request is rejected nevertheless. */
  async record(request: FastifyRequest, code: ErrorCode): Promise<void> {
    const actor = principalOf(request);
    if (!actor) {
      return;
    }
    if (this.countOf(actor) > ONE_BY_ONE_MAX) {
      this.tallies.count(`refusals of ${actor.id}`, WINDOW_MILLISECONDS, () => furtherRefusals(actor));
      return;
    }
    try {
      await this.writes.transaction((tx) => this.audit.record(refusalOf(request, code, actor), tx), 'none');
    } catch (err) {
      this.logger.warn({ err, traceId: request.id }, 'A refusal could not be recorded');
    }
  }

  /** How many there were in the window, with this one. */
  private countOf({ id }: Principal): number {
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

function refusalOf(request: FastifyRequest, code: ErrorCode, actor: Principal): AuditRecord {
  const parameters = parametersOf(request);
  return {
    action: 'authz_fail',
    outcome: 'failure',
    actor,
    subject: { kind: 'route', id: null, name: `${request.method} ${request.routeOptions.url}` },
    origin: actor.origin,
    after: { code, ...(Object.keys(parameters).length > 0 && { parameters }) },
  };
}

function furtherRefusals(actor: Principal): AuditRecord {
  const { id, name } = actor;
  return {
    action: 'authz_fail',
    outcome: 'failure',
    actor,
    subject: { kind: 'user', id, name },
    origin: { address: actor.origin.address },
  };
}

/** What the path was about; a secret that somebody put there is left out. */
function parametersOf({ params }: FastifyRequest): Record<string, string> {
  const entries = Object.entries((params ?? {}) as Record<string, string>);
  return Object.fromEntries(
    entries
      .filter(([, value]) => !value.startsWith('lk_'))
      .map(([name, value]) => [name, value.slice(0, PARAMETER_MAX_LENGTH)]),
  );
}
