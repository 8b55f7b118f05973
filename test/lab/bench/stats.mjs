// Duration of GET /stats over HTTP, and the delay of other requests meanwhile, on both databases with 100,000 users, 100,000
// tokens and 1,000,000 audit entries.
import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from '#sqlite';
import pg from 'pg';
import { startPostgresCluster } from '../../support/database/postgres-cluster.mjs';
import { logIn, start, stop } from './server.mjs';

const USERS = 100_000;
const TOKENS = 100_000;
const ENTRIES = 1_000_000;
const ROUNDS = 10;
const PASSWORD = 'only for this benchmark';

/** Logins and failures of the last 30 days, in SQL that both databases accept. */
const MANY_ENTRIES = `
INSERT INTO audit_events (id, sequence, time, "subjectKind", "subjectName", action, outcome, "keyId", "previousMac", mac)
WITH RECURSIVE numbers (n) AS (SELECT CAST(100 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < ${ENTRIES})
SELECT
  '00000000-0000-7000-a000-' || (100000000000 + n), n, ${Date.now()} - 2592000000 + n * 2592,
  'user', 'many-' || (n % ${USERS}),
  CASE WHEN n % 10 = 0 THEN 'authn_login_fail' ELSE 'authn_login_success' END,
  CASE WHEN n % 10 = 0 THEN 'failure' ELSE 'success' END, 'key', '', ''
FROM numbers`;

const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
const cluster = await startPostgresCluster();
try {
  const file = join(folder, 'latchkey.sqlite');
  await measure('SQLite', `sqlite:${file}`, (sql) => new Sqlite(file).exec(sql).close());
  await measure('PostgreSQL', cluster.url, async (sql) => {
    const client = new pg.Client({ connectionString: cluster.url });
    await client.connect();
    try {
      await client.query(sql);
      await client.query('VACUUM ANALYZE');
    } finally {
      await client.end();
    }
  });
} finally {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(name, databaseUrl, execute) {
  const server = await start('dist/apps/api/bundle/main.js', '/health/ready', {
    DATABASE_URL: databaseUrl,
    LATCHKEY_DATA_DIR: folder,
    LATCHKEY_AUDIT_KEY: Buffer.alloc(32, 7).toString('base64'),
    LATCHKEY_ADMIN_PASSWORD: PASSWORD,
    LATCHKEY_LOG_LEVEL: 'error',
  });
  try {
    await execute(manyUsersAndTokens());
    await execute(MANY_ENTRIES);
    const headers = { 'X-Auth-Token': await logIn(server.url, 'admin', PASSWORD) };
    const stats = await times(`${server.url}/stats`, headers);
    const waits = await waitsDuring(server.url, headers);
    console.log(
      `${name}, ${process.version}, ${availableParallelism()} cores: GET /stats takes ${stats[0]} to ` +
        `${stats.at(-1)} ms; GET /auth/verify takes up to ${waits.at(-1)} ms meanwhile`,
    );
  } finally {
    await stop(server);
  }
}

function manyUsersAndTokens() {
  return readFileSync('test/support/many-tokens.sql', 'utf8')
    .replaceAll('{users}', USERS)
    .replaceAll('{tokens}', TOKENS)
    .replaceAll('{now}', Date.now());
}

/** Returns the durations of several requests in milliseconds, fastest first. */
async function times(url, headers, rounds = ROUNDS) {
  const taken = [];
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now();
    const response = await fetch(url, { headers });
    await response.text();
    if (!response.ok) {
      throw new Error(`${url} returned ${response.status}`);
    }
    taken.push(Math.round(performance.now() - begin));
  }
  return taken.sort((a, b) => a - b);
}

/** Returns the durations of other requests while GET /stats repeats. */
async function waitsDuring(url, headers) {
  const gathering = times(`${url}/stats`, headers);
  const waits = await times(`${url}/auth/verify`, headers, 200);
  await gathering;
  return waits;
}
