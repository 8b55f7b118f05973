const DEFAULT_SEED = 1;

/** Seed of all random numbers. The same seed gives the same schedule of requests and faults. */
export const SEED = Number(process.env.SEED ?? DEFAULT_SEED);

/** Factor for the number of rounds; 0 for the short run in `npm run test:deep`. */
const FAULT_ROUNDS = Number(process.env.FAULT_ROUNDS ?? 0);

/** Whether this is the short run. */
export const IS_SHORT = FAULT_ROUNDS === 0;

/** Factor for the time limit of a scenario. */
export const TIME_FACTOR = Math.max(FAULT_ROUNDS, 1);

/** Least deadline in the short run. Other tests run in parallel, so it detects hangs, but not slowness. */
const SHORT_MILLISECONDS = 60_000;
/** Factor for longer deadlines in the short run. */
const SHORT_PATIENCE = 4;

/** Returns a deadline, extended in the short run. */
export function deadline(milliseconds: number): number {
  return IS_SHORT ? Math.max(SHORT_MILLISECONDS, SHORT_PATIENCE * milliseconds) : milliseconds;
}

/** Returns the number of rounds of a scenario. */
export function rounds(few: number, usual: number): number {
  return IS_SHORT ? few : Math.round(usual * FAULT_ROUNDS);
}
