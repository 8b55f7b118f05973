import { closeSync, existsSync, mkdirSync, openSync, realpathSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { ConfigurationError } from '../../config/configuration-error.js';
import { codeOf } from '../driver-errors.js';

/** Another process uses the database. */
export class DatabaseInUseError extends ConfigurationError {}

/** Files, and folders with the inner ones first, that did not exist before. */
interface Made {
  files: string[];
  folders: string[];
}

/**
 * Makes sure that one process alone uses an SQLite database: its write queue cannot see another process's writes.
 * The lock is one of SQLite's own on a file beside the database, so it ends with the process, however that ends.
 */
export class SqliteLock {
  private constructor(
    private readonly database: Database.Database,
    private readonly made: Made,
  ) {}

  /**
   * Takes the lock; makes the folder and the file if there is none.
   *
   * @throws DatabaseInUseError if another process holds the lock, ConfigurationError if there can be no file.
   */
  static acquireFor(file: string): SqliteLock {
    const made: Made = { files: [], folders: [] };
    let database: Database.Database | undefined;
    try {
      database = open(file, made);
      database.exec('BEGIN EXCLUSIVE');
      return new SqliteLock(database, made);
    } catch (error) {
      database?.close();
      if (isBusy(error)) {
        throw new DatabaseInUseError(
          `DATABASE_URL: another Latchkey process uses ${file}; stop it first, or use PostgreSQL for several`,
          { cause: error },
        );
      }
      remove(made);
      throw refusalOf(file, error);
    }
  }

  release(): void {
    this.database.close();
  }

  /** Releases the lock when nothing was to be kept, and removes what taking it created and what SQLite put beside it. */
  undo(): void {
    remove(this.made);
    this.database.close();
  }
}

function open(file: string, made: Made): Database.Database {
  const folder = dirname(file);
  const outermost = mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (let each = folder; outermost && each.length >= outermost.length; each = dirname(each)) {
    made.folders.push(each);
  }
  const isNew = !existsSync(file);
  if (isNew) {
    // Empty, which SQLite takes for a new database, so that there is a file to follow links to.
    closeSync(openSync(file, 'a', 0o600));
  }
  // Beside the file itself, so that all the links to it lead to the same lock.
  const target = realpathSync(file);
  const lock = `${target}.lock`;
  if (isNew) {
    made.files.push(...['', '-journal', '-wal', '-shm'].map((suffix) => `${target}${suffix}`));
  }
  if (!existsSync(lock)) {
    made.files.push(lock, `${lock}-journal`);
  }
  return new Database(lock, { timeout: 0 });
}

function remove({ files, folders }: Made): void {
  files.forEach((file) => rmSync(file, { force: true }));
  for (const folder of folders) {
    try {
      rmdirSync(folder);
    } catch {
      // Not empty: another process has put something there.
    }
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
