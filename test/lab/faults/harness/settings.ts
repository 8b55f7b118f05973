const DEFAULT_SEED = 1;

/** What all chance comes from: the same seed makes the same schedule of requests and faults. */
export const SEED = Number(process.env.SEED ?? DEFAULT_SEED);

/** How many times the usual rounds are run; 0 in the short run that belongs to all tests. */
const FAULT_ROUNDS = Number(process.env.FAULT_ROUNDS ?? 0);

/** Whether this is the short run. */
export const IS_SHORT = FAULT_ROUNDS === 0;

/** How much longer all may take in the short run, beside which other tests run: it finds what hangs, not what is slow. */
const SHORT_PATIENCE = 4;

/** What may take so many milliseconds, as it is promised. */
export function promised(milliseconds: number): number {
  return IS_SHORT ? SHORT_PATIENCE * milliseconds : milliseconds;
}

/** How many rounds a scenario has, which are a few in the short run. */
export function rounds(few: number, usual: number): number {
  return IS_SHORT ? few : Math.round(usual * FAULT_ROUNDS);
}
