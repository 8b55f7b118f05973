// Counts the files that a request runs through, by the coverage of V8 on a warm server:
// npm run lab -- journeys [--json]
//
// A file counts when one of its named functions ran.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../support/free-port.mjs';

const SOURCE = 'dist/apps/api/src/';
const PASSWORD = 'only for this measurement';
/** A file counts if it ran in each round, so that background jobs do not. */
const ROUNDS = 5;
/** Time for work after the response. */
const PAUSE_MILLISECONDS = 50;

await (process.send ? serve() : measure());

/** Serves with the built, not bundled server. Sends the files that have run since the last message. */
async function serve() {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  process.on('message', async () => {
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const ran = result.filter(
      ({ url, functions }) =>
        url.includes(SOURCE) &&
        functions.some(({ functionName, ranges }) => functionName && ranges[0].count > 0),
    );
    process.send(ran.map(({ url }) => url.split(SOURCE)[1].replace(/\.js$/, '.ts')));
  });
  // The sender reads the trail soon after each event, but not as a part of the request.
  const { EventSender } = await import('../../dist/apps/api/src/events/sender/event-sender.service.js');
  EventSender.prototype.onApplicationBootstrap = () => undefined;
  await import('../../dist/apps/api/src/main.js');
}

async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-journeys-'));
  const port = await freePort();
  const child = fork(new URL(import.meta.url), {
    execArgv: ['--require', './apps/api/bin/prepare-process.cjs'],
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
      LATCHKEY_ADMIN_PASSWORD: PASSWORD,
      LATCHKEY_LOG_LEVEL: 'warn',
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const hasExited = once(child, 'exit');
  try {
    while (
      !(await fetch(`${url}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (child.exitCode !== null) {
        throw new Error('The server did not start');
      }
      await pause(50);
    }
    const counted = await filesOf(child, url);
    if (process.argv.includes('--json')) {
      console.log(JSON.stringify(counted));
    } else {
      for (const [journey, files] of Object.entries(counted)) {
        console.log(`\n${journey}: ${files.length}\n  ${files.join('\n  ')}`);
      }
    }
  } finally {
    child.kill();
    await hasExited;
    rmSync(folder, { recursive: true });
  }
}

/** Returns the files of each journey. */
async function filesOf(child, url) {
  const send = async (method, path, headers, body) => {
    const response = await fetch(url + path, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path} returned ${response.status}: ${text}`);
    }
    return text && JSON.parse(text);
  };
  const taken = async () => {
    await pause(PAUSE_MILLISECONDS);
    child.send('take');
    const [files] = await once(child, 'message');
    return files;
  };

  const credentials = { authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}` };
  const logIn = () => send('POST', '/auth/login', credentials);
  const { token } = await logIn();
  const headers = { authorization: `Bearer ${token}` };
  const create = () => send('POST', '/me/tokens', headers, { note: 'backup' });
  const tokens = [];
  while (tokens.length <= ROUNDS) {
    tokens.push(await create());
  }
  const journeys = {
    'cached verification on the fast path': () => send('GET', '/auth/verify', headers),
    // The fast path leaves requests with other header fields to the route.
    'cached verification by the route': () => send('GET', '/auth/verify', { ...headers, 'x-other': '1' }),
    login: logIn,
    'creation of a token': create,
    'revocation of a token': () => send('DELETE', `/tokens/${tokens.pop().id}`, headers),
  };
  const counted = {};
  for (const [journey, go] of Object.entries(journeys)) {
    // Fills the caches.
    await go();
    await taken();
    let common;
    for (let round = 0; round < ROUNDS; round += 1) {
      await go();
      const files = await taken();
      common = common?.filter((file) => files.includes(file)) ?? files;
    }
    counted[journey] = common.sort();
  }
  return counted;
}
