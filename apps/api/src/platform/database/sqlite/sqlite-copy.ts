import { closeSync, fsyncSync, openSync } from 'node:fs';
import Database from '#sqlite';
import { DatabaseFileError } from '../../../common/application-error.js';
import { readApplied, type AppliedMigration } from '../schema-state.js';

/**
 * Checks that a copy of an SQLite database is intact. Merges its log into the file.
 *
 * @returns the migrations that the database has run; none if it is not a Latchkey database.
 */
export async function checkCopy(file: string): Promise<AppliedMigration[]> {
  try {
    const database = new Database(file, { fileMustExist: true });
    try {
      // Merges a log into the file. The next process to open it creates no log until it writes.
      database.pragma('journal_mode = DELETE');
      checkPages(database);
      return await readMigrations(database);
    } finally {
      database.close();
    }
  } catch (error) {
    throw error instanceof DatabaseFileError
      ? error
      : new DatabaseFileError(`It is not an intact SQLite database: ${(error as Error).message}.`);
  }
}

/** Syncs a file, or the names in a directory, to the disk. */
export function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Rejects damaged pages, and rows that refer to missing ones. */
export function checkPages(database: Database.Database): void {
  // Entries that someone inserted into the audit trail violate a check. They are not damage, and verification
  // reports them.
  database.pragma('ignore_check_constraints = ON');
  const [first] = database.pragma('integrity_check(1)') as { integrity_check: string }[];
  if (first?.integrity_check !== 'ok') {
    throw new DatabaseFileError(`The database is damaged: ${first?.integrity_check}.`);
  }
  const orphans = database.pragma('foreign_key_check') as { table: string }[];
  if (orphans.length > 0) {
    throw new DatabaseFileError(
      `The database is damaged: ${orphans.length} rows refer to missing rows, the first in ${orphans[0]?.table}.`,
    );
  }
}

/** Returns the migrations that a database has run; none if it is not a Latchkey database. */
export function readMigrations(database: Database.Database): Promise<AppliedMigration[]> {
  return readApplied((sql) => database.prepare<[], AppliedMigration>(sql).all());
}
