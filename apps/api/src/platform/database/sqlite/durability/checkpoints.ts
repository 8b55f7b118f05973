import { type DataSource } from 'typeorm';
import { type DiskTrust } from './log-sync.js';

/**
 * Changed rows between two checkpoints: with their indexes, about 15 MiB of log. Checkpoints are rare,
 * because they delay all requests: each by two syncs, and the next commit by a third.
 */
const ROWS_BETWEEN = 1_000;

/**
 * Runs checkpoints, which copy commits from the write-ahead log into the database file. The automatic
 * checkpoints of SQLite do not report a failed sync, and reset the log after the next successful one. Data
 * that the system dropped would be lost.
 */
export class SqliteCheckpoints {
  /**
   * Changed rows at the last checkpoint. The first commit always runs one, for commits from before the start.
   */
  private changedBefore = -Infinity;

  constructor(
    private readonly writer: DataSource,
    private readonly disk: DiskTrust,
  ) {}

  /** Runs a checkpoint if one is due. Even if it fails, the commit is in the log. */
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
      // The listeners of the disk already know of a failed sync. Other errors, such as a full disk, may be
      // gone by the next commit.
    }
  }
}
