import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { ConfigurationError } from '../config/configuration-error.js';

/**
 * Makes sure that one process alone uses an SQLite database: its write queue cannot see another process's writes.
 * The lock is one of SQLite's own on a file beside the database, so it ends with the process, however that ends.
 */
export class SqliteLock {
  private constructor(private readonly database: Database.Database) {}

  /**
   * Takes the lock; makes the folder if there is none.
   *
   * @throws ConfigurationError if another process holds the lock, or there can be no file.
   */
  static acquireFor(file: string): SqliteLock {
    const database = open(file);
    try {
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      throw new ConfigurationError(
        `DATABASE_URL: another Latchkey process uses ${file}; stop it first, or use PostgreSQL for several`,
        { cause: error },
      );
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
    return new Database(`${file}.lock`, { timeout: 0 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(`DATABASE_URL: ${file} cannot be made or opened: ${reason}`, {
      cause: error,
    });
  }
}
