// Logins per second, compared with the hash alone, and the effect of a login flood.
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import { openLoop, percentile } from './open-loop.mjs';
import { processorSeconds, residentMebibytes } from './process-usage.mjs';
import { inRounds, spread } from './rounds.mjs';
import { CREDENTIALS, logIn, startLatchkey, stop, untilUsual, usualLogIn } from './server.mjs';

const run = promisify(execFile);

const SECONDS = 4;
const BUMPING = 50;
/** Logins per second on two cores, which can process more than twice as many. */
const STEADY_RATE = 30 * (availableParallelism() / 2);
const FLOOD = { connections: 200, seconds: 6 };

/** Returns a row for the hash, one for the server, and one for bumps, which hash nothing. */
export async function measureLogIns({ rounds }) {
  const server = await startLatchkey();
  try {
    const token = await logIn(server.url);
    const subjects = [
      { name: 'hash alone, argon2id 19456/2/1', measure: hashAlone },
      {
        name: 'POST /auth/login',
        measure: async () => ({ rate: await logIns(server), ...(await steady(server)) }),
      },
      {
        name: 'POST /auth/bump on SQLite',
        measure: () => withProcessor(server, () => bumps(server, token)),
        isHashless: true,
      },
    ];
    const results = await inRounds(subjects, rounds, ({ measure }) => measure());
    const column = (index, name) => spread(results[index].map((result) => result[name]));
    return subjects.map(({ name, isHashless }, index) => {
      const { median, minimum, maximum } = column(index, 'rate');
      const processor = column(index, 'processor').median;
      return {
        subject: name,
        'per second': oneDigit(median),
        least: oneDigit(minimum),
        most: oneDigit(maximum),
        'rate vs. hash': isHashless ? '' : `${Math.round((100 * median) / column(0, 'rate').median)} %`,
        'processor ms per request': oneDigit(processor),
        'share of the hash': isHashless
          ? ''
          : `${Math.round((100 * column(0, 'processor').median) / processor)} %`,
      };
    });
  } finally {
    await stop(server);
  }
}

/** Floods a server with logins. Returns its rejections and its recovery time. */
export async function measureFlood() {
  const server = await startLatchkey();
  try {
    const usual = await usualLogIn(server.url);
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
    await untilUsual(server.url, usual);
    return [
      {
        subject: `${FLOOD.connections} connections, ${FLOOD.seconds} s`,
        accepted: answers[200].length,
        rejected: answers[503].length,
        'rejected p50 ms': oneDigit(percentile(answers[503], 50)),
        'rejected p99 ms': oneDigit(percentile(answers[503], 99)),
        'MiB before': memoryBefore,
        'MiB maximum': memoryMost,
        'recovered after ms': Math.round(performance.now() - end),
      },
    ];
  } finally {
    await stop(server);
  }
}

async function hashAlone() {
  const { stdout } = await run(process.execPath, [
    '--require',
    './apps/api/bin/prepare-process.cjs',
    'test/lab/bench/hash-alone.mjs',
    String(SECONDS),
  ]);
  return JSON.parse(stdout);
}

/** Returns the server's processor time per login at a fixed rate, in milliseconds. */
async function steady({ url, child }) {
  const before = processorSeconds(child);
  const answers = await openLoop(`${url}/auth/login`, {
    method: 'POST',
    headers: CREDENTIALS,
    aSecond: STEADY_RATE,
    seconds: SECONDS,
  });
  // A busy machine rejects some logins, which takes little time.
  const { length } = answers.filter(({ status }) => status === 200);
  return { processor: millisecondsSince(before, child) / length };
}

/** Adds the server's processor time per request, in milliseconds, to a measured rate. */
async function withProcessor({ child }, measure) {
  const before = processorSeconds(child);
  const rate = await measure();
  return { rate, processor: millisecondsSince(before, child) / (rate * SECONDS) };
}

function millisecondsSince(before, child) {
  const after = processorSeconds(child);
  return (after.own - before.own + after.system - before.system) * 1_000;
}

/** Successful logins per second, with enough connections to keep the server busy. */
export async function logIns({ url }, seconds = SECONDS) {
  return posts(`${url}/auth/login`, CREDENTIALS, 4 * availableParallelism(), seconds);
}

async function bumps({ url }, token) {
  return posts(`${url}/auth/bump`, { 'X-Auth-Token': token }, BUMPING, SECONDS);
}

async function posts(url, headers, connections, seconds) {
  const { requests, non2xx } = await autocannon({
    url,
    method: 'POST',
    headers,
    connections,
    duration: seconds,
  });
  if (non2xx > 0) {
    throw new Error(`${non2xx} requests to ${url} did not return 2xx`);
  }
  return requests.total / seconds;
}

/** Formats a figure for the table. Missing figures stay missing. */
export function oneDigit(value) {
  return value === undefined ? undefined : Math.round(value * 10) / 10;
}
