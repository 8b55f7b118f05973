import { ApplicationError } from '../common/application-error.js';
import { type Clock, type EpochMilliseconds } from '../common/clock.js';
import { type FailureCounter } from './counts/failure-counter.js';

/** How long a try waits for those in flight before it is told to come back. */
export const WAIT_MILLISECONDS = 2_000;

/**
 * Lets a try through if, should all in flight fail, it is still within the limit. A try beyond that waits for those in
 * flight: right passwords typed at the same moment all get in, wrong ones never get more tries than the limit.
 *
 * @param refuseIfBlocked throws while nothing is let through.
 * @throws ApplicationError `overloaded` when those in flight take longer than until the deadline.
 */
export async function admit(
  counter: FailureCounter,
  deadline: EpochMilliseconds,
  clock: Clock,
  refuseIfBlocked: () => void,
): Promise<void> {
  for (;;) {
    const now = clock.now();
    refuseIfBlocked();
    if (counter.inFlight < counter.allowance(now)) {
      counter.inFlight += 1;
      return;
    }
    if (now >= deadline) {
      throw new ApplicationError('overloaded', { retryAfterSeconds: 1 });
    }
    // However far back the clock was set.
    await nextOutcome(counter, Math.min(deadline - now, WAIT_MILLISECONDS));
  }
}

/** Ends a try, and wakes those that wait for its outcome. */
export function settle(counter: FailureCounter): void {
  counter.inFlight -= 1;
  const waiting = [...counter.waiting];
  counter.waiting.clear();
  waiting.forEach((wake) => wake());
}

function nextOutcome(counter: FailureCounter, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(wake, milliseconds);
    function wake(): void {
      clearTimeout(timer);
      counter.waiting.delete(wake);
      resolve();
    }
    counter.waiting.add(wake);
  });
}
