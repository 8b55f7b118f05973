// GET /auth/verify compared with other software that verifies a credential with SQLite. Each ratio compares results of the same
// round.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { load } from './load.mjs';
import { residentMebibytes } from './process-usage.mjs';
import { inRounds, spread } from './rounds.mjs';
import { logIn, startLatchkey, startProgram, stop } from './server.mjs';

const FOLDER = 'test/lab/bench/peers';
/** Python programs, in order of preference. The package `python3-flask` installs Flask for the second one. */
const PYTHONS = ['python3', '/usr/bin/python3'];
const SECONDS = 4;
const IDLE_MILLISECONDS = 2_000;

/** Returns a row for each subject. Skips peers that are not installed. */
export async function measurePeers({ rounds }) {
  const { status } = spawnSync(process.execPath, ['supply/install-packages.mjs', FOLDER], {
    stdio: 'inherit',
  });
  const python = PYTHONS.find((each) => spawnSync(each, ['-c', 'import flask, gunicorn']).status === 0);
  const subjects = [];
  try {
    subjects.push(
      await latchkey('Latchkey', {}),
      await latchkey('Latchkey, without its cache', { LATCHKEY_TOKEN_CACHE_SECONDS: '0' }),
    );
    if (status === 0) {
      subjects.push(
        await betterAuth('Better Auth', {}),
        await betterAuth('Better Auth, with its cookie cache', { BENCH_COOKIE_CACHE: '1' }),
      );
    } else {
      console.error('Skipped Better Auth, which could not be installed.');
    }
    if (python) {
      subjects.push(await flask(python));
    } else {
      console.error('Skipped Flask. To install it, run: apt-get install python3-flask gunicorn');
    }
    return describe(subjects, await inRounds(subjects, rounds, measure));
  } finally {
    await Promise.all(subjects.map(({ server }) => stop(server)));
  }
}

async function latchkey(name, environment) {
  const server = await startLatchkey(environment);
  const idle = await idleMebibytes(server);
  const headers = { 'X-Auth-Token': await logIn(server.url) };
  return { name, server, idle, url: `${server.url}/auth/verify`, newHeaders: () => headers };
}

async function betterAuth(name, environment) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  const started = await startProgram(process.execPath, [join(FOLDER, 'better-auth.mjs')], '/api/auth/ok', {
    NODE_ENV: 'production',
    BENCH_DATABASE: join(folder, 'better-auth.sqlite'),
    BENCH_SECRET: randomBytes(32).toString('base64'),
    ...environment,
  });
  const server = { ...started, folder };
  const idle = await idleMebibytes(server);
  const signedUp = await fetch(`${server.url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: server.url },
    body: JSON.stringify({ name: 'Ada', email: 'ada@example.com', password: 'only for this benchmark' }),
  });
  const [session] = cookiesOf(signedUp);
  const url = `${server.url}/api/auth/get-session`;
  // With the cookie cache, the response sets a cookie that contains the session for five minutes.
  const newHeaders = async () => {
    const response = await fetch(url, { headers: { Cookie: session } });
    const body = await response.json();
    // Without a session, the response is also 200, with null.
    if (body?.user.name !== 'Ada') {
      throw new Error(`${name} has no session`);
    }
    return { Cookie: [session, ...cookiesOf(response)].join('; ') };
  };
  return { name, server, idle, url, newHeaders };
}

async function flask(python) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  const token = randomBytes(32).toString('base64url');
  const command = `exec ${python} -m gunicorn --chdir ${FOLDER} --bind 127.0.0.1:$PORT --threads 4 --log-level warning flask_app:app`;
  const started = await startProgram('sh', ['-c', command], '/health', {
    BENCH_DATABASE: join(folder, 'flask.sqlite'),
    BENCH_TOKEN: token,
    PYTHONDONTWRITEBYTECODE: '1',
  });
  const server = { ...started, folder };
  const headers = { Authorization: `Bearer ${token}` };
  const url = `${server.url}/verify`;
  return {
    name: 'Flask on Gunicorn',
    server,
    idle: await idleMebibytes(server),
    url,
    newHeaders: () => headers,
  };
}

async function idleMebibytes({ child }) {
  await pause(IDLE_MILLISECONDS);
  return residentMebibytes(child);
}

function cookiesOf(response) {
  return response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
}

async function measure({ server, url, newHeaders }) {
  return load(server.child, { url, headers: await newHeaders() }, SECONDS);
}

function describe(subjects, results) {
  return subjects.map(({ name, idle }, index) => {
    const median = (key) => spread(results[index].map((result) => result[key])).median;
    const times = (key) =>
      round(spread(results[index].map((result, at) => result[key] / results[0][at][key])).median);
    return {
      subject: name,
      'req/s': Math.round(median('rate')),
      'rate / Latchkey': times('rate'),
      'µs per request': round(median('processor')),
      'µs / Latchkey': times('processor'),
      'p99 ms': median('p99'),
      'p99 / Latchkey': times('p99'),
      'MiB idle': idle,
      'idle / Latchkey': round(idle / subjects[0].idle),
      'MiB after load': results[index].at(-1).memory,
    };
  });
}

function round(value) {
  return Math.round(100 * value) / 100;
}
