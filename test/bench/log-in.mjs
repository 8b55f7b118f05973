// Log-ins a second beside what the hash alone allows, and what a flood of them does.
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import { residentMebibytes } from './process-usage.mjs';
import { inRounds, spread } from './rounds.mjs';
import { CREDENTIALS, logIn, startLatchkey, stop } from './server.mjs';

const run = promisify(execFile);

const SECONDS = 4;
const FLOOD = { connections: 200, seconds: 6 };

/** Runs it, and returns a row for the hash and one for the server. */
export async function measureLogIns({ rounds }) {
  const server = await startLatchkey();
  try {
    const subjects = [
      { name: 'hash alone, argon2id 19456/2/1', measure: hashAlone },
      { name: 'POST /auth/login', measure: () => logIns(server) },
    ];
    const rates = await inRounds(subjects, rounds, ({ measure }) => measure());
    return subjects.map(({ name }, index) => {
      const { median, minimum, maximum } = spread(rates[index]);
      return {
        subject: name,
        'a second': oneDigit(median),
        least: oneDigit(minimum),
        most: oneDigit(maximum),
        'of the hash': `${Math.round((100 * median) / spread(rates[0]).median)} %`,
      };
    });
  } finally {
    await stop(server);
  }
}

/** Floods a server with log-ins, and returns how it refused them and how soon it was itself again. */
export async function measureFlood() {
  const server = await startLatchkey();
  try {
    const quiet = await timed(() => logIn(server.url));
    const memoryBefore = residentMebibytes(server.child);
    const answers = { 200: [], 503: [] };
    let memoryMost = memoryBefore;
    const watch = setInterval(
      () => (memoryMost = Math.max(memoryMost, residentMebibytes(server.child))),
      100,
    );
    await new Promise((resolve, reject) => {
      const flood = autocannon(
        {
          url: `${server.url}/auth/login`,
          method: 'POST',
          headers: CREDENTIALS,
          connections: FLOOD.connections,
          duration: FLOOD.seconds,
        },
        (error) => (error ? reject(error) : resolve()),
      );
      flood.on('response', (_client, status, _bytes, milliseconds) => answers[status].push(milliseconds));
    });
    clearInterval(watch);
    const end = performance.now();
    while ((await timed(() => logIn(server.url))) > 2 * quiet) {
      // Until one takes about what it took before.
    }
    return [
      {
        subject: `${FLOOD.connections} connections, ${FLOOD.seconds} s`,
        'let in': answers[200].length,
        refused: answers[503].length,
        'refusal p50 ms': percentile(answers[503], 50),
        'refusal p99 ms': percentile(answers[503], 99),
        'MiB before': memoryBefore,
        'MiB at most': memoryMost,
        'itself again after ms': Math.round(performance.now() - end),
      },
    ];
  } finally {
    await stop(server);
  }
}

async function hashAlone() {
  const { stdout } = await run(process.execPath, [
    '--require',
    './apps/api/prepare-process.cjs',
    'test/bench/hash-alone.mjs',
    String(SECONDS),
  ]);
  return Number(stdout);
}

async function logIns({ url }) {
  const { requests, non2xx } = await autocannon({
    url: `${url}/auth/login`,
    method: 'POST',
    headers: CREDENTIALS,
    connections: 4 * availableParallelism(),
    duration: SECONDS,
  });
  if (non2xx > 0) {
    throw new Error(`${non2xx} log-ins were not let in`);
  }
  return requests.total / SECONDS;
}

async function timed(act) {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

function percentile(values, percent) {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length * percent) / 100)];
}

function oneDigit(value) {
  return Math.round(value * 10) / 10;
}
