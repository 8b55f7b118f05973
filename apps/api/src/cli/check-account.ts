import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CommandError } from './command-error.js';
import { pathExists } from './path-exists.js';

/**
 * Checks that this account owns the SQLite database, or its folder while there is no database. Run as another account,
 * such as root, SQLite would create files beside the database that the server cannot open.
 *
 * @throws CommandError
 */
export function checkAccount(file: string): void {
  const [place] = [file, dirname(file)].filter(pathExists);
  const uid = place === undefined ? process.getuid?.() : statSync(place).uid;
  if (process.getuid?.() !== uid) {
    throw CommandError.of(
      `${place} belongs to another account. Files that this account creates beside it would lock the server out. Run the command as the owner, for example: sudo -u '#${uid}' …`,
    );
  }
}
