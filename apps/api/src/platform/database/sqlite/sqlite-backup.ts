import { closeSync, existsSync, lstatSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from '#sqlite';
import { DatabaseFileError } from '../../../common/application-error.js';
import { adviceOnDamage } from '../driver-errors.js';
import { checkCopy, sync } from './sqlite-copy.js';

/** Pages per copy step. */
const PAGES = 1_000;

/**
 * Copies a snapshot of an SQLite database into a new file, while a server continues to write. Only the owner
 * can read the file. It is checked, and gets its name once it is complete.
 *
 * @param report receives the number of copied pages and of all pages.
 * @returns the size of the copy in bytes.
 */
export async function backUpSqlite(
  file: string,
  target: string,
  report: (done: number, total: number) => void,
): Promise<number> {
  // A link is not followed, even if its target is missing.
  if (lstatSync(target, { throwIfNoEntry: false })) {
    throw new DatabaseFileError(
      `${target} exists, and a backup does not overwrite files. Choose another name.`,
    );
  }
  if (!existsSync(dirname(target))) {
    throw new DatabaseFileError(`The folder ${dirname(target)} does not exist. Create it first.`);
  }
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  // SQLite fills this empty file, so no byte is ever readable by others.
  closeSync(openSync(partial, 'wx', 0o600));
  try {
    await copy(file, partial, report);
    await checkCopy(partial);
    sync(partial);
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
  sync(dirname(target));
  return statSync(target).size;
}

async function copy(
  file: string,
  target: string,
  report: (done: number, total: number) => void,
): Promise<void> {
  const database = new Database(file, { fileMustExist: true });
  try {
    database.pragma('query_only = ON');
    // The snapshot of this transaction. Without it each write would restart the copy.
    database.exec('BEGIN');
    database.prepare('SELECT COUNT(*) FROM sqlite_schema').get();
    await database.backup(target, {
      progress: ({ totalPages, remainingPages }) => {
        report(totalPages - remainingPages, totalPages);
        return PAGES;
      },
    });
  } catch (error) {
    throw new DatabaseFileError(
      `${file} cannot be backed up: ${(error as Error).message}${adviceOnDamage(error)}`,
    );
  } finally {
    database.close();
  }
}
