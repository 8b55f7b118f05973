import { setImmediate as otherWork } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Clock, DAY_MILLISECONDS, toRfc3339, type EpochMilliseconds } from '../../common/clock.service.js';
import { readInParts } from '../../common/in-parts.js';
import { Config } from '../../platform/config/config.js';
import { RepeatedJob } from '../../platform/database/repeated-job.js';
import { Writes } from '../../platform/database/writes.service.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { type AuditEvent } from './audit-event.entity.js';
import { AuditRepository, BEFORE_FIRST } from './audit.repository.js';
import { AuditService, SERVER_ACTOR } from './audit.service.js';
import { ClockCheck } from './clock-check.service.js';
import { checkpointOf, handedOverTo, type TrimCheckpoint } from './audit-entry.js';

const PLAN = {
  firstMilliseconds: 20_000,
  intervalMilliseconds: 3_600_000,
  failure: 'Could not delete old entries of the audit trail',
};
/** Entries deleted per transaction. Small, so that other writes wait only briefly. */
const CHUNK = 500;

/**
 * Deletes the oldest days of the trail after the retention period. A checkpoint in the trail records it
 * first.
 */
@Injectable()
export class AuditRetention extends RepeatedJob {
  constructor(
    private readonly repository: AuditRepository,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly config: Config,
    private readonly clock: Clock,
    clockCheck: ClockCheck,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(PLAN, logger, clockCheck);
  }

  override onApplicationBootstrap(): void {
    if (this.config.auditRetentionDays > 0) {
      super.onApplicationBootstrap();
    }
  }

  /**
   * Deletes whole UTC days that are older than the retention period. Returns the number of deleted entries.
   */
  async trim(): Promise<number> {
    const { auditRetentionDays } = this.config;
    if (auditRetentionDays === 0) {
      return 0;
    }
    const previous = await this.repository.newest('audit_trail_trimmed');
    // Finish an earlier run that was interrupted.
    const finished = previous ? await this.deleteUpTo(checkpointOf(previous).sequence) : 0;
    const keptFrom = startOfDay(this.clock.now() - auditRetentionDays * DAY_MILLISECONDS);
    const last = await this.lastBefore(keptFrom);
    if (!last) {
      return finished;
    }
    await this.appendCheckpoint(last, keptFrom);
    return finished + (await this.deleteUpTo(last.sequence));
  }

  /** Returns the last entry of the trail's beginning that is older than a time. */
  private async lastBefore(time: EpochMilliseconds): Promise<AuditEvent | undefined> {
    let last: AuditEvent | undefined;
    for await (const events of readInParts((after: AuditEvent | undefined, limit) =>
      this.repository.findFrom(after ?? BEFORE_FIRST, limit),
    )) {
      const firstKept = events.findIndex((event) => event.time >= time);
      if (firstKept !== -1) {
        return events[firstKept - 1] ?? last;
      }
      last = events.at(-1);
    }
    return last;
  }

  /** Appends the checkpoint that verification relies on, unless another replica has just appended it. */
  private appendCheckpoint(last: AuditEvent, keptFrom: EpochMilliseconds): Promise<void> {
    return this.writes.transaction(async (tx) => {
      await this.repository.lockChain(tx);
      const newest = await this.repository.newest('audit_trail_trimmed', tx);
      if (newest && checkpointOf(newest).sequence >= last.sequence) {
        return;
      }
      const checkpoint: TrimCheckpoint = {
        sequence: last.sequence,
        mac: last.mac,
        keyId: handedOverTo(last) ?? last.keyId,
      };
      await this.audit.record(
        {
          action: 'audit_trail_trimmed',
          actor: SERVER_ACTOR,
          subject: { kind: 'audit', id: null, name: 'audit trail' },
          after: { ...checkpoint, keptFrom: toRfc3339(keptFrom) },
        },
        tx,
      );
    }, 'none');
  }

  /** Deletes the entries up to a sequence number, oldest first. Returns the number of deleted entries. */
  private async deleteUpTo(sequence: number): Promise<number> {
    const [oldest] = await this.repository.findFrom(BEFORE_FIRST, 1);
    if (!oldest) {
      return 0;
    }
    let next = oldest.sequence;
    while (next <= sequence && !this.isStopping) {
      const upTo = Math.min(next + CHUNK - 1, sequence);
      await this.writes.transaction((tx) => this.repository.deleteUpTo(upTo, tx), 'none');
      next = upTo + 1;
      await otherWork();
    }
    return next - oldest.sequence;
  }

  protected async work(): Promise<void> {
    const entries = await this.writes.withAdvisoryLock('audit retention', () => this.trim());
    if (entries) {
      this.logger.info(
        { entries },
        'Deleted entries of the audit trail that were older than the retention period',
      );
    }
  }
}

function startOfDay(time: EpochMilliseconds): EpochMilliseconds {
  return time - (time % DAY_MILLISECONDS);
}
