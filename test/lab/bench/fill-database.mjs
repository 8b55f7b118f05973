// Fills migrated databases with the SQL scripts in test/support.
import { readFileSync } from 'node:fs';
import Sqlite from '#sqlite';
import pg from 'pg';

/** Rows of the lists and of the exports. */
export const ROWS = Number(process.env.BENCH_ROWS ?? 100_000);
const TOKENS_OF_USER = 50;

/** Adds tokens of every kind and state, and audit entries. */
export async function fillDatabase(url) {
  const sql = ['many-tokens', 'many-entries'].map((name) =>
    readFileSync(`test/support/${name}.sql`, 'utf8')
      .replaceAll('{users}', String(Math.ceil(ROWS / TOKENS_OF_USER)))
      .replaceAll('{now}', String(Date.now()))
      .replaceAll(/\{tokens\}|\{entries\}/g, String(ROWS)),
  );
  if (url.startsWith('sqlite:')) {
    const database = new Sqlite(url.slice('sqlite:'.length), { timeout: 5_000 });
    sql.forEach((script) => database.exec(script));
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    return;
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const script of sql) {
    await client.query(script);
  }
  // For index-only scans, and for realistic plans.
  await client.query('VACUUM ANALYZE');
  await client.end();
}
