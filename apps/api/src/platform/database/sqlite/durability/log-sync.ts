import { type FileHandle } from 'node:fs/promises';
import { DiskTrust } from './disk-trust.js';

/**
 * Syncs the write-ahead log in the thread pool, so that the server handles other requests meanwhile. One sync
 * covers all commits before it.
 */
export class LogSync {
  /** Tracks failed syncs. */
  readonly disk = new DiskTrust();
  private latest: Promise<void> = Promise.resolve();
  private isWaiting = false;

  constructor(private readonly log: Pick<FileHandle, 'datasync' | 'close'>) {}

  /** Resolves when all commits so far are on the disk. Rejects after a failed sync. */
  get synced(): Promise<void> {
    return this.latest;
  }

  /**
   * Schedules a sync after a commit. Commits during a sync share the next one, because the current one may
   * not cover them.
   */
  schedule(): void {
    if (!this.isWaiting) {
      this.isWaiting = true;
      this.latest = this.latest.then(() => this.sync());
      // Transactions handle the failure.
      this.latest.catch(() => undefined);
    }
  }

  /** Waits for the scheduled syncs and closes the log. */
  async close(): Promise<void> {
    await this.latest.catch(() => undefined);
    await this.log.close();
  }

  private sync(): Promise<void> {
    this.isWaiting = false;
    return this.disk.guard(async () => {
      try {
        await this.log.datasync();
      } catch (cause) {
        const code = 'SQLITE_IOERR_FSYNC';
        throw Object.assign(new Error('The write-ahead log could not be synced', { cause }), { code });
      }
    });
  }
}
