// Exports of many tokens on both databases: rows per second, and per second of processor time of the server, the growth of its
// memory, and the slowest verification during the export.
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { onBothDatabases } from './many-tokens.mjs';
import { processorSeconds, residentMebibytes } from './process-usage.mjs';

const EVERY_STATE = 'state=active,expiring,pending,expired,disabled,revoked';
const BETWEEN_CHECKS = 20;
const LINE_FEED = 10;

await onBothDatabases(async ({ name, url, token, child }) => {
  const rows = [];
  for (const type of ['application/x-ndjson', 'text/csv']) {
    for (const sort of ['-creationTime', 'note']) {
      const query = `${EVERY_STATE}&sort=${sort}`;
      rows.push({ type, sort, ...(await measure(`${url}/tokens?${query}`, url, token, type, child)) });
    }
  }
  console.log(
    `\n${name}, ${process.version}, ${availableParallelism()} cores with a load of ${loadavg()[0].toFixed(1)}`,
  );
  console.table(rows);
});

async function measure(address, url, token, type, child) {
  const memory = residentMebibytes(child);
  let isDone = false;
  const checks = longestCheck(url, token, () => isDone);
  const before = processorSeconds(child);
  const begin = performance.now();
  const response = await fetch(address, { headers: { 'X-Auth-Token': token, Accept: type } });
  let lines = 0;
  let peak = memory;
  for await (const chunk of response.body) {
    lines += chunk.reduce((count, byte) => count + Number(byte === LINE_FEED), 0);
    peak = Math.max(peak, residentMebibytes(child));
  }
  const seconds = (performance.now() - begin) / 1_000;
  const after = processorSeconds(child);
  isDone = true;
  return {
    rows: lines,
    'per second': Math.round(lines / seconds),
    'per processor second': Math.round(lines / (after.own + after.system - before.own - before.system)),
    'memory, MiB': peak - memory,
    'longest check, ms': await checks,
  };
}

async function longestCheck(url, token, isOver) {
  let longest = 0;
  while (!isOver()) {
    const begin = performance.now();
    await (await fetch(`${url}/auth/verify`, { headers: { 'X-Auth-Token': token } })).text();
    longest = Math.max(longest, performance.now() - begin);
    await pause(BETWEEN_CHECKS);
  }
  return Math.round(longest);
}
