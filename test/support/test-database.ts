import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
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

/** Creates a database with all tables and no rows, or without tables, as before the first start. */
export async function createTestDatabase({ isEmpty = false } = {}): Promise<TestDatabase> {
  const folder = mkdtempSync(join(DATABASES, 'latchkey-test-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  const create = globalThis.DATABASE_KIND === 'postgres' ? createPostgres : createSqlite;
  try {
    return await create(folder, removeFolder, isEmpty);
  } catch (error) {
    removeFolder();
    throw error;
  }
}

async function createSqlite(
  folder: string,
  removeFolder: () => void,
  isEmpty: boolean,
): Promise<TestDatabase> {
  const file = join(folder, 'latchkey.sqlite');
  if (!isEmpty) {
    copyFileSync(await migratedFile(), file);
  }
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

/** Creates the tables in a database, like the first start of a server. */
async function migrate(database: Pick<TestDatabase, 'url' | 'folder'>): Promise<void> {
  const { openDatabase } = await import('./database/open-database.js');
  await (await openDatabase(database)).close();
}

/** Returns a database with all tables. The first test creates it, in the folder of the prepared API. */
async function migratedFile(): Promise<string> {
  const parent = process.env.LATCHKEYTEST_API ?? '';
  const path = join(parent, 'migrated.sqlite');
  if (!existsSync(path)) {
    const folder = mkdtempSync(join(parent, 'new-'));
    const file = join(folder, 'migrated.sqlite');
    await migrate({ url: `sqlite:${file}`, folder });
    // Another process may have created it.
    renameSync(file, path);
    rmSync(folder, { recursive: true });
  }
  return path;
}

/** Creates the database with all tables from which tests create others, unless another process has. */
async function createTemplate(cluster: string, name: string, folder: string): Promise<void> {
  const client = new pg.Client({ connectionString: cluster });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) {
      await client.query(`DROP DATABASE IF EXISTS ${name}_new`);
      await client.query(`CREATE DATABASE ${name}_new STRATEGY FILE_COPY`);
      await migrate({ url: urlOf(cluster, `${name}_new`), folder });
      await client.query(`ALTER DATABASE ${name}_new RENAME TO ${name}`);
    }
  } finally {
    await client.end();
  }
}

/** PostgreSQL's code of a template that does not exist. */
const UNKNOWN_DATABASE = '3D000';

async function createPostgres(
  folder: string,
  removeFolder: () => void,
  isEmpty: boolean,
): Promise<TestDatabase> {
  const { LATCHKEYTEST_POSTGRES_URL: cluster, LATCHKEYTEST_POSTGRES_TEMPLATE: template = '' } = process.env;
  if (!cluster) {
    throw new Error('PostgreSQL is not running. Add postgres.global-setup to the jest project.');
  }
  const name = `latchkey_${randomBytes(6).toString('hex')}`;
  // The default strategy also writes all pages to the log, which takes twice the processor time.
  const create = (from: string) =>
    queryOnce(cluster, `CREATE DATABASE ${name} TEMPLATE ${from} STRATEGY FILE_COPY`);
  await create(isEmpty ? 'template1' : template).catch(async (error: { code?: string }) => {
    if (error.code !== UNKNOWN_DATABASE) {
      throw error;
    }
    await createTemplate(cluster, template, folder);
    await create(template);
  });
  const url = urlOf(cluster, name);
  return {
    url,
    folder,
    query: <Row>(sql: string) => queryOnce<Row>(url, sql),
    execute: async (...statements) => {
      for (const sql of statements) {
        await queryOnce(url, sql);
      }
    },
    drop: async () => {
      await queryOnce(cluster, `DROP DATABASE ${name} WITH (FORCE)`);
      removeFolder();
    },
  };
}

/** Returns the URL of a database in a PostgreSQL cluster. */
const urlOf = (cluster: string, name: string) =>
  Object.assign(new URL(cluster), { pathname: `/${name}` }).href;

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
 * Returns all rows that requests change, in a stable order. Excludes values that the server writes in the
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
