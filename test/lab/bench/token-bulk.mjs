// Latency of verifications, bumps and logins while 100,000 tokens are changed at once, on both databases.
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { onBothDatabases, PASSWORD } from './many-tokens.mjs';
import { logIn } from './server.mjs';

const ALONE_MILLISECONDS = 5_000;
const BETWEEN_CHECKS = 5;

await onBothDatabases(async ({ name, url, token }) => {
  const rows = [await beside('nothing', url, token, () => pause(ALONE_MILLISECONDS))];
  for (const action of ['disable', 'enable', 'extend']) {
    const change = {
      action,
      filter: {},
      ...(action === 'extend' && { expirationTime: new Date(Date.now() + 300 * 86_400_000).toISOString() }),
      // Keeps the presented token, which the verifications use.
      keepCurrent: true,
    };
    rows.push(await beside(`${action} by filter`, url, token, () => tryAndRun(url, token, change)));
  }
  const revokeAll = { action: 'revoke', filter: {}, keepCurrent: true };
  rows.push(await beside('revoke all', url, token, () => bulk(url, token, revokeAll)));
  console.log(
    `\n${name}, ${process.version}, ${availableParallelism()} cores with a load of ${loadavg()[0].toFixed(1)}`,
  );
  console.table(rows);
});

/** Verifies a token and logs in while the work runs. */
async function beside(what, url, token, work) {
  let isDone = false;
  const until = () => isDone;
  const others = Promise.all([checks(url, token, until), bumps(url, token, until), logIns(url, until)]);
  const begin = performance.now();
  const count = await work();
  const took = performance.now() - begin;
  isDone = true;
  const [checked, bumped, loggedIn] = await others;
  return {
    beside: what,
    tokens: count ?? 0,
    'took, ms': Math.round(took),
    ...figures('check', checked),
    ...figures('bump', bumped),
    ...figures('login', loggedIn),
  };
}

async function tryAndRun(url, token, change) {
  const { count } = await bulk(url, token, { ...change, dryRun: true });
  return bulk(url, token, { ...change, expectedCount: count + 1_000 });
}

async function bulk(url, token, body) {
  const response = await fetch(`${url}/tokens/bulk`, {
    method: 'POST',
    headers: { 'X-Auth-Token': token, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${body.action} returned ${response.status}: ${await response.text()}`);
  }
  const result = await response.json();
  return body.dryRun ? result : result.count;
}

function checks(url, token, isOver) {
  return asks('GET', `${url}/auth/verify`, token, isOver);
}

function bumps(url, token, isOver) {
  return asks('POST', `${url}/auth/bump`, token, isOver);
}

async function asks(method, url, token, isOver) {
  const times = [];
  while (!isOver()) {
    const begin = performance.now();
    const response = await fetch(url, { method, headers: { 'X-Auth-Token': token } });
    // A rejected request counts as infinite latency.
    times.push(response.ok ? performance.now() - begin : Infinity);
    await pause(BETWEEN_CHECKS);
  }
  return times;
}

async function logIns(url, isOver) {
  const times = [];
  while (!isOver()) {
    const begin = performance.now();
    await logIn(url, 'admin', PASSWORD);
    times.push(performance.now() - begin);
  }
  return times;
}

function figures(name, times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return { [`${name} median, ms`]: at(0.5), [`${name} p95, ms`]: at(0.95), [`longest ${name}, ms`]: at(1) };
}
