import { type DataSource, type MixedList } from 'typeorm';
import { type Config } from '../config/config.js';
import { migrate } from './migrate.js';
import {
  answerDeadline,
  connectionRenewal,
  NEWEST_POSTGRES,
  openPostgres,
  openPostgresToMigrate,
  ownConnection,
  postgresVersion,
  type OwnConnection,
} from './postgres/postgres-data-source.js';
import { serverMark } from './postgres/server-mark.js';
import { LogSync } from './sqlite/durability/log-sync.js';
import { openSqliteLog, openSqliteReader, openSqliteWriter } from './sqlite/sqlite-data-source.js';
import { SqliteLock } from './sqlite/sqlite-lock.js';

/**
 * Open database, with one data source for reading and one for writing. On PostgreSQL they are the same pool.
 */
export class Database {
  private constructor(
    readonly reader: DataSource,
    readonly writer: DataSource,
    /** Time limit of a transaction; `undefined` on SQLite, whose statements cannot be stopped. */
    readonly transactionMilliseconds: number | undefined,
    /**
     * Creates a connection outside the pool, with a name for `pg_stat_activity`. `undefined` on SQLite, where
     * no other process writes.
     */
    readonly ownConnection?: (applicationName: string) => OwnConnection,
    /**
     * Replaces the connections of the pool: idle ones now, the others when they are returned. `undefined` on
     * SQLite.
     */
    readonly renewConnections?: () => void,
    private readonly sqlite?: { readonly lock: SqliteLock; readonly log: LogSync },
  ) {}

  /** Opens the database and runs pending migrations. */
  static async open(config: Config, entities: MixedList<new () => unknown>): Promise<Database> {
    if (config.database.kind === 'postgres') {
      const { url } = config.database;
      await migratePostgres(url, config);
      const pool = await openPostgres(url, config, entities, serverMark(config));
      return new Database(
        pool,
        pool,
        answerDeadline(config.statementTimeoutMilliseconds),
        (name) => ownConnection(pool, url, name),
        connectionRenewal(pool),
      );
    }
    const { file } = config.database;
    const lock = SqliteLock.acquireFor(file);
    let writer: DataSource | undefined;
    let log: LogSync | undefined;
    try {
      writer = await openSqliteWriter(file, entities);
      await migrate(writer);
      log = new LogSync(await openSqliteLog(writer, file));
      const reader = await openSqliteReader(file, entities);
      return new Database(reader, writer, undefined, undefined, undefined, { lock, log });
    } catch (error) {
      await log?.close();
      await writer?.destroy();
      lock.undo();
      throw error;
    }
  }

  /** Syncs the write-ahead log of SQLite, because commits do not. */
  get log(): LogSync | undefined {
    return this.sqlite?.log;
  }

  /** Whether all transactions share one connection, so that writes must queue. */
  get hasOneWriter(): boolean {
    return this.writer.options.type === 'better-sqlite3';
  }

  /** Version of PostgreSQL if it is newer than the tested ones. */
  get untestedPostgres(): number | undefined {
    const version = this.hasOneWriter ? undefined : postgresVersion(this.writer);
    return version !== undefined && version > NEWEST_POSTGRES ? version : undefined;
  }

  async close(): Promise<void> {
    for (const source of new Set([this.reader, this.writer])) {
      if (source.isInitialized) {
        await source.destroy();
      }
    }
    await this.log?.close();
    this.sqlite?.lock.release();
  }
}

async function migratePostgres(url: string, config: Config): Promise<void> {
  const source = await openPostgresToMigrate(url, config);
  try {
    await migrate(source);
  } finally {
    await source.destroy();
  }
}
