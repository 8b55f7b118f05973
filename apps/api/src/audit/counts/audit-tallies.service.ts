import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock, toRfc3339, type EpochMilliseconds } from '../../common/clock.service.js';
import { LOGGER, logFailure, type Logger } from '../../platform/logging/logger.js';
import { AuditService, type AuditRecord } from '../trail/audit.service.js';

/** Maximum number of open tallies. Beyond it, the oldest one is written early. */
const TALLIES_MAX = 10_000;
const FLUSH_MILLISECONDS = 30_000;

/** Builds the entry of a tally when its window closes. Returns `undefined` if there is nothing to record. */
export type TallyRecord = () => AuditRecord | Promise<AuditRecord | undefined>;

interface Tally {
  count: number;
  readonly firstTime: EpochMilliseconds;
  readonly endTime: EpochMilliseconds;
  readonly record: TallyRecord;
}

/**
 * Records frequent events as one entry per key and window, with their number. Otherwise unauthenticated
 * clients could fill the disk.
 */
@Injectable()
export class AuditTallies implements BeforeApplicationShutdown {
  private readonly tallies = new Map<string, Tally>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly audit: AuditService,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Counts events. The first one opens a window, and the entry is written when the window closes. */
  count(key: string, windowMilliseconds: number, record: TallyRecord, events = 1): void {
    const now = this.clock.now();
    const tally = this.tallies.get(key);
    if (tally) {
      tally.count += events;
      return;
    }
    this.tallies.set(key, { count: events, firstTime: now, endTime: now + windowMilliseconds, record });
    this.schedule();
    const [oldest] = this.tallies.keys();
    if (this.tallies.size > TALLIES_MAX && oldest !== undefined) {
      void this.write(oldest);
    }
  }

  /** Writes the entries of all closed windows. */
  async flush(): Promise<void> {
    const now = this.clock.now();
    const closed = [...this.tallies].filter(([, { endTime }]) => endTime <= now);
    for (const [key] of closed) {
      await this.write(key);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    for (const key of [...this.tallies.keys()]) {
      await this.write(key);
    }
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      void this.flush().finally(() => {
        this.timer = undefined;
        if (this.tallies.size > 0) {
          this.schedule();
        }
      });
    }, FLUSH_MILLISECONDS).unref();
  }

  private async write(key: string): Promise<void> {
    const tally = this.tallies.get(key);
    this.tallies.delete(key);
    if (!tally) {
      return;
    }
    try {
      const record = await tally.record();
      if (record) {
        const after = { ...record.after, count: tally.count, firstTime: toRfc3339(tally.firstTime) };
        await this.audit.recordEvent({ ...record, after });
      }
    } catch (err) {
      // Only the number is lost, so there is nothing to reject. The key stays out of the log: it contains the
      // name that was entered, which may be a mistyped password.
      logFailure(
        this.logger,
        { err, count: tally.count },
        'Could not record counted events in the audit trail',
      );
    }
  }
}
