import { type Config } from '../platform/config/config.js';
import { CommandError } from './command-error.js';
import { pathExists } from './path-exists.js';

/**
 * Returns the configured SQLite file.
 *
 * @param instead PostgreSQL tool that replaces the command.
 * @throws CommandError if PostgreSQL is configured.
 */
export function databaseFile({ database }: Config, instead: string): string {
  if (database.kind === 'postgres') {
    throw CommandError.of(`This command works on SQLite only. For PostgreSQL use ${instead}.`);
  }
  return database.file;
}

/**
 * Checks that the database exists. Only the server creates it, because a command that did would hide a wrong path.
 *
 * @throws CommandError
 */
export function checkFileExists(file: string): void {
  if (!pathExists(file)) {
    throw CommandError.of(
      `There is no database ${file}. Check DATABASE_URL and the current folder. If the server reads a .env file, name it with --environment-file. The server creates the database at its first start.`,
    );
  }
}
