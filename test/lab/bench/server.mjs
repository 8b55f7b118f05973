// Starts servers as separate processes for the benchmarks.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../support/free-port.mjs';
import { spread } from './rounds.mjs';

/** Options of Node with which `npm start` and the images start the server. */
const OPTIONS = ['--max-semi-space-size=16'];

/** The built server. */
export const MAIN = 'dist/apps/api/bundle/main.js';

const NAME = 'admin';
const PASSWORD = 'only for this benchmark';
/** Number of logins for the median. */
const USUAL_OF = 11;
const BETWEEN_TRIES = 20;
/** Two minutes, for a busy machine. */
const ATTEMPTS_TO_START = 1_200;

const children = [];
// Otherwise the servers of a failed script would go on.
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** Starts a script that serves HTTP on `PORT`, and waits until the path responds. */
export function start(script, path, environment, options = []) {
  const prepared = [...options, '--require', './apps/api/bin/prepare-process.cjs', script];
  return startProgram(process.execPath, prepared, path, environment);
}

/** Starts a program that serves HTTP on `PORT`, and waits until the path responds. */
export async function startProgram(program, programArguments, path, environment) {
  const port = await freePort();
  const child = spawn(program, programArguments, {
    env: { PATH: process.env.PATH, PORT: String(port), ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  children.push(child);
  const url = `http://127.0.0.1:${port}`;
  for (let attempts = 0; attempts < ATTEMPTS_TO_START; attempts += 1) {
    const isUp = await fetch(url + path).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) {
      return { child, url };
    }
    const end = child.signalCode ?? child.exitCode;
    if (end !== null) {
      throw new Error(`${programArguments.at(-1)} did not start. It exited with ${end}.`);
    }
    await pause(100);
  }
  throw new Error(`${programArguments.at(-1)} did not start`);
}

/** Starts the built server with its own folder, on SQLite unless the environment sets another database. */
export async function startLatchkey(environment = {}, main = MAIN, options = []) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  const { DATABASE_URL: databaseUrl = `sqlite:${join(folder, 'latchkey.sqlite')}`, ...others } = environment;
  const server = await start(
    main,
    '/health/ready',
    {
      DATABASE_URL: databaseUrl,
      LATCHKEY_DATA_DIR: folder,
      LATCHKEY_ADMIN_PASSWORD: PASSWORD,
      LATCHKEY_AUDIT_KEY: Buffer.alloc(32, 7).toString('base64'),
      LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '1000000',
      LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: '1000000',
      LATCHKEY_WRITE_LIMIT_PER_USER: '1000000000',
      LATCHKEY_LOG_LEVEL: 'warn',
      ...others,
    },
    [...OPTIONS, ...options],
  );
  return { ...server, folder, databaseUrl };
}

/** Stops a server and removes its folder. */
export async function stop({ child, folder }) {
  child.kill('SIGTERM');
  await once(child, 'exit');
  if (folder) {
    rmSync(folder, { recursive: true });
  }
}

/** Headers of a login as the first administrator. */
export const CREDENTIALS = basic(NAME, PASSWORD);

/** Logs in and returns the value of `X-Auth-Token`. */
export async function logIn(url, name = NAME, password = PASSWORD) {
  const response = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { Accept: 'text/plain', ...basic(name, password) },
  });
  return response.text();
}

/** Returns the median duration of a login on an idle server, in milliseconds. */
export async function usualLogIn(url) {
  const times = [];
  for (let count = 0; count < USUAL_OF; count += 1) {
    times.push((await timedLogIn(url)).milliseconds);
  }
  return spread(times).median;
}

/** Repeats logins until one succeeds within twice the usual time. */
export async function untilUsual(url, usual) {
  for (;;) {
    const { isLetIn, milliseconds } = await timedLogIn(url);
    if (isLetIn && milliseconds <= 2 * usual) {
      return;
    }
    await pause(BETWEEN_TRIES);
  }
}

async function timedLogIn(url) {
  const start = performance.now();
  const response = await fetch(`${url}/auth/login`, { method: 'POST', headers: CREDENTIALS });
  await response.text();
  return { isLetIn: response.ok, milliseconds: performance.now() - start };
}

function basic(name, password) {
  return { Authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
}
