// Duration of lists of many tokens, by filter and order: first, middle and last page. Also the server's processor time for the first
// page. BENCH_PLANS=1 prints the query plans.
import { rmSync } from 'node:fs';
import { addManyTokens, timeCount } from './fill-database.mjs';
import { processorSeconds } from './process-usage.mjs';
import { logIn, startLatchkey, stop } from './server.mjs';
import { explainList } from './token-list-plans.mjs';

const TOKENS = Number(process.env.BENCH_TOKENS ?? 100_000);
const SIZE = 25;

const EVERY_STATE = 'state=active,expiring,pending,expired,disabled,revoked';
const STATES = ['active', 'expiring', 'expired', 'disabled', 'revoked'].map((state) => `state=${state}`);
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
const QUERIES = [
  '',
  EVERY_STATE,
  ...STATES,
  'user=many-77',
  'kind=api',
  'enabled=false',
  'unusedSinceDays=60',
  'neverUsed=true',
  'noExpiry=true',
  'ownerDisabled=true',
  'inGrace=true',
  'unusedPermissions=true',
  'q=backup',
  'q=b%C3%BCro',
  'q=nowhere',
  ...FIELDS.map((field) => `sort=${field}`),
  'sort=-lastUsageTime,user',
  `${EVERY_STATE}&sort=-note`,
];

/** Returns a row for each database and query. `times a count` compares the first page with `SELECT COUNT(*)` on all tokens. */
export async function measureLists({ rounds, databases }) {
  const rows = [];
  for (const [kind, newDatabase] of Object.entries(databases)) {
    const server = await startLatchkey({
      DATABASE_URL: await newDatabase(),
      LATCHKEY_STATEMENT_TIMEOUT_MS: '60000',
    });
    try {
      await addManyTokens(server.databaseUrl, TOKENS);
      const token = await logIn(server.url);
      for (const query of QUERIES) {
        rows.push({ database: kind, ...(await measure(server, token, query, rounds)) });
      }
      process.stderr.write(`  ${kind}\n`);
    } finally {
      await stop({ child: server.child });
    }
    // Only one process may open the SQLite file.
    const plans = await explainList(server.databaseUrl, server.folder, QUERIES);
    rmSync(server.folder, { recursive: true });
    rows
      .filter(({ database }) => database === kind)
      .forEach((row, index) => Object.assign(row, { 'read by': plans[index].indexes }));
    if (process.env.BENCH_PLANS) {
      plans.forEach(({ text }, index) =>
        console.log(`\n${kind}: ${QUERIES[index] || '(no filter)'}\n${text}`),
      );
    }
  }
  return rows;
}

async function measure({ url, databaseUrl, child }, token, query, rounds) {
  const address = `${url}/tokens?size=${SIZE}&${query}`;
  const { total } = await get(address, token);
  const last = Math.max(Math.ceil(total / SIZE), 1);
  const best = { first: Infinity, middle: Infinity, last: Infinity, count: Infinity };
  let processor = 0;
  for (let round = 0; round < rounds; round += 1) {
    const before = processorSeconds(child);
    best.first = Math.min(best.first, await time(address, token));
    const after = processorSeconds(child);
    processor += after.own + after.system - before.own - before.system;
    best.middle = Math.min(best.middle, await time(`${address}&page=${Math.ceil(last / 2)}`, token));
    best.last = Math.min(best.last, await time(`${address}&page=${last}`, token));
    best.count = Math.min(best.count, await timeCount(databaseUrl, 'tokens'));
  }
  return {
    query: query || '(no filter)',
    total,
    'first page ms': Math.round(best.first),
    'processor ms': Math.round(Math.max(0, (processor * 1_000) / rounds)),
    'times a count': Math.round((10 * best.first) / best.count) / 10,
    'middle ms': Math.round(best.middle),
    'last page ms': Math.round(best.last),
  };
}

async function time(address, token) {
  const begin = performance.now();
  await get(address, token);
  return performance.now() - begin;
}

async function get(address, token) {
  const response = await fetch(address, { headers: { 'X-Auth-Token': token } });
  if (!response.ok) {
    throw new Error(`${address} returned ${response.status}: ${await response.text()}`);
  }
  return response.json();
}
