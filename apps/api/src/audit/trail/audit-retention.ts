import { setImmediate as otherWork } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Clock, toRfc3339, type EpochMilliseconds } from '../../common/clock.js';
import { readInParts } from '../../common/read-in-parts.js';
import { Config } from '../../platform/config/config.js';
import { RepeatedJob } from '../../platform/database/repeated-job.js';
import { Writes } from '../../platform/database/writes.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { type AuditEvent } from './audit-event.entity.js';
import { AuditTrailRepository } from './audit-trail.repository.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService, SERVER_ACTOR } from './audit.service.js';
import { ClockCheck } from './clock-check.js';
import { handedOverTo } from '../keys/hand-over.js';
import { checkpointOf, type TrimCheckpoint } from '../verification/trim-checkpoint.js';

const DAY_MILLISECONDS = 86_400_000;
const PLAN = {
  firstMilliseconds: 20_000,
  intervalMilliseconds: 3_600_000,
  failure: 'Old entries of the audit trail could not be dropped',
};
/** Entries that are deleted in one go, so that others' writes wait for little. */
const CHUNK = 500;

/** Drops the oldest days of the trail once they are old enough, and says so in the trail before. */
@Injectable()
export class AuditRetention extends RepeatedJob {
  constructor(
    private readonly trail: AuditTrailRepository,
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

  /** Drops whole UTC days that are over for longer than entries are kept, and returns how many entries that were. */
  async trim(): Promise<number> {
    const { auditRetentionDays } = this.config;
    if (auditRetentionDays === 0) {
      return 0;
    }
    const begun = await this.trail.newestCheckpoint();
    // What an earlier run was kept from deleting.
    const finished = begun ? await this.drop(checkpointOf(begun).sequence) : 0;
    const kept = startOfDay(this.clock.now() - auditRetentionDays * DAY_MILLISECONDS);
    const last = await this.lastBefore(kept);
    if (!last) {
      return finished;
    }
    await this.announce(last, kept);
    return finished + (await this.drop(last.sequence));
  }

  /** The last of the entries at the beginning of the trail that are older than that. */
  private async lastBefore(time: EpochMilliseconds): Promise<AuditEvent | undefined> {
    let last: AuditEvent | undefined;
    for await (const events of readInParts((after: AuditEvent | undefined, limit) =>
      this.trail.findFrom(after, limit),
    )) {
      const kept = events.findIndex((event) => event.time >= time);
      if (kept !== -1) {
        return events[kept - 1] ?? last;
      }
      last = events.at(-1);
    }
    return last;
  }

  /** Appends the checkpoint that the verification goes by, unless another replica just did. */
  private announce(last: AuditEvent, kept: EpochMilliseconds): Promise<void> {
    return this.writes.transaction(async (tx) => {
      await this.repository.lockChain(tx);
      const newest = await this.repository.newestCheckpoint(tx);
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
          after: { ...checkpoint, keptFrom: toRfc3339(kept) },
        },
        tx,
      );
    }, 'none');
  }

  /** Deletes the entries up to a number, oldest first. */
  private async drop(sequence: number): Promise<number> {
    const [oldest] = await this.trail.findFrom(undefined, 1);
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
      this.logger.info({ entries }, 'Dropped entries of the audit trail that are older than it is kept');
    }
  }
}

function startOfDay(time: EpochMilliseconds): EpochMilliseconds {
  return time - (time % DAY_MILLISECONDS);
}
