import { setImmediate as otherWork } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { TOKEN_KEPT_DAYS } from '@latchkey/auth-models';
import { Clock } from '../common/clock.js';
import { Writes } from '../database/writes.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { endTimeOf } from './token-standing.js';
import { TokenUsageRepository } from './token-usage.repository.js';
import { TokensRepository } from './tokens.repository.js';
import { DAY_MILLISECONDS, dayOf } from './usage-tally.js';

const FIRST_MILLISECONDS = 10_000;
const INTERVAL_MILLISECONDS = 15 * 60_000;
/** Rows that are looked at, and at most deleted, in one go, so that requests wait for little. */
const SLICE = 500;

/**
 * Deletes the rows of tokens 90 days after they ended, whatever ended them, so long as somebody may ask what they were used
 * for; and how often tokens were used on days before the last 90.
 */
@Injectable()
export class TokenPurge implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly repository: TokensRepository,
    private readonly usage: TokenUsageRepository,
    private readonly writes: Writes,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(FIRST_MILLISECONDS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Deletes what is due, slice by slice, and returns how many tokens that were. */
  async purge(): Promise<number> {
    const due = this.clock.now() - TOKEN_KEPT_DAYS * DAY_MILLISECONDS;
    let purged = 0;
    let after = '';
    for (let isLast = false; !isLast && !this.isStopping;) {
      const slice = await this.repository.findEnds(after, SLICE);
      const ids = slice.filter((token) => (endTimeOf(token) ?? Infinity) <= due).map(({ id }) => id);
      if (ids.length > 0) {
        await this.writes.transaction((tx) => this.repository.delete(ids, tx), 'nobody');
      }
      purged += ids.length;
      after = slice.at(-1)?.id ?? after;
      isLast = slice.length < SLICE;
      // SQLite answers without a pause of its own.
      await otherWork();
    }
    await this.purgeUsage();
    return purged;
  }

  private async purgeUsage(): Promise<void> {
    const firstKept = dayOf(this.clock.now()) - TOKEN_KEPT_DAYS + 1;
    for (let isLast = false; !isLast && !this.isStopping;) {
      const deleted = await this.writes.transaction(
        (tx) => this.usage.deleteBefore(firstKept, SLICE, tx),
        'nobody',
      );
      isLast = deleted < SLICE;
      await otherWork();
    }
  }

  private schedule(milliseconds: number): void {
    this.timer = setTimeout(() => {
      this.running = this.run();
    }, milliseconds).unref();
  }

  private async run(): Promise<void> {
    try {
      const tokens = await this.writes.alone('token purge', () => this.purge());
      if (tokens) {
        this.logger.info({ tokens }, 'Deleted tokens that ended 90 days ago');
      }
    } catch (err) {
      // The next run finds them again.
      this.logger.warn({ err }, 'Tokens that ended 90 days ago could not be deleted');
    }
    if (!this.isStopping) {
      this.schedule(INTERVAL_MILLISECONDS);
    }
  }
}
