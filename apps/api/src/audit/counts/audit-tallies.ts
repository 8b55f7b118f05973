import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock, toRfc3339, type EpochMilliseconds } from '../../common/clock.js';
import { Writes } from '../../platform/database/writes.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { AuditService, type AuditRecord } from '../trail/audit.service.js';

/** Tallies that are kept at once; beyond, the oldest is written early. */
const TALLIES_MAX = 10_000;
const LOOK_MILLISECONDS = 30_000;

/** Makes the entry of a tally once it is over; `undefined` if there is nobody to record it for. */
export type TallyRecord = () => AuditRecord | Promise<AuditRecord | undefined>;

interface Tally {
  count: number;
  readonly firstTime: EpochMilliseconds;
  readonly endTime: EpochMilliseconds;
  readonly record: TallyRecord;
}

/** What comes so often that strangers could fill the disk with it: one entry a key and window, with how often it came. */
@Injectable()
export class AuditTallies implements BeforeApplicationShutdown {
  private readonly tallies = new Map<string, Tally>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Counts one more; the first one opens a window, at whose end the entry is written. */
  count(key: string, windowMilliseconds: number, record: TallyRecord): void {
    const now = this.clock.now();
    const tally = this.tallies.get(key);
    if (tally) {
      tally.count += 1;
      return;
    }
    this.tallies.set(key, { count: 1, firstTime: now, endTime: now + windowMilliseconds, record });
    this.schedule();
    const [oldest] = this.tallies.keys();
    if (this.tallies.size > TALLIES_MAX && oldest !== undefined) {
      void this.write(oldest);
    }
  }

  /** Writes the entries of the windows that are over. */
  async flush(): Promise<void> {
    const now = this.clock.now();
    const over = [...this.tallies].filter(([, { endTime }]) => endTime <= now);
    for (const [key] of over) {
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
    }, LOOK_MILLISECONDS).unref();
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
        await this.writes.transaction((tx) => this.audit.record({ ...record, after }, tx), 'none');
      }
    } catch (err) {
      // Nothing was done that would have to be refused; only the number is lost. The key stays out of the log: what somebody typed
      // as a name is in it, which may be a password.
      this.logger.warn({ err, count: tally.count }, 'What was counted could not be recorded');
    }
  }
}
