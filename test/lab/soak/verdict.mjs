import { slope } from './samples.mjs';

/** What is promised of a long run. */
const GOALS = { memoryMibAMinute: 1, descriptors: 5, walMib: 64 };

/** A session lives for this long here. */
export const SESSION_SECONDS = 60;
/** How long the row of a session may stay once it has run out: five minutes, a quarter of an hour until it is looked, and one more. */
const ROW_MINUTES = SESSION_SECONDS / 60 + 5 + 15 + 1;
/** Descriptors are compared by the least of so many minutes: requests under way have one each. */
const QUIET_MINUTES = 1;

/**
 * Compares samples with what is promised, from a minute on at which the server counts as warm.
 *
 * @param {{ minute: number, memoryMib: number, descriptors: number, walMib: number, sessions: number, logIns: number }[]} samples
 *   in the order of time; `logIns` are all that were tried until then.
 * @returns rows of a table; `isMet` of each says whether the promise was kept.
 */
export function judge(samples, warmMinute, unwanted) {
  const warm = samples.filter(({ minute }) => minute >= warmMinute);
  const least = (some) => Math.min(...some.map(({ descriptors }) => descriptors));
  const { minute: end } = samples.at(-1);
  const descriptors =
    least(warm.filter(({ minute }) => minute > end - QUIET_MINUTES)) -
    least(warm.filter(({ minute }) => minute <= warmMinute + QUIET_MINUTES));
  const memory = slope(warm.map(({ minute, memoryMib }) => [minute, memoryMib]));
  const walMib = Math.max(...samples.map((each) => each.walMib));
  const beyond = Math.max(...samples.map((each) => each.sessions - logInsOfLast(ROW_MINUTES, each, samples)));
  return [
    row(
      'memory, MiB a minute',
      memory.toFixed(2),
      `at most ${GOALS.memoryMibAMinute}`,
      memory <= GOALS.memoryMibAMinute,
    ),
    row('descriptors', descriptors, `0 ± ${GOALS.descriptors}`, Math.abs(descriptors) <= GOALS.descriptors),
    row('write-ahead log, MiB at most', walMib.toFixed(1), `under ${GOALS.walMib}`, walMib < GOALS.walMib),
    row(`rows of sessions beyond the log-ins of ${ROW_MINUTES} minutes`, beyond, 'at most 0', beyond <= 0),
    row('answers other than 200', unwanted, 0, unwanted === 0),
  ];
}

function logInsOfLast(minutes, { minute, logIns }, samples) {
  const before = samples.findLast((other) => other.minute <= minute - minutes);
  return logIns - (before?.logIns ?? 0);
}

const row = (what, seen, wanted, isMet) => ({ what, seen, wanted, isMet });
