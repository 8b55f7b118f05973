import { describe, expect } from '@jest/globals';

/** Whether a deep test runs, which repeats another file with all inputs and more rounds. */
export const IS_DEEP = /\.deep\./.test(expect.getState().testPath ?? '');

/** `describe` for tests whose inputs are the same in deep tests, which leave them out. */
export const describeOnce: (title: string, tests: () => void) => void = IS_DEEP ? () => undefined : describe;

/** Number of calls by the lengths of lists. With a common counter, a list could always give the same part. */
const calls = new Map<string, number>();

/**
 * Returns every n-th input, with another offset in each call, so that all inputs are used. Deep tests get all
 * inputs.
 */
export function sampleInputs<T>(inputs: readonly T[], n: number): T[] {
  const list = `${inputs.length}/${n}`;
  const call = (calls.get(list) ?? 0) + 1;
  calls.set(list, call);
  return inputs.filter((_, index) => IS_DEEP || (index + call) % n === 0);
}
