import { closeSync, existsSync, mkdirSync, openSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { ConfigurationError } from '../config/configuration-error.js';
import { codeOf } from './driver-errors.js';

/** Another process uses the database. */
export class DatabaseInUseError extends ConfigurationError {}

/**
 * Makes sure that one process alone uses an SQLite database: its write queue cannot see another process's writes.
 * The lock is one of SQLite's own on a file beside the database, so it ends with the process, however that ends.
 */
export class SqliteLock {
  private constructor(private readonly database: Database.Database) {}

  /**
   * Takes the lock; makes the folder and the file if there is none.
   *
   * @throws DatabaseInUseError if another process holds the lock, ConfigurationError if there can be no file.
   */
  static acquireFor(file: string): SqliteLock {
    const database = open(file);
    try {
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      throw isBusy(error)
        ? new DatabaseInUseError(
            `DATABASE_URL: another Latchkey process uses ${file}; stop it first, or use PostgreSQL for several`,
            { cause: error },
          )
        : refusalOf(file, error);
    }
    return new SqliteLock(database);
  }

  release(): void {
    this.database.close();
  }
}

function open(file: string): Database.Database {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (!existsSync(file)) {
      // Empty, which SQLite takes for a new database, so that there is a file to follow links to.
      closeSync(openSync(file, 'a', 0o600));
    }
    // Beside the file itself, so that all the links to it lead to the same lock.
    return new Database(`${realpathSync(file)}.lock`, { timeout: 0 });
  } catch (error) {
    throw refusalOf(file, error);
  }
}

function isBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY');
}

function refusalOf(file: string, cause: unknown): ConfigurationError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ConfigurationError(`DATABASE_URL: ${file} cannot be made, opened or locked: ${reason}`, {
    cause,
  });
}
