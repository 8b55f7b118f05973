// Fills migrated databases with the SQL scripts in test/support.
import { readFileSync } from 'node:fs';
import Sqlite from '#sqlite';
import pg from 'pg';

const TOKENS_OF_USER = 50;

/** Adds tokens of every kind and state to the database with this DATABASE_URL, 50 for each user. */
export function addManyTokens(url, count) {
  const text = script('many-tokens', { tokens: count, users: Math.ceil(count / TOKENS_OF_USER) });
  return withDatabase(url, async ({ run, finish }) => {
    await run(text);
    await finish();
  });
}

/** Adds entries to the audit trail of the database with this DATABASE_URL. Rebuilds the indexes afterwards, which is faster. */
export function addManyEntries(url, count) {
  const text = script('many-entries', { entries: count });
  return withDatabase(url, async ({ run, read, finish, indexes }) => {
    const found = await read(indexes);
    for (const { name } of found) {
      await run(`DROP INDEX "${name}"`);
    }
    await run(text);
    for (const { definition } of found) {
      await run(definition);
    }
    await finish();
  });
}

/** Returns the duration of `SELECT COUNT(*)` on a table in milliseconds, for comparison. */
export function timeCount(url, table) {
  return withDatabase(url, async ({ read }) => {
    const begin = performance.now();
    await read(`SELECT COUNT(*) FROM ${table}`);
    return performance.now() - begin;
  });
}

function script(name, numbers) {
  return Object.entries({ ...numbers, now: Date.now() }).reduce(
    (sql, [placeholder, value]) => sql.replaceAll(`{${placeholder}}`, value),
    readFileSync(`test/support/${name}.sql`, 'utf8'),
  );
}

function withDatabase(url, work) {
  return url.startsWith('sqlite:') ? withSqlite(url.slice('sqlite:'.length), work) : withPostgres(url, work);
}

async function withSqlite(file, work) {
  const database = new Sqlite(file, { timeout: 5_000 });
  try {
    return await work({
      run: (sql) => database.exec(sql),
      finish: () => database.pragma('wal_checkpoint(TRUNCATE)'),
      read: (sql) => database.prepare(sql).all(),
      indexes:
        "SELECT name, sql AS definition FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name LIKE 'audit_event%'",
    });
  } finally {
    database.close();
  }
}

async function withPostgres(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work({
      run: (sql) => client.query(sql),
      // For index-only scans, and for realistic plans.
      finish: () => client.query('VACUUM ANALYZE'),
      read: async (sql) => (await client.query(sql)).rows,
      indexes:
        "SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename LIKE 'audit_event%' AND indexname NOT LIKE 'PK%'",
    });
  } finally {
    await client.end();
  }
}
