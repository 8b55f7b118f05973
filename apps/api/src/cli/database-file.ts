import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Config } from '../platform/config/config.js';
import { asAccount } from './as-account.js';
import { CommandError } from './command-error.js';

/**
 * Returns the configured SQLite file.
 *
 * @param instead PostgreSQL tool that replaces the command.
 */
export function databaseFile({ database }: Config, instead: string): string {
  if (database.kind === 'postgres') {
    throw CommandError.of(`This command works on SQLite only. For PostgreSQL use ${instead}.`);
  }
  return database.file;
}

/**
 * Checks that the database exists. Only the server creates it, because a command that did would hide a wrong
 * path.
 */
export function checkFileExists(file: string): void {
  if (!pathExists(file)) {
    throw CommandError.of(
      `There is no database ${file}. Check DATABASE_URL and the current folder. If the server reads another file than .env, name it with --environment-file. The server creates the database when it first starts.`,
    );
  }
}

/**
 * Checks that this account owns the SQLite database, or its folder while there is no database. Run as another
 * account, such as root, SQLite would create files beside the database that the server cannot open.
 */
export function checkAccount(file: string): void {
  const [place] = [file, dirname(file)].filter(pathExists);
  const uid = place === undefined ? undefined : statSync(place).uid;
  if (uid !== undefined && process.getuid?.() !== uid) {
    throw CommandError.of(
      `${place} belongs to another account. The server could not open files that this account creates there. Run the command as the owner, for example: ${asAccount(uid)}`,
    );
  }
}

/** Whether the file or folder exists. */
export function pathExists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') {
      return false;
    }
    throw CommandError.of(
      `This account has no access to ${path}. Run the command as the account of the server.`,
    );
  }
}

/** Returns the folder, or its nearest parent that exists. */
export function existingParent(folder: string): string {
  return existsSync(folder) ? folder : existingParent(dirname(folder));
}
