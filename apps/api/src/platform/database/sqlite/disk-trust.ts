import { ApplicationError } from '../../../common/application-error.js';
import { codeOf } from '../driver-errors.js';

const RETRY_SECONDS = 30;

/** Codes with which SQLite says that the system could not bring to the disk what was written. */
const SYNC_FAILURE = /^SQLITE_IOERR_(DIR_)?FSYNC$/;

/**
 * Whether what is synced is on the disk. After one sync that failed nobody knows: the system may drop what it could not
 * write, and call the next sync a success. Only a start reads what is really there, so nothing is written before.
 */
export class DiskTrust {
  private failure: unknown;
  private readonly listeners: ((failure: unknown) => void)[] = [];

  get isLost(): boolean {
    return this.failure !== undefined;
  }

  /** Calls back when trust is lost. */
  onLoss(listener: (failure: unknown) => void): void {
    this.listeners.push(listener);
  }

  /** Writes, and sees what comes of it. @throws ApplicationError `unavailable` once a sync has failed. */
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
