import { randomInt } from 'node:crypto';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.service.js';
import { inParts } from '../../common/in-parts.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { Config } from '../../platform/config/config.js';
import { canaryDigestOf } from '../../platform/crypto/secrets.js';
import { LOGGER, logFailure, type Logger } from '../../platform/logging/logger.js';
import { Metrics } from '../../platform/metrics/metrics.service.js';
import { TokensRepository, type OwnedToken } from '../model/tokens.repository.js';
import { CanaryRecords, type CanaryUses, type FoundAt } from './canary-records.service.js';

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
/** Interval between log lines about dropped secrets. */
const DROP_LOG_MILLISECONDS = 60_000;

/** Uses of an unknown secret that wait to be compared. */
type Presented = Pick<CanaryUses, 'origin' | 'foundAt'> & {
  count: number;
  /** Ids of the first requests. */
  readonly traceIds: string[];
};

/** Uses of a canary whose alarm is not written yet. */
type Alarm = Presented &
  CanaryUses & {
    /** Whether the log has a line about it, because it could not be written. */
    isLogged: boolean;
  };

/**
 * Raises an alarm when a canary is used. All unknown secrets are compared with canaries after their response,
 * so that neither the response nor its time reveals a canary.
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
  private readonly uses = { request: 0, report: 0 };
  private listener: (token: OwnedToken, traceIds: readonly string[]) => void = () => {};

  constructor(
    private readonly tokens: TokensRepository,
    private readonly records: CanaryRecords,
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
    if (now - this.dropLogTime >= DROP_LOG_MILLISECONDS) {
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
    for (const [id, alarm] of [...this.alarms]) {
      try {
        await this.records.write(alarm);
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
}
