import { type DataSource } from 'typeorm';
import { type DiskTrust } from './disk-trust.js';

/** Changed rows between two checkpoints: with their indexes some 1,000 pages, after which SQLite makes one by default. */
const ROWS_BETWEEN = 300;

/**
 * Brings what is committed from the write-ahead log into the database file. SQLite would do so by itself, but tells
 * nobody when a sync fails in it, and begins the log anew after the next one that seems to succeed: what the system
 * dropped from the file would then be nowhere.
 */
export class SqliteCheckpoints {
  /** Rows that the connection had changed at the last checkpoint. The first commit brings over what was left before. */
  private changedBefore = -Infinity;

  constructor(
    private readonly writer: DataSource,
    private readonly disk: DiskTrust,
  ) {}

  /** Makes a checkpoint if one is due. Whatever comes of it, the commit before it is on the disk, in the log. */
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
      // Who listens to the disk has been told of a sync that failed. All else, such as a full disk, may have passed by
      // the next commit.
    }
  }
}
