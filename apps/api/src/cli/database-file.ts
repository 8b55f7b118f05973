import { type Config } from '../platform/config/config.js';
import { CommandError } from './command-failure.js';
import { isThere } from './is-there.js';

/**
 * Returns the configured SQLite file.
 *
 * @param instead PostgreSQL tool that replaces the command.
 * @throws CommandError if PostgreSQL is configured.
 */
export function databaseFile({ database }: Config, instead: string): string {
  if (database.kind === 'postgres') {
    throw CommandError.of(`The database is PostgreSQL's, which has tools of its own: use ${instead}.`);
  }
  return database.file;
}

/**
 * Checks that the database exists. Only the server creates it, because a command that did would hide a wrong path.
 *
 * @throws CommandError
 */
export function checkFileExists(file: string): void {
  if (!isThere(file)) {
    throw CommandError.of(
      `There is no database ${file}. Check DATABASE_URL and the folder you are in. If the server reads a .env file, name it with --environment-file. The server creates the database at its first start.`,
    );
  }
}
