import { Inject, Injectable } from '@nestjs/common';
import { ClockCheck } from '../audit/trail/clock-check.service.js';
import { Clock, DAY_MILLISECONDS } from '../common/clock.service.js';
import { RepeatedJob } from '../platform/database/repeated-job.js';
import { Writes } from '../platform/database/writes.service.js';
import { LOGGER, type Logger } from '../platform/logging/logger.js';
import { OffersRepository } from './offers.repository.js';

const PLAN = {
  firstMilliseconds: 15_000,
  intervalMilliseconds: 15 * 60_000,
  failure: 'Old offers could not be deleted',
};
/** Rows in one transaction. */
const SLICE = 500;

/** Deletes offers a day after their expiry. */
@Injectable()
export class OfferPurge extends RepeatedJob {
  constructor(
    private readonly repository: OffersRepository,
    private readonly writes: Writes,
    private readonly clock: Clock,
    clockCheck: ClockCheck,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(PLAN, logger, clockCheck);
  }

  async work(): Promise<void> {
    await this.writes.withAdvisoryLock('offer purge', () => this.purge());
  }

  /** Deletes the offers that are due, slice by slice. */
  private async purge(): Promise<void> {
    const before = this.clock.now() - DAY_MILLISECONDS;
    let deleted = SLICE;
    while (deleted === SLICE && !this.isStopping) {
      deleted = await this.writes.transaction(
        (tx) => this.repository.deleteExpired(before, SLICE, tx),
        'none',
      );
    }
  }
}
