// Four times as many logins as the server can process, for a minute, and bumps in parallel. The load generator runs in this
// process and takes a few percent of one core.
import { availableParallelism } from 'node:os';
import { logIns, oneDigit } from './login.mjs';
import { openLoop, percentile } from './open-loop.mjs';
import { residentMebibytes } from './process-usage.mjs';
import { CREDENTIALS, logIn, startLatchkey, stop, untilUsual, usualLogIn } from './server.mjs';

const SECONDS = 60;
const PEAK_SECONDS = 10;
const QUIET_SECONDS = 10;
const TIMES_PEAK = 4;
const BUMPS_A_SECOND = 20;
const HASH_MIB = 19;

/** Goals. */
const GOALS = {
  ofPeak: 80,
  acceptedP99: 3_000,
  rejectedP99: 250,
  otherwise: 0,
  beyondHashesMib: 128,
  usualAfter: 5_000,
  bumpTimesQuiet: 5,
  bumpP95: 50,
};

/** Returns one row with the results and one with the goals. */
export async function measureOverload() {
  const server = await startLatchkey();
  try {
    const token = await logIn(server.url);
    const usual = await usualLogIn(server.url);
    const memoryBefore = residentMebibytes(server.child);
    const quiet = await bumps(server.url, token, QUIET_SECONDS);
    const peak = await logIns(server, PEAK_SECONDS);
    process.stderr.write(`  peak ${peak.toFixed(1)} per second\n`);

    let memoryMost = memoryBefore;
    const watch = setInterval(
      () => (memoryMost = Math.max(memoryMost, residentMebibytes(server.child))),
      100,
    );
    const start = performance.now();
    const flooded = openLoop(`${server.url}/auth/login`, {
      method: 'POST',
      headers: CREDENTIALS,
      aSecond: Math.round(TIMES_PEAK * peak),
      seconds: SECONDS,
    });
    const busy = await bumps(server.url, token, SECONDS);
    const end = start + SECONDS * 1_000;
    await untilUsual(server.url, usual);
    const usualAfter = performance.now() - end;
    const answers = await flooded;
    clearInterval(watch);
    const memory = { before: memoryBefore, most: memoryMost };
    return describe({ peak, quiet, busy, end, usualAfter, answers, memory });
  } finally {
    await stop(server);
  }
}

function describe({ peak, quiet, busy, end, usualAfter, answers, memory }) {
  const accepted = answers.filter(({ status }) => status === 200);
  const rejected = answers.filter(({ status, retryAfter }) => status === 503 && retryAfter >= 1);
  const goodput = accepted.filter(({ time }) => time <= end).length / SECONDS;
  const quietP95 = percentile(quiet, 95);
  return [
    {
      subject: `logins at ${TIMES_PEAK} times the peak, ${SECONDS} s`,
      'peak per second': oneDigit(peak),
      tried: answers.length,
      'accepted per second': oneDigit(goodput),
      'of the peak, %': Math.round((100 * goodput) / peak),
      'accepted p99 ms': p99(accepted),
      'rejected, 503': rejected.length,
      'rejected p99 ms': p99(rejected),
      otherwise: answers.length - accepted.length - rejected.length,
      'MiB over idle': memory.most - memory.before,
      'usual after ms': Math.round(usualAfter),
      'bump p95 ms': oneDigit(percentile(busy, 95)),
      'bump p95 quiet': oneDigit(quietP95),
      'sent late p99 ms': oneDigit(
        percentile(
          answers.map(({ late }) => late),
          99,
        ),
      ),
    },
    {
      subject: 'goal',
      'of the peak, %': GOALS.ofPeak,
      'accepted p99 ms': GOALS.acceptedP99,
      'rejected p99 ms': GOALS.rejectedP99,
      otherwise: GOALS.otherwise,
      'MiB over idle': availableParallelism() * HASH_MIB + GOALS.beyondHashesMib,
      'usual after ms': GOALS.usualAfter,
      'bump p95 ms': oneDigit(Math.max(GOALS.bumpTimesQuiet * quietP95, GOALS.bumpP95)),
    },
  ];
}

/** Duration of each bump from the time it was due. */
async function bumps(url, token, seconds) {
  const answers = await openLoop(`${url}/auth/bump`, {
    method: 'POST',
    headers: { 'X-Auth-Token': token },
    aSecond: BUMPS_A_SECOND,
    seconds,
  });
  const { status } = answers.find(({ status }) => status !== 200) ?? {};
  if (status !== undefined) {
    throw new Error(`A bump returned ${status}`);
  }
  return answers.map(({ milliseconds }) => milliseconds);
}

function p99(answers) {
  const milliseconds = percentile(
    answers.map((answer) => answer.milliseconds),
    99,
  );
  return oneDigit(milliseconds);
}
