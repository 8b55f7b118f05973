import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock, toRfc3339, type EpochMilliseconds } from '../../common/clock.js';
import { type Principal } from '../../common/request/principal.js';
import { type ClockJudge } from '../../platform/database/repeated-job.js';
import { Writes } from '../../platform/database/writes.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { type AuditChain } from './audit-chain.entity.js';
import { AuditTrailRepository } from './audit-trail.repository.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';

/** Longer than a server is switched off in the ordinary course of things. */
const JUMP_MAX_MILLISECONDS = 30 * 86_400_000;
/** Largest lag of the noted time behind the clock; each step is a write. */
const NOTE_MILLISECONDS = 3_600_000;

const REMARK =
  'The clock is more than 30 days ahead of the last time recorded in this database, so the server deletes no old data. Set the clock. If it is right, run: latchkey trust-clock';

/** The clock of a server that was believed. */
export interface TrustedClock {
  time: string;
  /** The latest time that was believed before. */
  previousTime: string;
  /** Whether there was anything to confirm. Otherwise nothing was changed or recorded. */
  wasAhead: boolean;
}

/**
 * Detects a clock that is far ahead. With a wrong clock the jobs would delete tokens, days of the audit trail and counts for
 * good. The reference is the latest plausible time that a server recorded in this database. Entries of the trail are no
 * reference, because a wrong clock dates them, too.
 */
@Injectable()
export class ClockCheck implements ClockJudge, OnModuleInit {
  private seenTime: EpochMilliseconds | undefined;
  private isReported = false;

  constructor(
    private readonly trail: AuditTrailRepository,
    private readonly repository: AuditRepository,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.look();
  }

  /** Warning about the clock for administrators. */
  get remark(): string | undefined {
    return this.seenTime !== undefined && this.clock.now() - this.seenTime > JUMP_MAX_MILLISECONDS
      ? REMARK
      : undefined;
  }

  /** Whether the clock may decide what is old. A plausible time is noted, so that the next one is compared with it. */
  async isPlausible(): Promise<boolean> {
    const { clockSeenTime } = await this.look();
    const isAhead = this.remark !== undefined;
    if (isAhead !== this.isReported) {
      this.isReported = isAhead;
      this.logger.warn({ seenTime: this.seenTime }, isAhead ? REMARK : 'The clock is plausible again');
    }
    const now = this.clock.now();
    if (!isAhead && now - clockSeenTime >= NOTE_MILLISECONDS) {
      await this.writes.transaction((tx) => this.repository.setClockSeen(now, tx), 'none');
    }
    return !isAhead;
  }

  /** Accepts the clock although it is far ahead. Changes and records nothing if it is not. */
  async trust(actor: Principal): Promise<TrustedClock> {
    await this.look();
    const now = this.clock.now();
    const previousTime = toRfc3339(this.seenTime ?? now);
    const time = toRfc3339(now);
    if (this.remark === undefined) {
      return { time, previousTime, wasAhead: false };
    }
    await this.writes.transaction(async (tx) => {
      await this.repository.setClockSeen(now, tx);
      await this.audit.record(
        {
          action: 'clock_trusted',
          actor,
          origin: actor.origin,
          subject: { kind: 'audit', id: null, name: 'clock' },
          before: { time: previousTime },
          after: { time },
        },
        tx,
      );
    }, 'none');
    this.seenTime = now;
    return { time, previousTime, wasAhead: true };
  }

  /** Reads the noted time: other replicas note theirs. A new database takes the time of its first entry. */
  private async look(): Promise<AuditChain> {
    const chain = await this.trail.chain();
    this.seenTime = chain.clockSeenTime || chain.latestTime || undefined;
    return chain;
  }
}
