import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CommandError } from './command-failure.js';
import { isThere } from './is-there.js';

/**
 * Refuses to touch an SQLite database as another account than its owner, such as root: the files that SQLite makes beside
 * it would lock the server out. Where there is no database yet, its folder's owner counts.
 *
 * @throws CommandError
 */
export function checkAccount(file: string): void {
  const [place] = [file, dirname(file)].filter(isThere);
  const uid = place === undefined ? process.getuid?.() : statSync(place).uid;
  if (process.getuid?.() !== uid) {
    throw CommandError.of(
      `${place} belongs to another account, and what this one wrote beside it would lock the server out. Run this as its owner, such as with: sudo -u '#${uid}' …`,
    );
  }
}
