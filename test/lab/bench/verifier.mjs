// Verifications of a service from memory, and a server with BENCH_VERIFIERS connected verifiers.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { importVerifier } from '../../support/build-example.mjs';
import { idleUsage, processorSeconds } from './measure.mjs';
import { logIn, send } from './server.mjs';

const VERIFIERS = Number(process.env.BENCH_VERIFIERS ?? 1_000);
const PROCESSES = 4;
const SECONDS = 10;
const REVOCATIONS = 20;
const CALLS = 200_000;

export async function subjectsOf(servers) {
  const [, [, startOnPostgres]] = await servers.onEachDatabase();
  const server = await startOnPostgres();
  const admin = await logIn(server.url);
  const { token } = await send(server.url, admin, 'POST', '/me/tokens', {});
  return [
    {
      name: 'verification from memory, and its request to the server',
      measure: () => verifyFromMemory(server.url, token, admin),
    },
    { name: `${VERIFIERS} verifiers`, measure: () => connectMany(server, token, admin, servers.checkout) },
  ];
}

/** Measures processor time instead of time, so that other processes do not matter. */
async function verifyFromMemory(url, token, admin) {
  const { createVerifier } = await importVerifier();
  const verifier = createVerifier({ url, token });
  while (!verifier.status().fresh) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const headers = { 'x-auth-token': admin };
  const demands = { permissions: ['users:read'], address: '192.0.2.7', agent: 'bench' };
  await verifier.verify(headers, demands);
  const { asked } = verifier.status();
  const before = process.cpuUsage();
  for (let call = 0; call < CALLS; call += 1) {
    await verifier.verify(headers, demands);
    if (call % 20_000 === 0) {
      // Lets the heartbeats arrive.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const { user, system } = process.cpuUsage(before);
  const more = verifier.status().asked - asked;
  await verifier.close();
  return { 'µs of processor': (user + system) / CALLS, 'requests to the server': more };
}

async function connectMany({ child, url }, token, admin, cwd) {
  const idle = await idleUsage(child, SECONDS);
  const start = performance.now();
  const count = String(VERIFIERS / PROCESSES);
  // With the client library of the checkout.
  const processes = Array.from({ length: PROCESSES }, () =>
    fork(new URL('connect-verifiers.mjs', import.meta.url), [url, token, count], { cwd }),
  );
  process.on('exit', () => processes.forEach((each) => each.kill('SIGKILL')));
  await Promise.all(processes.map((each) => once(each, 'message')));
  const connectedAfter = performance.now() - start;
  const connected = await idleUsage(child, SECONDS);
  const ids = [];
  while (ids.length < REVOCATIONS) {
    ids.push((await send(url, admin, 'POST', '/me/tokens', {})).id);
  }
  const before = processorSeconds(child);
  for (const id of ids) {
    await send(url, admin, 'DELETE', `/tokens/${id}`);
  }
  const busy = processorSeconds(child) - before;
  const exits = Promise.all(processes.map((each) => once(each, 'exit')));
  processes.forEach((each) => each.send('close'));
  await exits;
  return {
    'all fresh after ms': connectedAfter,
    'MiB without': idle.MiB,
    'MiB connected': connected.MiB,
    'processor ms/s without': idle['processor ms/s'],
    'processor ms/s connected': connected['processor ms/s'],
    'processor ms per revocation': (1_000 * busy) / REVOCATIONS,
  };
}
