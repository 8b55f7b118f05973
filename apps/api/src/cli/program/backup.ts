import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command } from 'commander';
import { checkAccount } from '../check-account.js';
import { checkFileExists, databaseFile } from '../database-file.js';
import { bytes } from './units.js';
import { type Shell } from './shell.js';

/** Adds `backup`. */
export function addBackup(program: Command, shell: Shell): void {
  program
    .command('backup <file>')
    .summary('copy the SQLite database while the server works')
    .description(
      'Copies the SQLite database into a new file, as of one moment, checked, and readable for its owner alone. The server may run, and goes on working. The key of the audit trail is not in it. With PostgreSQL use pg_dump.',
    )
    .action(async (target: string) => {
      const file = databaseFile(shell.config, 'pg_dump --format=custom');
      checkFileExists(file);
      if (!existsSync(`${file}-shm`)) {
        // No process has the database open, so SQLite would create its files as this account.
        checkAccount(file);
      }
      // Loaded on demand, because commands that run in the server need no database driver.
      const { backUpSqlite } = await import('../../platform/database/sqlite/sqlite-backup.js');
      const path = resolve(target);
      const size = await backUpSqlite(file, path, (done, total) =>
        shell.output.progress({ done, total, what: 'pages' }),
      );
      shell.output.result({ file: path, bytes: size }, () => `${path}: ${bytes(size)}, whole.`);
      shell.output.note(
        'The key of the audit trail is not in it: keep audit.key, or LATCHKEY_AUDIT_KEY, in another safe place.',
      );
    });
}
