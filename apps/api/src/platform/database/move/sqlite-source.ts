import Database from '#sqlite';
import { DatabaseFileError } from '../../../common/application-error.js';
import { RELEASES_TABLE, schemaState, type SchemaState } from '../schema-state.js';
import { checkPages, readMigrations } from '../sqlite/sqlite-copy.js';
import { DatabaseInUseError, SqliteLock } from '../sqlite/sqlite-lock.js';
import { type MovedTable } from './moved-table.js';

/** A move copies the tables that this build knows, so it would lose those of the next release. */
const fromNewer = (file: string) =>
  `${file} is from a newer build: use the program that belongs to its server.`;

/** Advice for a file whose tables are not those of this build. */
const ADVICE: Record<Exclude<SchemaState, 'current'>, (file: string) => string> = {
  empty: (file) => `${file} is not a Latchkey database.`,
  older: (file) =>
    `${file} is of an older build: start the server of this build on it, so that it is migrated, and stop it again.`,
  ahead: fromNewer,
  newer: fromNewer,
};

const COLUMNS_SQL = `SELECT t."name" AS "table", c."name" AS "column" FROM sqlite_schema t, pragma_table_info(t."name") c
  WHERE t."type" = 'table' AND t."name" NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND t."name" NOT IN ('migrations', '${RELEASES_TABLE}')`;

/**
 * SQLite database that is the source of a move. It is read as a snapshot, never written, and locked against
 * servers.
 */
export class SqliteSource {
  /**
   * Cached, because on Node 24 the garbage collection of a statement aborts the process: see decision 0001.
   */
  private readonly statements = new Map<string, Database.Statement<unknown[]>>();

  private constructor(
    private readonly database: Database.Database,
    private readonly lock: SqliteLock,
  ) {}

  /** Opens an existing file. */
  static async open(file: string): Promise<SqliteSource> {
    const lock = lockOf(file);
    try {
      return new SqliteSource(await openWhole(file), lock);
    } catch (error) {
      lock.undo();
      throw error instanceof DatabaseFileError
        ? error
        : new DatabaseFileError(`${file} is not an intact SQLite database: ${(error as Error).message}.`);
    }
  }

  all<Row>(sql: string, ...parameters: unknown[]): Row[] {
    const statement = this.statements.get(sql) ?? this.database.prepare<unknown[]>(sql);
    this.statements.set(sql, statement);
    return statement.all(...parameters) as Row[];
  }

  /** Checks that the move covers the whole file. */
  checkTables(tables: readonly MovedTable[]): void {
    const known = new Set(
      tables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`)),
    );
    const there = this.all<{ table: string; column: string }>(COLUMNS_SQL);
    const unknown = there.map(({ table, column }) => `${table}.${column}`).filter((name) => !known.has(name));
    if (unknown.length > 0) {
      throw new DatabaseFileError(
        `The file has tables or columns that this build does not know: ${unknown.join(', ')}.`,
      );
    }
  }

  close(): void {
    this.database.close();
    this.lock.undo();
  }
}

function lockOf(file: string): SqliteLock {
  try {
    return SqliteLock.acquireFor(file);
  } catch (error) {
    throw error instanceof DatabaseInUseError
      ? new DatabaseFileError(
          `A server or another command uses ${file}. Stop it first, so that nothing changes during the move.`,
        )
      : error;
  }
}

async function openWhole(file: string): Promise<Database.Database> {
  const database = new Database(file, { fileMustExist: true });
  try {
    database.pragma('query_only = ON');
    database.exec('BEGIN');
    checkPages(database);
    const state = schemaState(await readMigrations(database));
    if (state !== 'current') {
      throw new DatabaseFileError(ADVICE[state](file));
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
