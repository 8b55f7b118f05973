import { type Parameters } from 'fast-check';

/** From which every run begins, so that a change that fails has failed by itself and not by chance. */
const USUAL_SEED = 20_261_125;

const { FC_SEED, FC_RUNS, FC_PATH, FC_REPLAY_PATH } = process.env;

/** How many times as often as usual properties are tried. */
const TIMES = Number(FC_RUNS ?? 1);

/**
 * How often a property is tried, and from which seed: `FC_RUNS` times as often as usual, from `FC_SEED`. A failure prints its
 * seed and its path; `FC_PATH` goes straight there.
 */
export function runs(usual: number): Pick<Parameters, 'numRuns' | 'seed' | 'path'> {
  return {
    numRuns: usual * TIMES,
    seed: Number(FC_SEED ?? USUAL_SEED),
    ...(FC_PATH !== undefined && { path: FC_PATH }),
  };
}

/** How long a property may take that usually takes so long at most. */
export function milliseconds(usual: number): number {
  return usual * TIMES;
}

/** What a failure of commands prints beside its path, by which just those are run that were in the end. */
export const replayed: { replayPath?: string } =
  FC_REPLAY_PATH === undefined ? {} : { replayPath: FC_REPLAY_PATH };
