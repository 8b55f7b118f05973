import { randomInt } from 'node:crypto';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { AuditTallies } from '../../audit/counts/audit-tallies.service.js';
import { AuditService, type AuditRecord } from '../../audit/trail/audit.service.js';
import { Clock, DAY_MILLISECONDS, type EpochMilliseconds } from '../../common/clock.service.js';
import { inParts } from '../../common/in-parts.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { Config } from '../../platform/config/config.js';
import { canaryDigestOf } from '../../platform/crypto/secrets.js';
import { Writes } from '../../platform/database/writes.service.js';
import { LOGGER, logFailure, type Logger } from '../../platform/logging/logger.js';
import { Metrics } from '../../platform/metrics/metrics.service.js';
import { auditedIdentity, tokenSubject } from '../model/token-audit.js';
import { TokensRepository, type OwnedToken } from '../model/tokens.repository.js';
import { LastUses } from './last-uses.service.js';

/** Delay before unknown secrets are compared with canaries, so that many are compared at once. */
const GATHER_MILLISECONDS = 250;
/**
 * Longest delay of an alarm. The delay is random, so that the work of writing it does not follow the use at a
 * known time.
 */
const ALARM_DELAY_MILLISECONDS = 3_000;
/** Number of waiting secrets at which they are compared immediately. */
const PART = 500;
/** Maximum number of requests with the same waiting secret whose ids are kept. */
const REQUESTS_MAX = 20;
/** Maximum number of secrets that wait. */
const WAITING_MAX = 20_000;
/**
 * First interval between entries of the audit trail for one canary, and interval between log lines about
 * dropped secrets.
 */
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

/** Uses of an unknown secret that wait to be compared. */
interface Presented {
  count: number;
  /** Origin of the first use. */
  readonly origin: RequestOrigin;
  readonly foundAt: FoundAt | undefined;
  /** Ids of the first requests. */
  readonly traceIds: string[];
}

/** Interval after the latest entry for one canary. */
interface EntryInterval {
  /** Time before which uses are only counted. */
  readonly quietUntil: EpochMilliseconds;
  readonly window: number;
}

/** Uses of a canary whose alarm is not written yet. */
interface Alarm extends Presented {
  readonly token: OwnedToken;
  readonly time: EpochMilliseconds;
  /** Whether the log has a line about it, because it could not be written. */
  isLogged: boolean;
}

/**
 * Raises an alarm when a canary is used. All unknown secrets are compared with canaries after their response,
 * so that neither the response nor its time reveals a canary. The number of entries and log lines does not
 * depend on the number of uses.
 */
@Injectable()
export class CanaryAlarms implements BeforeApplicationShutdown {
  private waiting = new Map<string, Presented>();
  /** Alarms that are not written yet, by id of the canary. */
  private readonly alarms = new Map<string, Alarm>();
  private timer: NodeJS.Timeout | undefined;
  private alarmTimer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();
  private dropLogTime = -Infinity;
  /** By id of the canary, in the order of their latest entries. */
  private readonly intervals = new Map<string, EntryInterval>();
  private readonly uses = { request: 0, report: 0 };
  private listener: (token: OwnedToken, traceIds: readonly string[]) => void = () => {};

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

  /** Sets the listener, which is called with each used canary and the ids of the requests. */
  onUse(listener: (token: OwnedToken, traceIds: readonly string[]) => void): void {
    this.listener = listener;
  }

  /** Queues a secret that matches no token, to compare it with canaries. */
  take(digest: string, origin: RequestOrigin, foundAt?: FoundAt): void {
    const known = this.waiting.get(digest);
    if (known) {
      known.count += 1;
      if (known.traceIds.length < REQUESTS_MAX) {
        known.traceIds.push(origin.traceId);
      }
    } else if (this.waiting.size < WAITING_MAX) {
      this.waiting.set(digest, { count: 1, origin, foundAt, traceIds: [origin.traceId] });
      if (this.waiting.size === PART) {
        this.startComparing();
      }
    } else {
      this.logDrop();
    }
    this.timer ??= setTimeout(() => this.startComparing(), GATHER_MILLISECONDS).unref();
  }

  /** Compares all waiting secrets, and attempts to write all alarms, without a delay. */
  settle(): Promise<void> {
    this.startComparing();
    return this.startWriting();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.settle();
  }

  private startComparing(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.working = this.working.then(() => this.compare());
  }

  private startWriting(): Promise<void> {
    this.working = this.working.then(() => this.writeAlarms());
    return this.working;
  }

  private logDrop(): void {
    const now = this.clock.now();
    if (now - this.dropLogTime >= WINDOW_MILLISECONDS) {
      this.dropLogTime = now;
      this.logger.warn(
        { waiting: WAITING_MAX },
        'Too many unknown tokens wait to be compared with canaries; others are dropped',
      );
    }
  }

  private async compare(): Promise<void> {
    const presented = this.waiting;
    this.waiting = new Map();
    for await (const digests of inParts([...presented.keys()], PART)) {
      const stored = new Map(digests.map((digest) => [canaryDigestOf(digest), digest]));
      try {
        for (const [found, token] of await this.tokens.findCanaries([...stored.keys()])) {
          const uses = presented.get(stored.get(found) ?? '');
          if (uses) {
            this.addAlarm(token, uses);
          }
        }
      } catch (err) {
        logFailure(
          this.logger,
          { err, secrets: digests.length },
          'Unknown tokens could not be compared with canaries',
        );
      }
    }
  }

  private addAlarm(token: OwnedToken, presented: Presented): void {
    this.listener(token, presented.traceIds);
    this.uses[presented.foundAt ? 'report' : 'request'] += presented.count;
    const known = this.alarms.get(token.id);
    if (known) {
      known.count += presented.count;
    } else {
      this.alarms.set(token.id, { ...presented, token, time: this.clock.now(), isLogged: false });
    }
    this.scheduleWriting();
  }

  private scheduleWriting(): void {
    const delay = randomInt(ALARM_DELAY_MILLISECONDS);
    this.alarmTimer ??= setTimeout(() => void this.startWriting(), delay).unref();
  }

  /** Writes all alarms. The server attempts to write failed ones again later. */
  private async writeAlarms(): Promise<void> {
    clearTimeout(this.alarmTimer);
    this.alarmTimer = undefined;
    const now = this.clock.now();
    for (const [id, { quietUntil }] of this.intervals) {
      if (quietUntil + RESET_MILLISECONDS <= now || this.intervals.size > INTERVALS_MAX) {
        this.intervals.delete(id);
      }
    }
    for (const [id, alarm] of [...this.alarms]) {
      try {
        await this.write(alarm);
        this.alarms.delete(id);
      } catch (err) {
        this.logUnwritten(alarm);
        logFailure(this.logger, { err, tokenId: id }, 'The alarm of a canary could not be written');
        this.scheduleWriting();
      }
    }
  }

  /** Logs the use once, because the alarm would be lost if the process ended. */
  private logUnwritten(alarm: Alarm): void {
    if (alarm.isLogged) {
      return;
    }
    alarm.isLogged = true;
    const { address, agent, service, traceId } = alarm.origin;
    this.logger.error(
      { tokenId: alarm.token.id, address, agent, service, traceId },
      'A canary was used, but the alarm could not be written to the audit trail; the server tries again',
    );
  }

  private async write({ token, count, origin, foundAt, time }: Alarm): Promise<void> {
    const { id, note, preview } = token;
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
    const { quietUntil = 0, window = WINDOW_MILLISECONDS } = this.intervals.get(id) ?? {};
    if (this.clock.now() < quietUntil) {
      const later = () => {
        this.noteEntry(id);
        return record;
      };
      this.tallies.count(`uses of canary ${id}`, window, later, count);
    } else {
      const after = { ...record.after, count };
      await this.writes.transaction((tx) => this.audit.record({ ...record, after }, tx), 'none');
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
    const last = this.intervals.get(id);
    const window = last ? Math.min(2 * last.window, WINDOW_MAX_MILLISECONDS) : WINDOW_MILLISECONDS;
    this.intervals.delete(id);
    this.intervals.set(id, { quietUntil: this.clock.now() + window, window });
  }
}
