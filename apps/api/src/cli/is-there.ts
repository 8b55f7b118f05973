import { statSync } from 'node:fs';
import { CommandError } from './command-failure.js';

/**
 * Whether there is such a file or folder.
 *
 * @throws CommandError if this account may not look, which is another thing than that there is none.
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
