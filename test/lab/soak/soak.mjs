// Runs half of the peak load for SOAK_MINUTES (30). Exits with 1 if memory, descriptors, the write-ahead log
// or rows grow without bound. Caches still fill in the first minutes, so short runs do not show a memory
// leak.
import { availableParallelism } from 'node:os';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import Database from '#sqlite';
import { load as measureLoad, residentMebibytes } from '../bench/measure.mjs';
import { CREDENTIALS, startLatchkey, stop } from '../bench/server.mjs';
import { Visits } from './visits.mjs';

const MEBIBYTE = 2 ** 20;
const MINUTES = Number(process.env.SOAK_MINUTES ?? 30);
const WARM_MINUTE = Math.min(5, MINUTES / 4);
const SAMPLE_MILLISECONDS = 10_000;
const CALIBRATION_SECONDS = 5;
const MINUTE_MILLISECONDS = 60_000;

/** Goals of a long run. */
const GOALS = { memoryMibAMinute: 1, descriptors: 5, walMib: 64 };

/** Lifetime of sessions during the run. */
const SESSION_SECONDS = 60;
/** Lifetime of a session's row: the session, five minutes, the interval of the purge, and one minute. */
const ROW_MINUTES = SESSION_SECONDS / 60 + 5 + 15 + 1;
/** Minutes whose minimum of descriptors is compared, because each open request has one. */
const QUIET_MINUTES = 1;

const server = await startLatchkey({
  LATCHKEY_SESSION_IDLE_SECONDS: String(SESSION_SECONDS),
  LATCHKEY_SESSION_MAX_SECONDS: String(SESSION_SECONDS),
});
try {
  const { 'per second': peak } = await measureLoad(server.child, {
    url: `${server.url}/auth/login`,
    method: 'POST',
    headers: CREDENTIALS,
    connections: 4 * availableParallelism(),
    duration: CALIBRATION_SECONDS,
  });
  const aSecond = peak / 2;
  console.log(
    `Peak: ${peak.toFixed(1)} logins a second. Running ${aSecond.toFixed(1)} for ${MINUTES} minutes.`,
  );

  // Includes the logins of the calibration.
  const { sessions: before } = sample(server);
  const visits = new Visits(server.url, CREDENTIALS);
  const start = performance.now();
  const end = start + MINUTES * MINUTE_MILLISECONDS;
  const samples = [];
  const load = visits.untilTime(end, aSecond);
  while (performance.now() < end) {
    await pause(Math.min(SAMPLE_MILLISECONDS, end - performance.now()));
    const minute = (performance.now() - start) / MINUTE_MILLISECONDS;
    const latest = { minute, ...sample(server), logIns: before + visits.logIns };
    if (Math.floor(minute) > Math.floor(samples.at(-1)?.minute ?? 0)) {
      const { memoryMib, descriptors } = latest;
      process.stderr.write(
        `  minute ${Math.floor(minute)} of ${MINUTES}: ${memoryMib.toFixed(0)} MiB, ${descriptors} descriptors\n`,
      );
    }
    samples.push(latest);
  }
  await load;

  const oneDigit = (value) => Number(value.toFixed(1));
  console.table(
    samples.map(({ minute, memoryMib, walMib, ...counts }) => ({
      minute: oneDigit(minute),
      'memory MiB': oneDigit(memoryMib),
      'log MiB': oneDigit(walMib),
      ...counts,
    })),
  );
  const unexpected = [...visits.unexpected.values()].reduce((sum, count) => sum + count, 0);
  const verdict = judge(samples, WARM_MINUTE, unexpected);
  console.table(verdict);
  console.log(
    `${visits.logIns} logins, ${visits.logOuts} logouts; unexpected statuses: ${JSON.stringify([...visits.unexpected])}`,
  );
  process.exitCode = verdict.every(({ isMet }) => isMet) ? 0 : 1;
} finally {
  await stop(server);
}

/** Measures a server on SQLite: memory, descriptors, write-ahead log and token rows. Linux only. */
function sample({ child, folder }) {
  const file = `${folder}/latchkey.sqlite`;
  return {
    memoryMib: residentMebibytes(child),
    descriptors: readdirSync(`/proc/${child.pid}/fd`).length,
    walMib: existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size / MEBIBYTE : 0,
    ...countTokens(file),
  };
}

/** Returns the slope of the best-fitting line. */
function slope(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const time = mean(points.map(([x]) => x));
  const value = mean(points.map(([, y]) => y));
  const spread = points.reduce((sum, [x]) => sum + (x - time) ** 2, 0);
  return points.reduce((sum, [x, y]) => sum + (x - time) * (y - value), 0) / spread;
}

/** Opens the database each time, because a permanent reader would prevent checkpoints. */
function countTokens(file) {
  const database = new Database(file, { readonly: true });
  try {
    return database
      .prepare(
        'SELECT count(*) - count("revocationReason") AS sessions, count("revocationReason") AS revoked FROM tokens',
      )
      .get();
  } finally {
    database.close();
  }
}

/**
 * Compares the samples with the goals. Growth counts from `warmMinute` on.
 *
 * @param {{ minute: number, memoryMib: number, descriptors: number, walMib: number, sessions: number,
 *   logIns: number }[]} samples in order of time; `logIns` counts all attempts until then.
 * @returns one row for each goal.
 */
function judge(samples, warmMinute, unexpected) {
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

function row(metric, result, goal, isMet) {
  return { metric, result, goal, isMet };
}
