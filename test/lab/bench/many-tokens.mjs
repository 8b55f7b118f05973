// Servers with many tokens, for the benchmarks: 100,000 or BENCH_TOKENS, with 50 tokens per user.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from '#sqlite';
import pg from 'pg';
import { startPostgresCluster } from '../../support/database/postgres-cluster.mjs';
import { logIn, start, stop } from './server.mjs';

export const TOKENS = Number(process.env.BENCH_TOKENS ?? 100_000);
export const USERS = Math.ceil(TOKENS / 50);
export const PASSWORD = 'only for this benchmark';

/**
 * Runs the work with a filled server on each database, one after the other.
 * @param {(subject: { name: string, url: string, token: string, child: import('node:child_process').ChildProcess }) => Promise<void>} work
 * @param {(environment: object, name: string) => Promise<void>} [afterwards] runs after the server has stopped.
 */
export async function onBothDatabases(work, afterwards = async () => undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  const cluster = await startPostgresCluster();
  const file = join(folder, 'latchkey.sqlite');
  const databases = [
    { name: 'SQLite', url: `sqlite:${file}`, execute: (sql) => new Sqlite(file).exec(sql).close() },
    { name: 'PostgreSQL', url: cluster.url, execute: (sql) => executeOnPostgres(cluster.url, sql) },
  ];
  try {
    for (const { name, url, execute } of databases) {
      const environment = {
        DATABASE_URL: url,
        LATCHKEY_DATA_DIR: folder,
        LATCHKEY_AUDIT_KEY: Buffer.alloc(32, 7).toString('base64'),
        LATCHKEY_ADMIN_PASSWORD: PASSWORD,
        LATCHKEY_LOG_LEVEL: 'error',
        LATCHKEY_WRITE_LIMIT_PER_USER: '1000000000',
        LATCHKEY_STATEMENT_TIMEOUT_MS: '60000',
      };
      const server = await start('dist/apps/api/bundle/main.js', '/health/ready', environment);
      try {
        await execute(manyTokens());
        await work({
          name,
          url: server.url,
          token: await logIn(server.url, 'admin', PASSWORD),
          child: server.child,
        });
      } finally {
        await stop(server);
      }
      await afterwards(environment, name);
    }
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function executeOnPostgres(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.query('ANALYZE');
  await client.end();
}

function manyTokens() {
  return readFileSync('test/support/many-tokens.sql', 'utf8')
    .replaceAll('{users}', USERS)
    .replaceAll('{tokens}', TOKENS)
    .replaceAll('{now}', Date.now());
}
