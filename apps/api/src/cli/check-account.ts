import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CommandError } from './command-failure.js';
import { isThere } from './is-there.js';

/**
 * Checks that this account owns the SQLite database, or its folder while there is no database. Run as another account,
 * such as root, SQLite would create files beside the database that the server cannot open.
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
