import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';
import fc, { type Parameters, type RunDetails } from 'fast-check';
import { IS_DEEP } from '../deep.js';

/**
 * Fixed seed, so that a failure is due to the change under test and not to chance. Deep tests have another
 * one, and so other inputs than `npm test`.
 */
const DEFAULT_SEED = IS_DEEP ? 20_261_126 : 20_261_125;

const { FC_SEED, FC_RUNS, FC_PATH, FC_REPLAY_PATH } = process.env;

/** Factor for runs and timeouts. */
const FACTOR = Number(FC_RUNS ?? (IS_DEEP ? 3 : 1));

/**
 * Returns fast-check parameters with the multiplied number of runs and the seed `FC_SEED`. A failure prints
 * its seed and path; `FC_PATH` runs only that path.
 */
export function runs(defaultRuns: number) {
  return {
    numRuns: defaultRuns * FACTOR,
    seed: Number(FC_SEED ?? DEFAULT_SEED),
    ...(FC_PATH !== undefined && { path: FC_PATH }),
    reporter: throwFailure,
  } satisfies Parameters;
}

/** Throws the error of fast-check, with the variables that repeat a failure. */
function throwFailure<Inputs>(details: RunDetails<Inputs>): void {
  if (details.failed) {
    const { seed, counterexamplePath, errorInstance } = details;
    const path = counterexamplePath === null ? '' : ` FC_PATH=${counterexamplePath}`;
    const message = `${fc.defaultReportMessage(details)}\n\nTo repeat it, set FC_SEED=${seed}${path}`;
    throw new Error(message, { cause: errorInstance });
  }
}

/** Returns the timeout of a property in milliseconds, multiplied like the runs. */
export function timeout(defaultMilliseconds: number): number {
  return defaultMilliseconds * FACTOR;
}

/** Options of `fc.commands` that run only the commands of a printed failure. */
export const replayOptions: { replayPath?: string } =
  FC_REPLAY_PATH === undefined ? {} : { replayPath: FC_REPLAY_PATH };

/**
 * Expects two equal values in a property. Equal ones take a fraction of the time that `expect` takes, which
 * was half of the time of the properties.
 */
export function expectEqual(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) {
    expect(actual).toEqual(expected);
  }
}

/**
 * Any character, half of the time ASCII, including unpaired surrogates. The unit `binary` takes seconds to
 * set up.
 */
export const anyCharacter = fc
  .oneof(fc.nat(0x7f), fc.nat(0xffff), fc.nat(0x10ffff))
  .map((code) => String.fromCodePoint(code));

/** Text of any characters. */
export const anyText = fc.string({ unit: anyCharacter });
