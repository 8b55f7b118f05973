import { statSync } from 'node:fs';
import { CommandError } from './command-error.js';

/**
 * Whether the file or folder exists.
 *
 * @throws CommandError if this account has no permission to find out.
 */
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
