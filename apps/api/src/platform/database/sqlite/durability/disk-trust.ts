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
