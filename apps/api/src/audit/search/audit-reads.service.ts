import { Injectable } from '@nestjs/common';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { lruCache } from '../../common/lru-cache.js';
import { type Principal } from '../../common/request/principal.js';
import { AuditService } from '../trail/audit.service.js';

/** Readers kept in memory. A reader evicted from it is recorded again. */
const READERS_MAX = 10_000;
const QUIET_MILLISECONDS = 600_000;

/** Read that is recorded or being recorded. */
interface Read {
  readonly time: EpochMilliseconds;
  readonly recorded: Promise<void>;
}

/** Records readers of the trail, with at most one entry per reader in ten minutes. */
@Injectable()
export class AuditReads {
  private readonly reads = lruCache<string, Read>(READERS_MAX);

  constructor(
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Resolves when the read is recorded. @throws ApplicationError `unavailable` if it cannot be recorded. */
  recordOnce(reader: Principal): Promise<void> {
    const time = this.clock.now();
    const last = this.reads.get(reader.id);
    if (last && Math.abs(time - last.time) < QUIET_MILLISECONDS) {
      return last.recorded;
    }
    const recorded = this.audit
      .recordEvent({
        action: 'audit_read',
        actor: reader,
        subject: { kind: 'audit', id: null, name: 'audit trail' },
      })
      .catch((error: unknown) => {
        this.reads.delete(reader.id);
        throw error;
      });
    this.reads.set(reader.id, { time, recorded });
    return recorded;
  }
}
