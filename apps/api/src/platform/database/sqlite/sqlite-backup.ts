import { closeSync, existsSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { DatabaseFileError } from '../database-file-error.js';
import { checkCopy, sync } from './sqlite-copy.js';

/** Pages that are copied in one go. */
const PAGES = 1_000;

/**
 * Copies an SQLite database into a new file: all of it as of one moment, while a server goes on writing. The copy is one
 * file that nobody else may read; it is checked, and has its name only when it is whole.
 *
 * @param report hears how many pages are copied, of how many.
 * @returns the size of the copy in bytes.
 * @throws DatabaseFileError if the target is there already, or the copy is not whole.
 */
export async function backUpSqlite(
  file: string,
  target: string,
  report: (done: number, total: number) => void,
): Promise<number> {
  if (existsSync(target)) {
    throw new DatabaseFileError(
      `${target} is there already, and a backup overwrites nothing: give another name.`,
    );
  }
  if (!existsSync(dirname(target))) {
    throw new DatabaseFileError(`There is no folder ${dirname(target)}: make it first.`);
  }
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  // SQLite fills an empty file, whose mode is ours from the first byte on.
  closeSync(openSync(partial, 'wx', 0o600));
  try {
    await copy(file, partial, report);
    checkCopy(partial);
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
    // What this transaction has begun to read stays as it is; without it each write would begin the copy anew.
    database.exec('BEGIN');
    database.prepare('SELECT COUNT(*) FROM sqlite_schema').get();
    await database.backup(target, {
      progress: ({ totalPages, remainingPages }) => {
        report(totalPages - remainingPages, totalPages);
        return PAGES;
      },
    });
  } finally {
    database.close();
  }
}
