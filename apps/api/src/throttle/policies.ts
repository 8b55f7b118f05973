import { type FailurePolicy } from './failure-counters.js';

/** Seconds in which failures count together. */
export const WINDOW_SECONDS = 900;

const WINDOW = WINDOW_SECONDS * 1_000;
const FIRST_DELAY = 1_000;

/** From the limit on, delays that double from one second to the whole window; forgotten a window after the last failure. */
export const doublingDelays =
  (limit: number): FailurePolicy =>
  (counter, now) => {
    if (counter.failures >= limit) {
      counter.blockedUntil = now + Math.min(FIRST_DELAY * 2 ** (counter.failures - limit), WINDOW);
    }
    counter.resetTime = Math.max(now, counter.blockedUntil) + WINDOW;
  };

/** At the limit, closed until the window that the first failure opened has passed. */
export const fixedWindow =
  (limit: number): FailurePolicy =>
  (counter, now) => {
    if (counter.failures === 1) {
      counter.resetTime = now + WINDOW;
    }
    if (counter.failures >= limit) {
      counter.blockedUntil = counter.resetTime;
    }
  };
