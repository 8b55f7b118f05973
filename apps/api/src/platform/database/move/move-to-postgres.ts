import { type EntityManager, type MixedList } from 'typeorm';
import { type Config } from '../../config/config.js';
import { ConfigurationError, DatabaseFileError } from '../../../common/application-error.js';
import { migrate } from '../migrate.js';
import { openPostgresToMigrate } from '../postgres/postgres-data-source.js';
import { PostgresTarget } from './postgres-target.js';
import { movedTables, type MovedRow, type MovedTable } from './moved-table.js';
import { SourceRows } from './source-rows.js';
import { type SqliteSource } from './sqlite-source.js';

export type RowCounts = Record<string, number>;

/** Receives the progress of a move. */
export type ReportRows = (done: number, total: number, what: 'rows copied' | 'rows compared') => void;

/**
 * Copies all rows into an unused PostgreSQL database, and compares each with its copy, in one transaction: if
 * it fails or the process stops, the target stays empty.
 *
 * @returns the number of moved rows.
 */
export async function moveToPostgres(
  source: SqliteSource,
  url: string,
  config: Config,
  entities: MixedList<new () => unknown>,
  report: ReportRows,
): Promise<RowCounts> {
  const opened = await openPostgresToMigrate(url, config, entities);
  try {
    const tables = movedTables(opened.entityMetadatas);
    source.checkTables(tables);
    await checkEncoding(opened.manager);
    // Before migrations and locks: servers of an older build may use the tables.
    await new PostgresTarget(opened.manager).checkUnused(tables);
    await migrate(opened);
    return await opened.transaction(async (manager) => {
      const target = new PostgresTarget(manager);
      await target.lock(tables);
      await target.checkUnused(tables);
      await target.removeSeeds();
      return new Move(source, target, tables, report).run();
    });
  } catch (error) {
    throw error instanceof DatabaseFileError || error instanceof ConfigurationError
      ? error
      : brokenOff(error as Error);
  } finally {
    await opened.destroy();
  }
}

/**
 * Returns the error of an interrupted move. If the response to the commit was lost, only the database knows
 * the outcome.
 */
function brokenOff(cause: Error): DatabaseFileError {
  return new DatabaseFileError(
    `The move was interrupted: ${cause.message}. Nothing was moved, unless only the response to the last step was lost. Try again to find out.`,
    { cause },
  );
}

async function checkEncoding(manager: EntityManager): Promise<void> {
  const [{ server_encoding: encoding } = {}] =
    await manager.query<{ server_encoding?: string }[]>('SHOW server_encoding');
  if (encoding !== 'UTF8') {
    throw new DatabaseFileError(
      `The encoding of the PostgreSQL database is ${encoding}. Create one with ENCODING 'UTF8'.`,
    );
  }
}

class Move {
  private readonly rows: ReadonlyMap<MovedTable, SourceRows>;
  private readonly counts: RowCounts;
  private readonly total: number;

  constructor(
    source: SqliteSource,
    private readonly target: PostgresTarget,
    private readonly tables: readonly MovedTable[],
    private readonly report: ReportRows,
  ) {
    this.rows = new Map(tables.map((table) => [table, new SourceRows(source, table)]));
    this.counts = Object.fromEntries([...this.rows].map(([{ name }, rows]) => [name, rows.count()]));
    this.total = Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  async run(): Promise<RowCounts> {
    await this.eachBatch('rows copied', (table, rows) => this.target.insert(table, rows));
    await this.target.analyze(this.tables);
    await this.eachBatch('rows compared', (table, rows) => this.target.checkCopies(table, rows));
    for (const table of this.tables) {
      await this.target.checkCount(table, this.counts[table.name] ?? 0);
    }
    return this.counts;
  }

  private async eachBatch(
    what: Parameters<ReportRows>[2],
    work: (table: MovedTable, rows: MovedRow[]) => Promise<void>,
  ): Promise<void> {
    let done = 0;
    for (const [table, source] of this.rows) {
      for (const rows of source.batches()) {
        await work(table, rows);
        done += rows.length;
        this.report(done, this.total, what);
      }
    }
  }
}
