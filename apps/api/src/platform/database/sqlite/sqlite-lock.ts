import { closeSync, existsSync, mkdirSync, openSync, realpathSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from '#sqlite';
import { ConfigurationError } from '../../../common/application-error.js';
import { codeOf } from '../driver-errors.js';

/** The database is in use by another process. */
export class DatabaseInUseError extends ConfigurationError {}

/** Files and directories that did not exist before; inner directories come first. */
interface Made {
  files: string[];
  folders: string[];
}

/**
 * Ensures that only one process uses an SQLite database, because its write queue does not cover other
 * processes. It is an SQLite lock on a file beside the database, so it is released when the process exits,
 * even after a crash.
 */
export class SqliteLock {
  private constructor(
    private readonly database: Database.Database,
    private readonly made: Made,
  ) {}

  /**
   * Takes the lock. Creates missing directories and the file.
   *
   * @throws DatabaseInUseError if another process holds the lock, ConfigurationError if the file cannot be
   *   created.
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
          `DATABASE_URL: another Latchkey process uses ${file}: a server or a command. Stop it first. Several servers need PostgreSQL.`,
          { cause: error },
        );
      }
      remove(made);
      throw rejectionOf(file, error);
    }
  }

  release(): void {
    this.database.close();
  }

  /** Releases the lock and removes all files that taking it created. */
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
    // An empty file is a new database to SQLite. It must exist, so that links can be resolved.
    closeSync(openSync(file, 'a', 0o600));
  }
  // Beside the target of links, so that all links to the file share the lock.
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
      // Not empty: it has files of another process.
    }
  }
}

function isBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY');
}

function rejectionOf(file: string, cause: unknown): ConfigurationError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ConfigurationError(`DATABASE_URL: ${file} cannot be made, opened or locked: ${reason}`, {
    cause,
  });
}
