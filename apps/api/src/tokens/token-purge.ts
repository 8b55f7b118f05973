import { setImmediate as otherWork } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { TOKEN_KEPT_DAYS } from '@latchkey/auth-models';
import { Clock, type EpochMilliseconds } from '../common/clock.js';
import { Writes } from '../database/writes.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { endOf, endTimeOf } from './token-standing.js';
import { TokenUsageRepository } from './token-usage.repository.js';
import { TokensRepository, type KeptToken } from './tokens.repository.js';
import { DAY_MILLISECONDS, dayOf } from './usage-tally.js';

const FIRST_MILLISECONDS = 10_000;
const INTERVAL_MILLISECONDS = 15 * 60_000;
/** How long whoever comes too late with a session is told that it has run out. */
const SESSION_KEPT_MILLISECONDS = 5 * 60_000;
const TOKEN_KEPT_MILLISECONDS = TOKEN_KEPT_DAYS * DAY_MILLISECONDS;
/** Rows that are looked at, and at most deleted, in one go, so that requests wait for little. */
const SLICE = 500;

/**
 * Deletes the rows of sessions soon after they ran out, since each log-in makes one and nothing else bounds them; of other tokens 90
 * days after they ended, whatever ended them, so long as somebody may ask what they were used for; and how often tokens were
 * used on days before the last 90.
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
    const now = this.clock.now();
    let purged = 0;
    let after = '';
    for (let isLast = false; !isLast && !this.isStopping;) {
      const slice = await this.repository.findEnds(after, SLICE);
      const ids = slice.filter((token) => isDue(token, now)).map(({ id }) => id);
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
        this.logger.info({ tokens }, 'Deleted sessions that ran out, and tokens that ended 90 days ago');
      }
    } catch (err) {
      // The next run finds them again.
      this.logger.warn({ err }, 'Tokens that ended long ago could not be deleted');
    }
    if (!this.isStopping) {
      this.schedule(INTERVAL_MILLISECONDS);
    }
  }
}

function isDue(token: KeptToken, now: EpochMilliseconds): boolean {
  const end = endTimeOf(token);
  // What somebody ended is evidence, and what was made with a token is found, and ended, by that token.
  const hasRunOut = token.kind === 'session' && end === endOf(token) && !token.hasMadeOthers;
  return end !== null && end + (hasRunOut ? SESSION_KEPT_MILLISECONDS : TOKEN_KEPT_MILLISECONDS) <= now;
}
