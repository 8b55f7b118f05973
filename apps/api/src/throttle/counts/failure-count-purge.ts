import { setImmediate as otherWork } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { ClockCheck } from '../../audit/trail/clock-check.js';
import { Clock } from '../../common/clock.js';
import { RepeatedJob } from '../../platform/database/repeated-job.js';
import { Writes } from '../../platform/database/writes.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { FailureCountsRepository } from './failure-counts.repository.js';

const PLAN = {
  firstMilliseconds: 60_000,
  intervalMilliseconds: 60_000,
  failure: 'Old counts of failed log-ins could not be deleted',
};
/** Rows that are deleted in one go, so that requests wait for little. */
const SLICE = 500;
/** Names and networks that strangers can have counted; beyond, those that would be forgotten first are. */
const STRANGERS_MOST = 100_000;

/** Deletes counts that say nothing any more, and keeps strangers from filling the disk with names. */
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

  /** Deletes what is due, slice by slice. */
  async purge(): Promise<void> {
    const now = this.clock.now();
    for (let deleted = SLICE; deleted === SLICE && !this.isStopping;) {
      deleted = await this.writes.transaction(
        (tx) => this.repository.deleteForgotten(now, SLICE, tx),
        'none',
      );
      await otherWork();
    }
    await this.limitStrangers();
  }

  private async limitStrangers(): Promise<void> {
    let beyond = (await this.repository.countStrangers()) - STRANGERS_MOST;
    for (; beyond > 0 && !this.isStopping; beyond -= SLICE) {
      const few = Math.min(beyond, SLICE);
      await this.writes.transaction((tx) => this.repository.deleteStrangers(few, tx), 'none');
      await otherWork();
    }
  }

  protected async work(): Promise<void> {
    const isPlausible = await this.clockCheck.isPlausible();
    // The limit holds whatever the clock says.
    await this.writes.alone('failure count purge', () =>
      isPlausible ? this.purge() : this.limitStrangers(),
    );
  }
}
