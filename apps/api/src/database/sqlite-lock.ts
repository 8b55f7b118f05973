import Database from 'better-sqlite3';
import { ConfigurationError } from '../config/configuration-error.js';

/**
 * Makes sure that one process alone uses an SQLite database: its write queue cannot see another process's writes.
 * The lock is one of SQLite's own on a file beside the database, so it ends with the process, however that ends.
 */
export class SqliteLock {
  private constructor(private readonly database: Database.Database) {}

  /** @throws ConfigurationError if another process holds the lock. */
  static acquireFor(file: string): SqliteLock {
    const database = new Database(`${file}.lock`, { timeout: 0 });
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
