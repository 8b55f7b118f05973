import { setImmediate as otherWork } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { TOKEN_RETENTION_DAYS } from '@latchkey/auth-models';
import { ClockCheck } from '../../../audit/trail/clock-check.js';
import { Clock, type EpochMilliseconds } from '../../../common/clock.js';
import { RepeatedJob } from '../../../platform/database/repeated-job.js';
import { Writes } from '../../../platform/database/writes.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { endTimeOf, expiryOf } from '../model/token-state.js';
import { TokenUsageRepository } from '../usage/token-usage.repository.js';
import { TokensRepository, type KeptToken } from '../model/tokens.repository.js';
import { DAY_MILLISECONDS, dayOf } from '../usage/usage-tally.js';

const PLAN = {
  firstMilliseconds: 10_000,
  intervalMilliseconds: 15 * 60_000,
  failure: 'Tokens that ended long ago could not be deleted',
};
/** How long whoever comes too late with a session is told that it has run out. */
const SESSION_KEPT_MILLISECONDS = 5 * 60_000;
const TOKEN_KEPT_MILLISECONDS = TOKEN_RETENTION_DAYS * DAY_MILLISECONDS;
/** Rows that are looked at, and at most deleted, in one go, so that requests wait for little. */
const SLICE = 500;

/**
 * Deletes the rows of sessions soon after they ran out, since each log-in makes one and nothing else bounds them; of other tokens 90
 * days after they ended, whatever ended them, so long as somebody may ask what they were used for; and how often tokens were
 * used on days before the last 90.
 */
@Injectable()
export class TokenPurge extends RepeatedJob {
  constructor(
    private readonly repository: TokensRepository,
    private readonly usage: TokenUsageRepository,
    private readonly writes: Writes,
    private readonly clock: Clock,
    clockCheck: ClockCheck,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(PLAN, logger, clockCheck);
  }

  /** Deletes what is due, slice by slice, and returns how many tokens that were. */
  async purge(): Promise<number> {
    const now = this.clock.now();
    let purged = 0;
    let after = '';
    for (let isLast = false; !isLast && !this.isStopping;) {
      const slice = await this.repository.findKept(after, SLICE);
      const ids = slice.filter((token) => isDue(token, now)).map(({ id }) => id);
      if (ids.length > 0) {
        await this.writes.transaction((tx) => this.repository.delete(ids, tx), 'none');
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
    const firstKept = dayOf(this.clock.now()) - TOKEN_RETENTION_DAYS + 1;
    for (let isLast = false; !isLast && !this.isStopping;) {
      const deleted = await this.writes.transaction(
        (tx) => this.usage.deleteBefore(firstKept, SLICE, tx),
        'none',
      );
      isLast = deleted < SLICE;
      await otherWork();
    }
  }

  protected async work(): Promise<void> {
    const tokens = await this.writes.withAdvisoryLock('token purge', () => this.purge());
    if (tokens) {
      this.logger.info({ tokens }, 'Deleted sessions that ran out, and tokens that ended 90 days ago');
    }
  }
}

function isDue(token: KeptToken, now: EpochMilliseconds): boolean {
  const end = endTimeOf(token);
  // What somebody ended is evidence, and what was made with a token is found, and ended, by that token.
  const hasRunOut = token.kind === 'session' && end === expiryOf(token) && !token.hasMadeOthers;
  return end !== null && end + (hasRunOut ? SESSION_KEPT_MILLISECONDS : TOKEN_KEPT_MILLISECONDS) <= now;
}
