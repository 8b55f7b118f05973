// How long lists of 100,000 tokens of 2,000 users take, over HTTP, on both databases: every filter and every order, the
// first page and the last, and by which indexes. Pass --plans for the whole plans.
import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { startPostgresCluster } from '../support/postgres-cluster.mjs';
import { logIn, start, stop } from './server.mjs';
import { explainList } from './token-list-plans.mjs';

const USERS = 2_000;
const TOKENS = 100_000;
const ROUNDS = 5;
const SIZE = 25;
const PASSWORD = 'only for this benchmark';

const EVERY_STATE = 'state=active,expiring,expired,disabled,revoked';
const FILTERS = [
  '',
  EVERY_STATE,
  ...['active', 'expiring', 'expired', 'disabled', 'revoked'].map((state) => `state=${state}`),
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
];
const FIELDS = ['user', 'note', 'kind', 'enabled', 'creationTime', 'expirationTime', 'lastUsageTime'];
const ORDERS = [...FIELDS.flatMap((field) => [field, `-${field}`]), '-lastUsageTime,user', 'kind,-note,user'];
const QUERIES = [
  ...FILTERS,
  ...ORDERS.map((order) => `sort=${order}`),
  ...ORDERS.map((order) => `${EVERY_STATE}&sort=${order}`),
];

const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
const cluster = await startPostgresCluster();
try {
  const file = join(folder, 'latchkey.sqlite');
  await measure('SQLite', `sqlite:${file}`, (sql) => new Sqlite(file).exec(sql).close());
  await measure('PostgreSQL', cluster.url, async (sql) => {
    const client = new pg.Client({ connectionString: cluster.url });
    await client.connect();
    await client.query(sql);
    await client.query('ANALYZE');
    await client.end();
  });
} finally {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(name, databaseUrl, execute) {
  const environment = {
    DATABASE_URL: databaseUrl,
    LATCHKEY_DATA_DIR: folder,
    LATCHKEY_AUDIT_KEY: Buffer.alloc(32, 7).toString('base64'),
    LATCHKEY_ADMIN_PASSWORD: PASSWORD,
    LATCHKEY_LOG_LEVEL: 'error',
  };
  const server = await start('dist/apps/api/src/main.js', '/health/ready', environment);
  const rows = [];
  try {
    await execute(manyTokens());
    const token = await logIn(server.url, 'admin', PASSWORD);
    for (const query of QUERIES) {
      rows.push(await timed(query, `${server.url}/tokens?size=${SIZE}&${query}`, token));
    }
  } finally {
    await stop(server);
  }
  const plans = await explainList(environment, QUERIES);
  const slowest = Math.max(...rows.flatMap((row) => [row['first page, ms'], row['last page, ms']]));
  console.log(
    `\n${name}, ${process.version}, ${availableParallelism()} cores, best of ${ROUNDS}: at most ${slowest} ms`,
  );
  console.table(rows.map((row, index) => ({ ...row, 'read by': plans[index].indexes })));
  if (process.argv.includes('--plans')) {
    plans.forEach(({ text }, index) => console.log(`\n${QUERIES[index] || '(no filter)'}\n${text}`));
  }
}

function manyTokens() {
  return readFileSync('test/support/many-tokens.sql', 'utf8')
    .replaceAll('{users}', USERS)
    .replaceAll('{tokens}', TOKENS)
    .replaceAll('{now}', Date.now());
}

async function timed(query, url, token) {
  const { total } = await get(url, token);
  const last = Math.max(Math.ceil(total / SIZE), 1);
  return {
    query: query || '(no filter)',
    total,
    'first page, ms': await fastest(url, token),
    'last page, ms': await fastest(`${url}&page=${last}`, token),
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
    throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  }
  return response.json();
}
