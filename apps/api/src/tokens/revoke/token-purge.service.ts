import { setImmediate as otherWork } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { TOKEN_RETENTION_DAYS } from '@latchkey/auth-models';
import { ClockCheck } from '../../audit/trail/clock-check.service.js';
import { Clock, DAY_MILLISECONDS, dayOf, type EpochMilliseconds } from '../../common/clock.service.js';
import { RepeatedJob } from '../../platform/database/repeated-job.js';
import { Writes } from '../../platform/database/writes.service.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { validUntilOf, expiryOf } from '../model/token-state.js';
import { TokenUsageRepository } from '../usage/token-usage.repository.js';
import { TokensRepository, type KeptToken } from '../model/tokens.repository.js';

const PLAN = {
  firstMilliseconds: 10_000,
  intervalMilliseconds: 15 * 60_000,
  failure: 'Old tokens could not be deleted',
};
/** Expired sessions are kept for this long, so that clients get `token_expired`. */
const SESSION_KEPT_MILLISECONDS = 5 * 60_000;
const TOKEN_KEPT_MILLISECONDS = TOKEN_RETENTION_DAYS * DAY_MILLISECONDS;
/** Rows in one query and one transaction, so that requests wait only briefly. */
const SLICE = 500;

/**
 * Deletes expired sessions after minutes, because each login creates one and nothing else limits their
 * number; all other tokens 90 days after their expiry or revocation, so that their use can be investigated;
 * and the daily usage counts that are older than 90 days.
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

  /** Deletes the tokens that are due, slice by slice. Returns the number of deleted tokens. */
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
      // SQLite answers synchronously, so other requests need this pause.
      await otherWork();
    }
    const firstDay = dayOf(now) - TOKEN_RETENTION_DAYS + 1;
    for (let isLast = false; !isLast && !this.isStopping;) {
      const deleted = await this.writes.transaction(
        (tx) => this.usage.deleteBefore(firstDay, SLICE, tx),
        'none',
      );
      isLast = deleted < SLICE;
      await otherWork();
    }
    return purged;
  }

  protected async work(): Promise<void> {
    const tokens = await this.writes.withAdvisoryLock('token purge', () => this.purge());
    if (tokens) {
      this.logger.info(
        { tokens },
        'Deleted expired sessions, and tokens that expired or were revoked 90 days ago',
      );
    }
  }
}

function isDue(token: KeptToken, now: EpochMilliseconds): boolean {
  const validUntil = validUntilOf(token);
  // A revoked session is evidence, and its descendants are found and revoked by the session that created
  // them.
  const isExpiredSession = token.kind === 'session' && validUntil === expiryOf(token) && !token.hasMadeOthers;
  return (
    validUntil !== null &&
    validUntil + (isExpiredSession ? SESSION_KEPT_MILLISECONDS : TOKEN_KEPT_MILLISECONDS) <= now
  );
}
