import { describe, expect } from '@jest/globals';

/** Whether the current file is a deep test. */
export const IS_DEEP = /\.deep\./.test(expect.getState().testPath ?? '');

/** `describe` for tests that a deep file does not repeat, because their inputs would be the same. */
export const describeOnce: (title: string, tests: () => void) => void = IS_DEEP ? () => undefined : describe;

/** `describe` for tests that `npm test` leaves out. */
export const describeDeep: (title: string, tests: () => void) => void = IS_DEEP ? describe : () => undefined;

/**
 * Number of calls for each length of a list and each `n`. With one counter for all lists, each call for a
 * list could have the same offset, and would return the same inputs.
 */
const calls = new Map<string, number>();

/**
 * Returns every n-th input, starting at another offset in each call, so that n calls with one list cover all
 * inputs. Deep tests get all inputs.
 */
export function sampleInputs<T>(inputs: readonly T[], n: number): T[] {
  const list = `${inputs.length}/${n}`;
  const call = (calls.get(list) ?? 0) + 1;
  calls.set(list, call);
  return inputs.filter((_, index) => IS_DEEP || (index + call) % n === 0);
}
