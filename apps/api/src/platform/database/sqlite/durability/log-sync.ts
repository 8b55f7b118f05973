import { type FileHandle } from 'node:fs/promises';
import { ApplicationError } from '../../../../common/application-error.js';
import { codeOf } from '../../driver-errors.js';

const RETRY_SECONDS = 30;

/** SQLite codes of a failed fsync. */
const SYNC_FAILURE = /^SQLITE_IOERR_(DIR_)?FSYNC$/;

/**
 * Tracks whether synced data is on the disk. After a failed fsync this is unknown: the system may drop the
 * data and report success for the next one. So all writes are rejected until a restart, which reads the disk.
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

  /**
   * Runs a write and watches for a failed sync.
   *
   * @throws ApplicationError `unavailable` once a sync has failed.
   */
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
