import { Inject, Injectable } from '@nestjs/common';
import { AuditTallies } from '../../audit/counts/audit-tallies.service.js';
import { AuditService } from '../../audit/trail/audit.service.js';
import { Clock, DAY_MILLISECONDS, type EpochMilliseconds } from '../../common/clock.service.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { auditedIdentity, tokenSubject } from '../model/token-audit.js';
import { type OwnedToken } from '../model/tokens.repository.js';
import { LastUses } from './last-uses.service.js';

/** First interval between entries of the audit trail for one canary. */
const WINDOW_MILLISECONDS = 60_000;
/** Longest interval between entries for one canary. Each interval is twice as long as the last one. */
const WINDOW_MAX_MILLISECONDS = 3_600_000;
/** Time without an entry after which the intervals are short again. */
const RESET_MILLISECONDS = DAY_MILLISECONDS;
/** Used canaries whose intervals are kept. Those with the oldest entries are dropped. */
const INTERVALS_MAX = 20_000;

/** Place where a canary was found, from a leak report. */
export interface FoundAt {
  readonly source?: string;
  readonly url?: string;
}

/** Uses of a canary. */
export interface CanaryUses {
  readonly token: OwnedToken;
  readonly count: number;
  /** Origin of the first use. */
  readonly origin: RequestOrigin;
  readonly foundAt: FoundAt | undefined;
  readonly time: EpochMilliseconds;
}

/** Interval after the latest entry for one canary. */
interface EntryInterval {
  /** Time before which uses are only counted. */
  readonly quietUntil: EpochMilliseconds;
  readonly window: number;
}

/**
 * Records uses of canaries in the audit trail and the log. The number of entries and log lines does not
 * depend on the number of uses.
 */
@Injectable()
export class CanaryRecords {
  /** By id of the canary, in the order of their latest entries. */
  private readonly intervals = new Map<string, EntryInterval>();

  constructor(
    private readonly lastUses: LastUses,
    private readonly audit: AuditService,
    private readonly tallies: AuditTallies,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async write({ token, count, origin, foundAt, time }: CanaryUses): Promise<void> {
    const { id, note, preview } = token;
    const { agent, address, service, traceId } = origin;
    const record = {
      action: 'authn_canary_used' as const,
      outcome: 'failure' as const,
      ...tokenSubject(token),
      origin,
      after: {
        ...auditedIdentity(token),
        ...(agent !== undefined && { userAgent: agent }),
        ...(service !== undefined && { service }),
        ...foundAt,
      },
    };
    const { quietUntil = 0, window = WINDOW_MILLISECONDS } = this.intervals.get(id) ?? {};
    if (this.clock.now() < quietUntil) {
      const later = () => {
        this.noteEntry(id);
        return record;
      };
      this.tallies.count(`uses of canary ${id}`, window, later, count);
    } else {
      const after = { ...record.after, count };
      await this.audit.recordEvent({ ...record, after });
      this.noteEntry(id);
      this.logger.warn(
        { tokenId: id, tokenPreview: preview, note, address, agent, service, traceId, ...foundAt },
        'A canary was used',
      );
    }
    this.lastUses.noteReported(id, origin, count, time);
  }

  /**
   * Starts the next interval of a canary, so that its entries are at most about 30 a day. A user can have
   * many canaries.
   */
  private noteEntry(id: string): void {
    const now = this.clock.now();
    const last = this.intervals.get(id);
    const isRecent = last && now < last.quietUntil + RESET_MILLISECONDS;
    const window = isRecent ? Math.min(2 * last.window, WINDOW_MAX_MILLISECONDS) : WINDOW_MILLISECONDS;
    this.intervals.delete(id);
    this.intervals.set(id, { quietUntil: now + window, window });
    const [oldest] = this.intervals.keys();
    if (this.intervals.size > INTERVALS_MAX && oldest !== undefined) {
      this.intervals.delete(oldest);
    }
  }
}
