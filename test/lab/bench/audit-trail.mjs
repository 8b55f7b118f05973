// Duration of filtering, exporting and verifying the audit trail, on both databases. Pass the number of entries (default: a
// million).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgresCluster } from '../../support/database/postgres-cluster.mjs';
import { fillTrail, idOf } from './many-entries.mjs';
import { logIn, start, stop } from './server.mjs';

const ENTRIES = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 5;
const PASSWORD = 'only for this benchmark';
const DAY = 86_400_000;
const ago = (days) => new Date(Date.now() - days * DAY).toISOString();
const QUERIES = [
  '',
  `cursor=${Buffer.from('before:500').toString('base64url')}`,
  `after=${idOf(300, 1)}`,
  'actor=user-17',
  'actor=admin',
  `actor=${idOf(17)}`,
  'actor=nobody',
  'subject=user-17',
  `subject=${idOf(17)}`,
  'subject=nobody',
  `subject=${idOf(17)}&cursor=${Buffer.from('before:500').toString('base64url')}`,
  'subject=user-17&action=role_created',
  'subject=user-17&actor=admin',
  'subject=user-17&outcome=success',
  'subject=bulk',
  'subject=admin',
  `subject=admin&cursor=${Buffer.from('before:500').toString('base64url')}`,
  'subject=admin&action=role_created',
  `subject=user-17&from=${ago(300)}&to=${ago(299)}`,
  'action=role_deleted',
  'action=role_created',
  'action=authn_logout',
  'outcome=success',
  'outcome=failure',
  'address=10.0.3.33',
  'address=198.51.100.1',
  `traceId=${idOf(ENTRIES / 2, 2)}`,
  `from=${ago(300)}&to=${ago(299)}`,
  `from=${ago(300)}`,
  `to=${ago(300)}`,
  `actor=admin&from=${ago(300)}&to=${ago(299)}`,
  'actor=admin&outcome=failure',
  'outcome=success&action=role_deleted',
  'actor=admin&action=role_created',
];

const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
const cluster = await startPostgresCluster();
try {
  await measure('SQLite', `sqlite:${join(folder, 'latchkey.sqlite')}`);
  await measure('PostgreSQL', cluster.url);
} finally {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(name, url) {
  const environment = {
    DATABASE_URL: url,
    LATCHKEY_DATA_DIR: folder,
    LATCHKEY_AUDIT_KEY: Buffer.alloc(32, 7).toString('base64'),
    LATCHKEY_AUDIT_RETENTION_DAYS: '0',
    LATCHKEY_ADMIN_PASSWORD: PASSWORD,
    LATCHKEY_LOG_LEVEL: 'error',
  };
  await fillTrail(environment, ENTRIES);
  const server = await start('dist/apps/api/bundle/main.js', '/health/ready', environment);
  const rows = [];
  let exported;
  try {
    const token = await logIn(server.url, 'admin', PASSWORD);
    for (const query of QUERIES) {
      rows.push({
        query: query || '(no filter)',
        ms: await fastest(`${server.url}/audit-events?${query}`, token),
      });
    }
    exported = await timed(() => get(`${server.url}/audit-events`, token, 'application/x-ndjson'));
  } finally {
    await stop(server);
  }
  const verified = await timed(() => Promise.resolve(verify(environment)));
  const cores = `${availableParallelism()} cores with a load of ${loadavg()[0].toFixed(1)}`;
  console.log(`\n${name}, ${ENTRIES} entries, ${process.version}, ${cores}, best of ${ROUNDS}`);
  console.table(rows);
  console.log(`JSON lines export: ${exported} ms. Verification by the command line: ${verified} ms.`);
}

function verify(environment) {
  const { status, stdout } = spawnSync(process.execPath, ['apps/api/bin/latchkey.cjs', 'verify-audit'], {
    env: { PATH: process.env.PATH, ...environment },
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new Error(`The verification failed: ${stdout}`);
  }
}

async function fastest(url, token) {
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    times.push(await timed(() => get(url, token)));
  }
  return Math.min(...times);
}

async function timed(work) {
  const begin = performance.now();
  await work();
  return Math.round(performance.now() - begin);
}

/** Reads and discards a response. */
async function get(url, token, accept = 'application/json') {
  const response = await fetch(url, { headers: { 'X-Auth-Token': token, Accept: accept } });
  if (!response.ok) {
    throw new Error(`${url} returned ${response.status}: ${await response.text()}`);
  }
  await response.body.pipeTo(new WritableStream());
}
