import { slope } from './samples.mjs';

/** Goals of a long run. */
const GOALS = { memoryMibAMinute: 1, descriptors: 5, walMib: 64 };

/** Lifetime of sessions during the run. */
export const SESSION_SECONDS = 60;
/** Lifetime of a session's row: the session, five minutes, the interval of the purge, and one minute. */
const ROW_MINUTES = SESSION_SECONDS / 60 + 5 + 15 + 1;
/** Minutes whose minimum of descriptors is compared, because each open request has one. */
const QUIET_MINUTES = 1;

/**
 * Compares the samples with the goals. Growth counts from `warmMinute` on.
 *
 * @param {{ minute: number, memoryMib: number, descriptors: number, walMib: number, sessions: number, logIns: number }[]} samples
 *   in order of time; `logIns` counts all attempts until then.
 * @returns one row for each goal.
 */
export function judge(samples, warmMinute, unexpected) {
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
    row('write-ahead log, maximum MiB', walMib.toFixed(1), `under ${GOALS.walMib}`, walMib < GOALS.walMib),
    row(`session rows beyond the logins of ${ROW_MINUTES} minutes`, beyond, 'at most 0', beyond <= 0),
    row('responses other than 200', unexpected, 0, unexpected === 0),
  ];
}

function logInsOfLast(minutes, { minute, logIns }, samples) {
  const before = samples.findLast((other) => other.minute <= minute - minutes);
  return logIns - (before?.logIns ?? 0);
}

const row = (metric, result, goal, isMet) => ({ metric, result, goal, isMet });
