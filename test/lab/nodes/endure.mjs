// Looks for crashes of Node or of native packages: mixed load for ENDURE_MINUTES (10) with 10 backups, then
// 30 servers that start, idle and stop. Exits with 1 if a process ends with anything but 0, or a request gets
// an unexpected response.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CREDENTIALS, logIn, startLatchkey } from '../bench/server.mjs';
import { Visits } from '../soak/visits.mjs';

const run = promisify(execFile);

const MINUTES = Number(process.env.ENDURE_MINUTES ?? 10);
const MILLISECONDS = MINUTES * 60_000;
const BACKUPS = 10;
/** Logins a second, besides the other requests, which run one after the other. */
const LOGINS = 5;
const IDLE_STARTS = 30;
const AT_ONCE = 5;
/** Long enough for the first garbage collections and background jobs. */
const IDLE_MILLISECONDS = 15_000;

const results = [await underLoad(), await idle()];
console.log(`Node ${process.version}`);
console.table(results);
process.exitCode = results.every(({ failures }) => failures === 0) ? 0 : 1;

async function underLoad() {
  const server = await startLatchkey();
  const end = performance.now() + MILLISECONDS;
  const visits = new Visits(server.url, CREDENTIALS);
  const requests = { sent: 0, unexpected: new Map() };
  const [, , backups] = await Promise.all([
    visits.untilTime(end, LOGINS),
    sendMixedUntil(end, server.url, requests),
    backUp(server),
  ]);
  const code = await exitCode(server);
  const unexpected = [...visits.unexpected, ...requests.unexpected];
  return {
    part: `${MINUTES} minutes of load`,
    requests: visits.logIns + requests.sent,
    'unexpected responses': JSON.stringify(unexpected),
    backups: backups.filter((isDone) => isDone).length,
    'exit codes': String(code),
    failures: unexpected.length + Number(code !== 0) + backups.filter((isDone) => !isDone).length,
  };
}

/** Sends requests until a time, or until one gets no response because the server has crashed. */
async function sendMixedUntil(end, url, requests) {
  await sendMixed(end, url, requests).catch((error) => {
    requests.unexpected.set(`no response: ${error.cause?.code ?? error.message}`, 1);
  });
}

/** Requests that read and write many rows: lists in several formats, and the life of a token. */
async function sendMixed(end, url, requests) {
  const headers = { 'X-Auth-Token': await logIn(url) };
  const send = async (method, path, expected, body, accept = 'application/json') => {
    const response = await fetch(url + path, {
      method,
      headers: { ...headers, Accept: accept, ...(body && { 'Content-Type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    requests.sent += 1;
    if (response.status !== expected) {
      const answer = `${method} ${path} ${response.status}`;
      requests.unexpected.set(answer, (requests.unexpected.get(answer) ?? 0) + 1);
    }
    return text;
  };
  for (let round = 0; performance.now() < end; round += 1) {
    for (const path of ['/users', '/tokens?size=200', '/audit-events?size=200', '/roles', '/stats']) {
      await send('GET', path, 200);
    }
    await send('GET', '/users', 200, undefined, 'text/csv');
    const { id } = JSON.parse(await send('POST', '/me/tokens', 201, { note: `round ${round}` }));
    await send('GET', `/tokens/${id}`, 200);
    await send('DELETE', `/tokens/${id}`, 204);
    await pause(20);
  }
}

/** Spreads the backups over the load. Returns whether each succeeded. */
async function backUp({ folder, databaseUrl }) {
  const target = mkdtempSync(join(tmpdir(), 'latchkey-endure-'));
  const results = [];
  for (let count = 0; count < BACKUPS; count += 1) {
    await pause(MILLISECONDS / (BACKUPS + 1));
    const file = join(target, `${count}.sqlite`);
    results.push(
      await run(process.execPath, ['apps/api/bin/latchkey.cjs', 'backup', file], {
        env: { ...process.env, DATABASE_URL: databaseUrl, LATCHKEY_DATA_DIR: folder },
      }).then(
        () => true,
        (error) => {
          console.error(`Backup ${count + 1}: ${error.message}`);
          return false;
        },
      ),
    );
  }
  rmSync(target, { recursive: true });
  return results;
}

async function idle() {
  const codes = [];
  while (codes.length < IDLE_STARTS) {
    const started = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => startLatchkey()));
    await pause(IDLE_MILLISECONDS);
    codes.push(
      ...(await Promise.all(
        started.map(({ value, reason }) => (value === undefined ? reason.message : exitCode(value))),
      )),
    );
    process.stderr.write(`  ${codes.length} of ${IDLE_STARTS} idle servers\n`);
  }
  const failed = codes.filter((code) => code !== 0);
  return {
    part: `${IDLE_STARTS} idle servers`,
    'exit codes': failed.length === 0 ? '0' : failed.join(' '),
    failures: failed.length,
  };
}

/**
 * Stops a server. Returns its exit code, or the name of the signal that ended it, also if it ended before.
 */
async function exitCode({ child, folder }) {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true });
  return child.signalCode ?? child.exitCode;
}
