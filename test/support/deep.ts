import { expect } from '@jest/globals';

/** Whether a deep test runs, which repeats another file with all inputs and more rounds. */
export const IS_DEEP = /\.deep\./.test(expect.getState().testPath ?? '');

let calls = 0;

/**
 * Returns every n-th input, with another offset in each call, so that all inputs are used. Deep tests get all
 * inputs.
 */
export function sampleInputs<T>(inputs: readonly T[], n: number): T[] {
  calls += 1;
  return inputs.filter((_, index) => IS_DEEP || (index + calls) % n === 0);
}
