// Processor time of PostgreSQL and of the server for each kind of request, to estimate the size of an installation.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { addActiveTokens } from './active-tokens.mjs';
import { load } from './load.mjs';
import { processorSeconds } from './process-usage.mjs';
import { inRounds, spread } from './rounds.mjs';
import { CREDENTIALS, logIn, startLatchkey, stop } from './server.mjs';

/** So many that the cache has forgotten each before it is used again. */
const TOKENS = 60_000;
const SECONDS = 4;
const CONNECTIONS = 20;
/** Time for the last uses that wait to be written. */
const SETTLE_MILLISECONDS = 2_000;

/** Returns a row for each kind of request. */
export async function measureDatabaseCost({ rounds, newDatabase }) {
  const server = await startLatchkey({ DATABASE_URL: await newDatabase() });
  const postmaster = await postmasterOf(server.databaseUrl);
  try {
    const presented = await addActiveTokens(server.databaseUrl, TOKENS);
    const admin = { 'X-Auth-Token': await logIn(server.url) };
    let next = 0;
    const used = () => ({ 'X-Auth-Token': presented[next++ % TOKENS] });
    const subjects = [
      { name: 'GET /auth/verify, cached', path: '/auth/verify', headersOf: () => admin },
      { name: 'GET /auth/verify, not cached', path: '/auth/verify', headersOf: used },
      { name: 'POST /auth/login', path: '/auth/login', method: 'POST', headersOf: () => CREDENTIALS },
      { name: 'POST /auth/bump', path: '/auth/bump', method: 'POST', headersOf: () => admin },
    ];
    const results = await inRounds(subjects, rounds, (subject) => measure(subject, server, postmaster));
    return subjects.map(({ name }, index) => ({
      request: name,
      ...Object.fromEntries(
        ['requests/s', 'µs of PostgreSQL', 'µs of the server'].map((key) => [
          key,
          Math.round(spread(results[index].map((result) => result[key])).median),
        ]),
      ),
    }));
  } finally {
    await stop(server);
  }
}

async function measure({ path, method, headersOf }, server, postmaster) {
  const before = { postgres: secondsOf(postmaster), server: secondsOf(server.child) };
  const count = await send(server, { path, method, headersOf });
  await pause(SETTLE_MILLISECONDS);
  return {
    'requests/s': count / SECONDS,
    'µs of PostgreSQL': ((secondsOf(postmaster) - before.postgres) * 1e6) / count,
    'µs of the server': ((secondsOf(server.child) - before.server) * 1e6) / count,
  };
}

/** Sends requests for a few seconds, and returns their number. */
async function send({ child, url }, { path, method = 'GET', headersOf }) {
  const setupClient = (client) => {
    client.setHeaders(headersOf());
    client.on('response', () => client.setHeaders(headersOf()));
  };
  const request = { url: url + path, method, connections: CONNECTIONS, setupClient };
  const { rate } = await load(child, request, SECONDS);
  return rate * SECONDS;
}

function secondsOf(process) {
  const { own, system } = processorSeconds(process);
  return own + system;
}

/** Returns the process of the cluster, whose children are all its other processes. */
async function postmasterOf(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    // "pid (name) state parent …"
    const [, parent] = readFileSync(`/proc/${rows[0].pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return { pid: Number(parent) };
  } finally {
    await client.end();
  }
}
