import { type DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { ApplicationError } from '../../../common/application-error.js';
import { codeOf } from '../driver-errors.js';

/** Connections whose last rollback failed. */
const leftOpen = new WeakSet<QueryRunner>();

/**
 * Runs `work` in a transaction of the connection for writing. No other transaction may be open on it.
 *
 * @throws the first error, even if the rollback fails as well, because the first one names the cause.
 */
export async function inSqliteTransaction<T>(
  writer: DataSource,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  const runner = writer.createQueryRunner();
  try {
    if (leftOpen.has(runner)) {
      await rollBack(runner);
    }
    // Not TypeORM's BEGIN: if another process writes between the first read and the first write of such a transaction, SQLite
    // rejects the write at once. IMMEDIATE waits for the other process before the first read.
    await runner.query('BEGIN IMMEDIATE');
    try {
      const result = await work(runner.manager);
      await runner.query('COMMIT');
      return result;
    } catch (error) {
      leftOpen.add(runner);
      await rollBack(runner).catch(() => undefined);
      throw error;
    }
  } finally {
    await runner.release();
  }
}

/** After some errors, above all on a full disk, SQLite has rolled back on its own and rejects a rollback. */
async function rollBack(runner: QueryRunner): Promise<void> {
  try {
    await runner.query('ROLLBACK');
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('no transaction is active'))) {
      throw error;
    }
  }
  leftOpen.delete(runner);
}

const RETRY_SECONDS = 30;

/** SQLite codes of a failed fsync. */
const SYNC_FAILURE = /^SQLITE_IOERR_(DIR_)?FSYNC$/;

/**
 * Tracks whether synced data is on the disk. After a failed fsync this is unknown: the system may drop the data and report
 * success for the next one. So all writes are rejected until a restart, which reads the disk.
 */
export class DiskTrust {
  private failure: unknown;
  private readonly listeners: ((failure: unknown) => void)[] = [];

  get isLost(): boolean {
    return this.failure !== undefined;
  }

  /** Calls `listener` after the first failed sync. */
  onLoss(listener: (failure: unknown) => void): void {
    this.listeners.push(listener);
  }

  /** Runs a write and watches for a failed sync. @throws ApplicationError `unavailable` once a sync has failed. */
  async guard<T>(write: () => Promise<T>): Promise<T> {
    if (this.isLost) {
      throw new ApplicationError('unavailable', { retryAfterSeconds: RETRY_SECONDS, cause: this.failure });
    }
    try {
      return await write();
    } catch (error) {
      if (SYNC_FAILURE.test(codeOf(error))) {
        this.failure = error;
        this.listeners.forEach((listener) => listener(error));
      }
      throw error;
    }
  }
}

/** Changed rows between two checkpoints: with indexes about 1,000 pages, SQLite's default interval. */
const ROWS_BETWEEN = 300;

/**
 * Runs checkpoints, which copy commits from the write-ahead log into the database file. The automatic checkpoints of SQLite
 * do not report a failed sync, and reset the log after the next one that succeeds: data that the system dropped would be
 * lost.
 */
export class SqliteCheckpoints {
  /** Changed rows at the last checkpoint. The first commit always runs one, for commits from before the start. */
  private changedBefore = -Infinity;

  constructor(
    private readonly writer: DataSource,
    private readonly disk: DiskTrust,
  ) {}

  /** Runs a checkpoint if one is due. Even if it fails, the commit is on the disk, in the log. */
  async afterCommit(): Promise<void> {
    const [row] = await this.writer.query<{ changed: number }[]>('SELECT total_changes() AS changed');
    const changed = row?.changed ?? 0;
    if (changed - this.changedBefore < ROWS_BETWEEN) {
      return;
    }
    try {
      await this.disk.guard(() => this.writer.query('PRAGMA wal_checkpoint(PASSIVE)'));
      this.changedBefore = changed;
    } catch {
      // The listeners of the disk already know of a failed sync. Other errors, such as a full disk, may be gone by the next
      // commit.
    }
  }
}
