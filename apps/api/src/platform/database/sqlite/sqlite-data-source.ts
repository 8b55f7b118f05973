import { realpathSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import Database from '#sqlite';
import { DataSource, type MixedList } from 'typeorm';
import { ConfigurationError } from '../../../common/application-error.js';
import { lruCache } from '../../../common/lru-cache.js';
import { adviceOnDamage } from '../driver-errors.js';
import { MIGRATIONS } from '../migrations/index.js';

type Entities = MixedList<new () => unknown>;

const BUSY_TIMEOUT_MILLISECONDS = 5_000;

/**
 * Maximum number of cached prepared statements per connection. The filters and orders of lists combine in
 * many thousands of texts, and a prepared statement takes 12 KiB outside the heap.
 */
const STATEMENTS_MAX = 500;
const SYNCHRONOUS_NORMAL = 1;
const SYNCHRONOUS_FULL = 2;

/**
 * Opens the connection for writing. Creates the file if it does not exist. Commits sync until
 * {@link openSqliteLog} is called.
 */
export async function openSqliteWriter(file: string, entities: Entities): Promise<DataSource> {
  const source = new DataSource({
    type: 'better-sqlite3',
    driver: Database,
    database: file,
    entities,
    migrations: MIGRATIONS,
    timeout: BUSY_TIMEOUT_MILLISECONDS,
    statementCacheSize: STATEMENTS_MAX,
    prepareDatabase: (database: Database.Database) => {
      database.pragma('journal_mode = WAL');
      // Set after the mode: a reopened WAL file starts with NORMAL, which may lose the last commits.
      database.pragma('synchronous = FULL');
      database.pragma('foreign_keys = ON');
      // SqliteCheckpoints runs them, because automatic ones do not report failures.
      database.pragma('wal_autocheckpoint = 0');
    },
  });
  await initialize(source, file);
  await checkPragma(source, 'synchronous', SYNCHRONOUS_FULL);
  await checkPragma(source, 'foreign_keys', 1);
  await checkPragma(source, 'journal_mode', 'wal');
  return source;
}

/**
 * Opens the write-ahead log for {@link LogSync}. From then on, commits return before they are on the disk.
 * Checkpoints still sync the log, then the database file.
 */
export async function openSqliteLog(writer: DataSource, file: string): Promise<FileHandle> {
  await writer.query('PRAGMA synchronous = NORMAL');
  await checkPragma(writer, 'synchronous', SYNCHRONOUS_NORMAL);
  // The log exists, because the connection keeps it open. SQLite also resolves symbolic links.
  const log = await open(`${realpathSync(file)}-wal`, 'r+');
  // After a crash, the log can contain commits that were not synced.
  await log.datasync();
  return log;
}

/** Opens the connection for reading. SQLite rejects writes on it. */
export async function openSqliteReader(file: string, entities: Entities): Promise<DataSource> {
  const source = new DataSource({
    type: 'better-sqlite3',
    driver: Database,
    database: file,
    entities,
    timeout: BUSY_TIMEOUT_MILLISECONDS,
    statementCacheSize: STATEMENTS_MAX,
    prepareDatabase: (database: Database.Database) => {
      database.pragma('query_only = ON');
      // The built-in `lower` only knows ASCII, so a search for `ünal` would not find `Ünal`.
      database.function('lower', { deterministic: true }, (text: unknown) =>
        typeof text === 'string' ? text.toLowerCase() : text,
      );
    },
  });
  await initialize(source, file);
  return source;
}

/** Rejects an installation whose driver for SQLite is missing, or cannot be loaded. */
export function checkSqliteDriver(): void {
  try {
    new Database(':memory:').close();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`The driver for SQLite cannot be loaded: ${reason}`, { cause });
  }
}

async function initialize(source: DataSource, file: string): Promise<void> {
  bindNumbers(source);
  try {
    await source.initialize();
    keepFrequentStatements(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(
      `DATABASE_URL: ${file} cannot be opened as an SQLite database: ${reason}${adviceOnDamage(error)}`,
      { cause: error },
    );
  }
}

async function checkPragma(source: DataSource, name: string, wanted: unknown): Promise<void> {
  const [row] = await source.query<Record<string, unknown>[]>(`PRAGMA ${name}`);
  if (row?.[name] !== wanted) {
    throw new ConfigurationError(`DATABASE_URL: SQLite did not take ${name}=${String(wanted)}; it must`);
  }
}

/**
 * Evicts the least recently used statements. TypeORM evicts the oldest ones, which all requests need, when
 * users send many different lists.
 */
function keepFrequentStatements(source: DataSource): void {
  Object.assign(source.createQueryRunner(), {
    stmtCache: lruCache<string, Database.Statement>(STATEMENTS_MAX),
  });
}

/**
 * Passes integers as parameters. On SQLite TypeORM writes them into the text of a statement, so each instant
 * would create, prepare and cache another statement.
 */
function bindNumbers({ driver }: DataSource): void {
  const escape = driver.escapeQueryWithParameters.bind(driver);
  driver.escapeQueryWithParameters = (sql, parameters) =>
    escape(
      sql,
      Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [
          name,
          // The driver binds a `bigint` as an integer, but numbers beyond 32 bits as floats.
          Number.isSafeInteger(value) ? BigInt(value as number) : value,
        ]),
      ),
    );
}
