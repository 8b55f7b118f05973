import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { DATABASES } from './database-folder.mjs';

declare global {
  /** Kind of database, set by the jest project. */
  var DATABASE_KIND: 'sqlite' | 'postgres' | undefined;
}

/** New database of the kind under test, with a folder for other data of a server. */
export interface TestDatabase {
  readonly url: string;
  readonly folder: string;
  /** Reads rows directly from the database. */
  query<Row>(sql: string): Promise<Row[]>;
  /** Changes rows directly in the database, without a transaction. */
  execute(...statements: string[]): Promise<void>;
  drop(): Promise<void>;
}

/** Creates a database. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(DATABASES, 'latchkey-test-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  return globalThis.DATABASE_KIND === 'postgres'
    ? createPostgres(folder, removeFolder)
    : createSqlite(folder, removeFolder);
}

function createSqlite(folder: string, removeFolder: () => void): TestDatabase {
  const file = join(folder, 'latchkey.sqlite');
  return {
    url: `sqlite:${file}`,
    folder,
    query: async <Row>(sql: string) => {
      const { default: Database } = await import('#sqlite');
      const database = new Database(file, { readonly: true });
      try {
        return database.prepare(sql).all() as Row[];
      } finally {
        database.close();
      }
    },
    execute: async (...statements) => {
      const { default: Database } = await import('#sqlite');
      const database = new Database(file, { timeout: 30_000 });
      try {
        statements.forEach((sql) => database.exec(sql));
      } finally {
        database.close();
      }
    },
    drop: () => Promise.resolve(removeFolder()),
  };
}

async function createPostgres(folder: string, removeFolder: () => void): Promise<TestDatabase> {
  const cluster = process.env.LATCHKEYTEST_POSTGRES_URL;
  if (!cluster) {
    throw new Error('PostgreSQL is not running. Add postgres.global-setup to the jest project.');
  }
  const name = `latchkey_${randomBytes(6).toString('hex')}`;
  // The default strategy also writes all pages to the log, which takes twice the processor time.
  await queryOnce(cluster, `CREATE DATABASE ${name} STRATEGY FILE_COPY`);
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    folder,
    query: <Row>(sql: string) => queryOnce<Row>(url.href, sql),
    execute: async (...statements) => {
      for (const sql of statements) {
        await queryOnce(url.href, sql);
      }
    },
    drop: async () => {
      await queryOnce(cluster, `DROP DATABASE ${name} WITH (FORCE)`);
      removeFolder();
    },
  };
}

/** Runs one statement on a PostgreSQL database in a new connection. */
export async function queryOnce<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

const TABLES = [
  'users',
  'user_roles',
  'roles',
  'apis',
  'tokens',
  'token_apis',
  'rotated_secrets',
  'token_templates',
  'offers',
  'login_days',
  'audit_chain',
];

/**
 * Returns all rows that requests change, in a stable order. Excludes what the server writes in the
 * background: the usage of tokens, and its checks of the clock.
 */
export async function storedRows(database: TestDatabase): Promise<string[]> {
  const rows = await Promise.all(
    TABLES.map((table) => database.query<Record<string, unknown>>(`SELECT * FROM ${table}`)),
  );
  return rows
    .flat()
    .map((row) => Object.entries(row).filter(([column]) => !/Usage|Uses|^clock/.test(column)))
    .map((columns) => JSON.stringify(columns))
    .sort();
}
