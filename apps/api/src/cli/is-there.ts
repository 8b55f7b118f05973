import { statSync } from 'node:fs';
import { CommandError } from './command-failure.js';

/**
 * Whether the file or folder exists.
 *
 * @throws CommandError if this account has no permission to find out.
 */
export function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') {
      return false;
    }
    throw CommandError.of(
      `This account may not look whether there is ${path}: run this as the account that the server runs as.`,
    );
  }
}
