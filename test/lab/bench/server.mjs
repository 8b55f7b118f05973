// Starts servers as separate processes, for benchmarks and long runs.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { startPostgresCluster } from '../../support/database/postgres-cluster.mjs';
import { freePort } from '../../support/free-port.mjs';

const NAME = 'admin';
/** Password of the first administrator. */
export const PASSWORD = 'only for this benchmark';
/** Two minutes, for a busy machine. */
const ATTEMPTS_TO_START = 1_200;

const children = [];
// Otherwise the servers of a failed script would go on.
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** Headers of a login as the first administrator. */
export const CREDENTIALS = {
  Authorization: `Basic ${Buffer.from(`${NAME}:${PASSWORD}`).toString('base64')}`,
};

/** Servers of a checkout and their databases. */
export class Servers {
  #cluster;
  #running = [];

  constructor(checkout) {
    /** Folder of the checkout. */
    this.checkout = checkout;
  }

  /** Names of the databases, each with a function that starts a server on a new one. */
  async onEachDatabase() {
    this.#cluster ??= await startPostgresCluster();
    return [
      ['SQLite', (environment) => this.start(environment)],
      [
        'PostgreSQL',
        async (environment) => this.start({ DATABASE_URL: await this.#createDatabase(), ...environment }),
      ],
    ];
  }

  async start(environment) {
    const server = await startLatchkey(environment, this.checkout);
    this.#running.push(server);
    return server;
  }

  /** Starts `latchkey verifier` for the server at a URL. */
  async startVerifier(url, token, environment = {}) {
    const settings = { LATCHKEY_URL: url, LATCHKEY_TOKEN: token, LATCHKEY_METRICS: 'open' };
    const server = await start(
      'dist/apps/api/bundle/main.js verifier',
      '/health/ready',
      { ...settings, LATCHKEY_LOG_LEVEL: 'warn', ...environment },
      this.checkout,
    );
    this.#running.push(server);
    return server;
  }

  /** Starts another script that serves HTTP. */
  async startScript(script) {
    const server = await start(script, '/');
    this.#running.push(server);
    return server;
  }

  async stop(server) {
    this.#running.splice(this.#running.indexOf(server), 1);
    await stop(server);
  }

  async close() {
    await Promise.all(this.#running.map(stop));
    await this.#cluster?.stop();
  }

  async #createDatabase() {
    const name = `bench_${randomUUID().replaceAll('-', '')}`;
    const client = new pg.Client({ connectionString: this.#cluster.url });
    await client.connect();
    await client.query(`CREATE DATABASE ${name}`);
    await client.end();
    return Object.assign(new URL(this.#cluster.url), { pathname: name }).href;
  }
}

/** Starts the built server with its own folder, on SQLite unless the environment sets another database. */
export async function startLatchkey(environment = {}, checkout = '.') {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  const { DATABASE_URL: databaseUrl = `sqlite:${join(folder, 'latchkey.sqlite')}`, ...others } = environment;
  const server = await start(
    'dist/apps/api/bundle/main.js',
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
    checkout,
  );
  return { ...server, folder, databaseUrl };
}

/** Starts a script, with arguments, that serves HTTP on `PORT` and waits until the path responds. */
async function start(script, path, environment, checkout) {
  const port = await freePort();
  // The options of `npm start` and of the images.
  const options = ['--max-semi-space-size=16', '--require', './apps/api/bin/prepare-process.cjs'];
  const child = spawn(process.execPath, [...options, ...script.split(' ')], {
    cwd: checkout,
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
      throw new Error(`${script} did not start. It exited with ${end}.`);
    }
    await pause(20);
  }
  throw new Error(`${script} did not start`);
}

/** Stops a server and removes its folder. */
export async function stop({ child, folder }) {
  child.kill('SIGTERM');
  await once(child, 'exit');
  if (folder) {
    rmSync(folder, { recursive: true });
  }
}

/** Logs in and returns the value of `X-Auth-Token`. */
export async function logIn(url) {
  const response = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { Accept: 'text/plain', ...CREDENTIALS },
  });
  return response.text();
}

/** Sends a request of the administrator and returns the body of the response. */
export async function send(url, token, method, path, body) {
  const response = await fetch(url + path, {
    method,
    headers: { 'X-Auth-Token': token, ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${method} ${path} returned ${response.status}: ${text}`);
  }
  return text && JSON.parse(text);
}
