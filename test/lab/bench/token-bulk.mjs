// Latency of verifications during bulk changes of tokens. A worker thread verifies, because this thread reads long responses.
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { percentile } from './open-loop.mjs';
import { addManyTokens } from './fill-database.mjs';
import { processorSeconds } from './process-usage.mjs';
import { logIn, startLatchkey, stop } from './server.mjs';

const TOKENS = Number(process.env.BENCH_TOKENS ?? 100_000);
const QUIET_MILLISECONDS = 5_000;
const BETWEEN_VERIFICATIONS = 2;
const LATER = 300 * 86_400_000;

if (!isMainThread) {
  await verifyUntilStopped(workerData);
}

/** Returns a row for each database and action, and one without an action. */
export async function measureBulk({ databases }) {
  const rows = [];
  for (const [kind, newDatabase] of Object.entries(databases)) {
    const server = await startLatchkey({ DATABASE_URL: await newDatabase() });
    try {
      await addManyTokens(server.databaseUrl, TOKENS);
      const token = await logIn(server.url);
      const measure = async (during, work) =>
        rows.push({ database: kind, during, ...(await verifyDuring(server, token, work)) });
      await measure('nothing', () => pause(QUIET_MILLISECONDS));
      for (const action of ['disable', 'enable', 'extend']) {
        await measure(`${action} by filter`, () => changeAll(server.url, token, action));
      }
      await measure('revoke all', () => bulk(server.url, token, { action: 'revoke', filter: {} }));
    } finally {
      await stop(server);
    }
  }
  return rows;
}

async function verifyDuring(server, token, work) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { url: server.url, token } });
  await once(worker, 'message');
  const before = processorSeconds(server.child);
  const begin = performance.now();
  // Stop the verifications even if the work fails. Otherwise they fail when the server stops, and hide the first error.
  const count = await work().finally(() => worker.postMessage('stop'));
  const milliseconds = performance.now() - begin;
  const after = processorSeconds(server.child);
  const [times] = await once(worker, 'message');
  const at = (percent) => Math.round(percentile(times, percent) * 10) / 10;
  return {
    tokens: count ?? 0,
    seconds: Math.round(milliseconds / 100) / 10,
    'processor seconds': Math.round((after.own + after.system - before.own - before.system) * 10) / 10,
    verifications: times.length,
    'p50 ms': at(50),
    'p99 ms': at(99),
    'max ms': at(100),
    'over 20 ms': times.filter((time) => time > 20).length,
  };
}

async function changeAll(url, token, action) {
  const change = {
    action,
    filter: {},
    ...(action === 'extend' && { expirationTime: new Date(Date.now() + LATER).toISOString() }),
  };
  const { count } = await bulk(url, token, { ...change, dryRun: true });
  return (await bulk(url, token, { ...change, expectedCount: count })).count;
}

/** Runs a bulk change that keeps the presented token, which the verifications use. */
async function bulk(url, token, body) {
  const response = await fetch(`${url}/tokens/bulk`, {
    method: 'POST',
    headers: { 'X-Auth-Token': token, 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...body, keepCurrent: true }),
  });
  if (!response.ok) {
    throw new Error(`${body.action} returned ${response.status}: ${await response.text()}`);
  }
  const result = await response.json();
  return body.dryRun ? result : result.count;
}

async function verifyUntilStopped({ url, token }) {
  const agent = new Agent({ keepAlive: true });
  const times = [];
  let isOver = false;
  parentPort.once('message', () => (isOver = true));
  parentPort.postMessage('ready');
  while (!isOver) {
    const begin = performance.now();
    await verify(`${url}/auth/verify`, { agent, headers: { 'X-Auth-Token': token } });
    times.push(performance.now() - begin);
    await pause(BETWEEN_VERIFICATIONS);
  }
  agent.destroy();
  parentPort.postMessage(times);
}

function verify(address, options) {
  return new Promise((resolve, reject) => {
    const request = get(address, options, (response) => {
      if (response.statusCode !== 200) {
        reject(new Error(`A verification returned ${response.statusCode}`));
      }
      response.resume().on('end', resolve);
    });
    request.on('error', reject);
  });
}
