import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HEALTH_REMARKS, type HealthRemark } from '@latchkey/auth-models';
import { Clock, toRfc3339, type EpochMilliseconds } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { type ClockJudge } from '../../platform/database/repeated-job.js';
import { Writes } from '../../platform/database/writes.service.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { type AuditChain } from './audit-chain.entity.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';

/** Largest plausible jump: longer than a server is usually switched off. */
export const JUMP_MAX_MILLISECONDS = 30 * 86_400_000;
/** Largest tolerated lag behind the recorded time. Servers on the same database can differ by that much. */
const BEHIND_MAX_MILLISECONDS = 300_000;
/** Interval between updates of the recorded time; each one is a write. */
const NOTE_MILLISECONDS = 3_600_000;

/** Result of trusting the clock. */
export interface TrustedClock {
  time: string;
  /** Latest plausible time before. */
  previousTime: string;
  /** Whether the clock was more than 30 days ahead. */
  wasAhead: boolean;
  /** Whether the clock was behind. If it was neither, nothing was changed or recorded. */
  wasBehind: boolean;
}

/**
 * Detects a clock that is far ahead, or behind. With a clock far ahead, jobs would permanently delete tokens,
 * audit entries and counts too early. The reference is the latest plausible time that a server recorded in
 * this database. The times of audit entries are no reference, because they come from the same clock.
 */
@Injectable()
export class ClockCheck implements ClockJudge, OnModuleInit {
  private seenTime: EpochMilliseconds | undefined;
  private reported: HealthRemark | undefined;

  constructor(
    private readonly repository: AuditRepository,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.refresh();
    this.logChange();
  }

  /** Warning about the clock for administrators. */
  get remark(): HealthRemark | undefined {
    const lead = this.seenTime === undefined ? 0 : this.clock.now() - this.seenTime;
    if (lead > JUMP_MAX_MILLISECONDS) {
      return HEALTH_REMARKS.clockAhead;
    }
    return lead < -BEHIND_MAX_MILLISECONDS ? HEALTH_REMARKS.clockBehind : undefined;
  }

  /**
   * Returns whether jobs may rely on the clock. Records a plausible time as the reference of the next check.
   */
  async isPlausible(): Promise<boolean> {
    const { clockSeenTime } = await this.refresh();
    this.logChange();
    const isAhead = this.remark === HEALTH_REMARKS.clockAhead;
    const now = this.clock.now();
    if (!isAhead && now - clockSeenTime >= NOTE_MILLISECONDS) {
      await this.writes.transaction((tx) => this.repository.setClockSeen(now, tx), 'none');
    }
    return !isAhead;
  }

  /** Accepts a clock that is far ahead, or behind. Otherwise changes and records nothing. */
  async trust(actor: Principal): Promise<TrustedClock> {
    await this.refresh();
    const now = this.clock.now();
    const previousTime = toRfc3339(this.seenTime ?? now);
    const time = toRfc3339(now);
    const { remark } = this;
    const result = {
      time,
      previousTime,
      wasAhead: remark === HEALTH_REMARKS.clockAhead,
      wasBehind: remark === HEALTH_REMARKS.clockBehind,
    };
    if (remark === undefined) {
      return result;
    }
    await this.writes.transaction(async (tx) => {
      await this.repository.setClockSeen(now, tx);
      await this.audit.record(
        {
          action: 'clock_trusted',
          actor,
          subject: { kind: 'audit', id: null, name: 'clock' },
          before: { time: previousTime },
          after: { time },
        },
        tx,
      );
    }, 'none');
    this.seenTime = now;
    return result;
  }

  /** Logs when the clock becomes implausible or plausible. */
  private logChange(): void {
    const { remark, seenTime } = this;
    if (remark !== this.reported) {
      this.reported = remark;
      const times = { time: toRfc3339(this.clock.now()), seenTime: toRfc3339(seenTime ?? 0) };
      this.logger.warn(times, remark ?? 'The clock is plausible again');
    }
  }

  /**
   * Reads the recorded time, which other replicas update too. A new database uses the time of its first
   * entry.
   */
  private async refresh(): Promise<AuditChain> {
    const chain = await this.repository.chain();
    this.seenTime = chain.clockSeenTime || chain.latestTime || undefined;
    return chain;
  }
}
