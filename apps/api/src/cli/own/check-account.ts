import { statSync } from 'node:fs';
import { CommandError } from '../command-failure.js';

/**
 * Refuses to touch an SQLite database as another account than its owner, such as root: the files that SQLite makes beside
 * it would lock the server out.
 *
 * @throws CommandError
 */
export function checkAccount(file: string): void {
  const { uid } = statSync(file);
  if (process.getuid !== undefined && process.getuid() !== uid) {
    throw CommandError.of(
      `${file} belongs to another account, and what this one wrote beside it would lock the server out. Run this as its owner, such as with: sudo -u '#${uid}' …`,
    );
  }
}
