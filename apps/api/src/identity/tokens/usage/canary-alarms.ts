import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { AuditTallies } from '../../../audit/counts/audit-tallies.js';
import { AuditService, type AuditRecord } from '../../../audit/trail/audit.service.js';
import { Clock, type EpochMilliseconds } from '../../../common/clock.js';
import { inParts } from '../../../common/in-parts.js';
import { type RequestOrigin } from '../../../common/request/request-origin.js';
import { Config } from '../../../platform/config/config.js';
import { canaryDigestOf } from '../../../platform/crypto/secrets.js';
import { Writes } from '../../../platform/database/writes.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { Metrics } from '../../../platform/metrics/metrics.js';
import { auditedIdentity, tokenSubject } from '../model/token-audit.js';
import { TokensRepository, type OwnedToken } from '../model/tokens.repository.js';
import { LastUses } from './last-uses.js';

/** Delay before unknown secrets are compared with canaries, so that many are compared at once. */
const GATHER_MILLISECONDS = 250;
/** Number of waiting secrets at which they are compared immediately. */
const PART = 500;
/** Maximum number of secrets that wait. */
const WAITING_MAX = 20_000;
/** Interval between entries of the audit trail for a canary in steady use. */
const WINDOW_MILLISECONDS = 60_000;

/** Place where a canary was found, from a leak report. */
export interface FoundAt {
  readonly source?: string;
  readonly url?: string;
}

/** Time within which a verifier asks about a token that an introspection rejected. */
const FOLLOW_UP_MILLISECONDS = 30_000;

/** Uses of an unknown secret that wait to be compared. */
interface Presented {
  count: number;
  /** Origin of the first use. */
  readonly origin: RequestOrigin;
  readonly foundAt: FoundAt | undefined;
}

/**
 * Raises an alarm when a canary is used. All unknown secrets are compared with canaries after their response, so that neither the
 * response nor its time reveals a canary. The number of entries and log lines does not depend on the number of uses.
 */
@Injectable()
export class CanaryAlarms implements BeforeApplicationShutdown {
  private waiting = new Map<string, Presented>();
  /** Times of introspections that a request for the reason may follow, by digest and request id. */
  private readonly introspections = new Map<string, EpochMilliseconds>();
  private timer: NodeJS.Timeout | undefined;
  private comparing: Promise<void> = Promise.resolve();
  /** Times before which uses are only counted, by id of the canary. */
  private readonly quietUntil = new Map<string, EpochMilliseconds>();
  private readonly uses = { request: 0, report: 0 };

  constructor(
    private readonly tokens: TokensRepository,
    private readonly lastUses: LastUses,
    private readonly audit: AuditService,
    private readonly tallies: AuditTallies,
    private readonly writes: Writes,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    config: Config,
    metrics: Metrics,
  ) {
    // With open metrics, anyone could learn which token is a canary.
    if (config.metrics !== 'open') {
      metrics.counts(
        'latchkey_canary_uses_total',
        'Uses of canaries, by requests with the token or by leak reports of it.',
        'by',
        () => this.uses,
      );
    }
  }

  /** Queues a secret that matches no token, to compare it with canaries. */
  take(digest: string, origin: RequestOrigin, foundAt?: FoundAt): void {
    if (this.isFollowUp(digest, origin)) {
      return;
    }
    const known = this.waiting.get(digest);
    if (known) {
      known.count += 1;
    } else if (this.waiting.size < WAITING_MAX) {
      this.waiting.set(digest, { count: 1, origin, foundAt });
      if (this.waiting.size === PART) {
        void this.settle();
      }
    }
    this.timer ??= setTimeout(() => void this.settle(), GATHER_MILLISECONDS).unref();
  }

  /** Compares all waiting secrets, and raises the alarms. */
  settle(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.comparing = this.comparing.then(() => this.compare());
    return this.comparing;
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.settle();
  }

  /**
   * Whether a verifier presents the token again, to learn why its introspection was rejected. The address of this second request
   * is that of the service.
   */
  private isFollowUp(digest: string, { traceId, service }: RequestOrigin): boolean {
    const now = this.clock.now();
    for (const [key, time] of this.introspections) {
      if (this.introspections.size < WAITING_MAX && now - time < FOLLOW_UP_MILLISECONDS) {
        break;
      }
      this.introspections.delete(key);
    }
    const key = `${digest} ${traceId}`;
    const isIntrospected = this.introspections.delete(key);
    if (service !== undefined) {
      this.introspections.set(key, now);
      return false;
    }
    return isIntrospected;
  }

  private async compare(): Promise<void> {
    const presented = this.waiting;
    this.waiting = new Map();
    try {
      for await (const digests of inParts([...presented.keys()], PART)) {
        const stored = new Map(digests.map((digest) => [canaryDigestOf(digest), digest]));
        for (const [found, token] of await this.tokens.findCanaries([...stored.keys()])) {
          const uses = presented.get(stored.get(found) ?? '');
          if (uses) {
            await this.raise(token, uses);
          }
        }
      }
    } catch (err) {
      this.logger.error(
        { err, secrets: presented.size },
        'Unknown tokens could not be compared with canaries',
      );
    }
  }

  private async raise(token: OwnedToken, { count, origin, foundAt }: Presented): Promise<void> {
    const now = this.clock.now();
    this.uses[foundAt ? 'report' : 'request'] += count;
    this.lastUses.noteReported(token.id, origin, count, now);
    const { note, preview } = token;
    const { agent, address, service, traceId } = origin;
    const record: AuditRecord = {
      action: 'authn_canary_used',
      outcome: 'failure',
      ...tokenSubject(token),
      origin,
      after: {
        ...auditedIdentity(token),
        ...(agent !== undefined && { userAgent: agent }),
        ...(service !== undefined && { service }),
        ...foundAt,
      },
    };
    if (now < (this.quietUntil.get(token.id) ?? 0)) {
      const later = () => {
        this.quietUntil.set(token.id, this.clock.now() + WINDOW_MILLISECONDS);
        return record;
      };
      this.tallies.count(`uses of canary ${token.id}`, WINDOW_MILLISECONDS, later, count);
      return;
    }
    this.quietUntil.set(token.id, now + WINDOW_MILLISECONDS);
    this.logger.warn(
      { tokenId: token.id, tokenPreview: preview, note, address, agent, service, traceId, ...foundAt },
      'A canary was used',
    );
    const after = { ...record.after, count };
    await this.writes.transaction((tx) => this.audit.record({ ...record, after }, tx), 'none');
  }
}
