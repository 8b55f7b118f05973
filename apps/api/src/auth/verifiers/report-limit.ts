import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { CellRate } from '../../throttle/cell-rate.js';

/** Uses of a user per second. Each of them is compared with the digests of its token. */
const USES_PER_SECOND = 10_000;

/** Uses that may arrive at once, for example after an interruption. */
export const USES_AT_ONCE = 100_000;

/**
 * Number of uses as which a report counts at least, because it also writes the state of its verifier. 1,000
 * verifiers send 100 reports per second, which is half of the limit.
 */
export const USES_MIN = 50;

const MILLISECONDS_PER_USE = 1_000 / USES_PER_SECOND;

/** Limits the uses that the verifiers of each user report. */
export class ReportLimit {
  private readonly rate: CellRate;

  constructor(clock: Clock) {
    this.rate = new CellRate(USES_AT_ONCE * MILLISECONDS_PER_USE, clock);
  }

  /**
   * Counts a report with a number of uses.
   *
   * @throws ApplicationError `throttled` if the user has reported too many.
   */
  count(userId: string, uses: number): void {
    const milliseconds = Math.max(uses, USES_MIN) * MILLISECONDS_PER_USE;
    const wait = this.rate.spend([{ key: userId, milliseconds }]);
    if (wait > 0) {
      const retryAfterSeconds = Math.ceil(wait / 1_000);
      throw new ApplicationError('throttled', {
        retryAfterSeconds,
        detail: `The verifiers of this user report more than ${USES_PER_SECOND} uses per second. Send the report again in ${retryAfterSeconds} s.`,
      });
    }
  }
}
