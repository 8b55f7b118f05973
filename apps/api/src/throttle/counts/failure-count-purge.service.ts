import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { ClockCheck } from '../../audit/trail/clock-check.service.js';
import { Clock } from '../../common/clock.service.js';
import { RepeatedJob } from '../../platform/database/repeated-job.js';
import { Writes } from '../../platform/database/writes.service.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { FailureCountsRepository } from './failure-counts.repository.js';

const PLAN = {
  firstMilliseconds: 60_000,
  intervalMilliseconds: 60_000,
  failure: 'Old counts of failed logins could not be deleted',
};
/** Rows deleted per transaction, so that requests do not wait long. */
const BATCH = 500;
/**
 * Rows that clients without a successful login can create. Beyond that, those that expire first are deleted.
 */
const UNTRUSTED_MAX = 100_000;

/**
 * Deletes counts that have no effect any more. Otherwise unauthenticated clients could fill the disk with
 * names.
 */
@Injectable()
export class FailureCountPurge extends RepeatedJob {
  constructor(
    private readonly repository: FailureCountsRepository,
    private readonly writes: Writes,
    private readonly clock: Clock,
    private readonly clockCheck: ClockCheck,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(PLAN, logger);
  }

  /** Deletes all counts that are due, in batches. */
  async purge(): Promise<void> {
    const now = this.clock.now();
    for (let deleted = BATCH; deleted === BATCH && !this.isStopping;) {
      deleted = await this.writes.transaction((tx) => this.repository.deleteExpired(now, BATCH, tx), 'none');
      await nextTurn();
    }
    await this.limitUntrusted();
  }

  private async limitUntrusted(): Promise<void> {
    let excess = (await this.repository.countUntrusted()) - UNTRUSTED_MAX;
    for (; excess > 0 && !this.isStopping; excess -= BATCH) {
      const batch = Math.min(excess, BATCH);
      await this.writes.transaction((tx) => this.repository.deleteUntrusted(batch, tx), 'none');
      await nextTurn();
    }
  }

  protected async work(): Promise<void> {
    const isPlausible = await this.clockCheck.isPlausible();
    // The limit does not depend on the clock.
    await this.writes.withAdvisoryLock('failure count purge', () =>
      isPlausible ? this.purge() : this.limitUntrusted(),
    );
  }
}
