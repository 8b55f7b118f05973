// Duration of lists of many tokens over HTTP, on both databases: each filter and order, first, middle and last page, the processor
// time of the server for the first page, and the indexes used. Pass --plans to print the query plans.
import { availableParallelism, loadavg } from 'node:os';
import { onBothDatabases } from './many-tokens.mjs';
import { processorSeconds } from './process-usage.mjs';
import { explainList } from './token-list-plans.mjs';

const ROUNDS = 7;
const SIZE = 25;

const EVERY_STATE = 'state=active,expiring,pending,expired,disabled,revoked';
const FILTERS = [
  '',
  EVERY_STATE,
  ...['active', 'expiring', 'pending', 'expired', 'disabled', 'revoked'].map((state) => `state=${state}`),
  'user=many-77',
  'kind=api',
  'enabled=false',
  'unusedSinceDays=60',
  'neverUsed=true',
  'noExpiry=true',
  'ownerDisabled=true',
  'inGrace=true',
  'q=backup',
  'q=b%C3%BCro',
  'q=MANY77@',
  'q=nowhere',
  'q=many-',
];
const FIELDS = [
  'user',
  'note',
  'kind',
  'enabled',
  'state',
  'creationTime',
  'expirationTime',
  'lastUsageTime',
];
const ORDERS = [...FIELDS.flatMap((field) => [field, `-${field}`]), '-lastUsageTime,user', 'kind,-note,user'];
const QUERIES = [
  ...FILTERS,
  ...ORDERS.map((order) => `sort=${order}`),
  ...ORDERS.map((order) => `${EVERY_STATE}&sort=${order}`),
];

let rows;
await onBothDatabases(
  async ({ url, token, child }) => {
    rows = [];
    for (const query of QUERIES) {
      rows.push(await timed(query, `${url}/tokens?size=${SIZE}&${query}`, token, child));
    }
  },
  async (environment, name) => report(name, await explainList(environment, QUERIES)),
);

function report(name, plans) {
  const slowest = Math.max(
    ...rows.flatMap((row) => [row['first page, ms'], row['middle, ms'], row['last page, ms']]),
  );
  const machine = `${process.version}, ${availableParallelism()} cores with a load of ${loadavg()[0].toFixed(1)}`;
  console.log(`\n${name}, ${machine}, best of ${ROUNDS}: at most ${slowest} ms`);
  console.table(rows.map((row, index) => ({ ...row, 'read by': plans[index].indexes })));
  if (process.argv.includes('--plans')) {
    plans.forEach(({ text }, index) => console.log(`\n${QUERIES[index] || '(no filter)'}\n${text}`));
  }
}

async function timed(query, url, token, child) {
  const { total } = await get(url, token);
  const last = Math.max(Math.ceil(total / SIZE), 1);
  const page = (number) => fastest(`${url}&page=${number}`, token);
  const before = processorSeconds(child);
  const first = await page(1);
  const after = processorSeconds(child);
  return {
    query: query || '(no filter)',
    total,
    'first page, ms': first,
    'processor, ms': Math.round(((after.own + after.system - before.own - before.system) * 1_000) / ROUNDS),
    'middle, ms': await page(Math.ceil(last / 2)),
    'last page, ms': await page(last),
  };
}

async function fastest(url, token) {
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const begin = performance.now();
    await get(url, token);
    times.push(performance.now() - begin);
  }
  return Math.round(Math.min(...times));
}

async function get(url, token) {
  const response = await fetch(url, { headers: { 'X-Auth-Token': token } });
  if (!response.ok) {
    throw new Error(`${url} returned ${response.status}: ${await response.text()}`);
  }
  return response.json();
}
