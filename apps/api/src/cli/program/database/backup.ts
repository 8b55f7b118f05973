import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command } from 'commander';
import { checkAccount, checkFileExists, databaseFile } from '../../database-file.js';
import { recordBackup } from '../../../platform/database/sqlite/last-backup.js';
import { describeFileError } from '../files.js';
import { bytes } from '../format.js';
import { type Shell } from '../shell.js';

export function addBackup(program: Command, shell: Shell): void {
  program
    .command('backup <file>')
    .summary('back up the SQLite database, even while the server runs')
    .description(
      'Copies the SQLite database to a new file that only its owner can read, and checks the copy. The server can keep running; the copy is a consistent snapshot. It does not contain the keys of the audit trail and of second factors. For PostgreSQL use pg_dump.',
    )
    .action(async (target: string) => {
      const file = databaseFile(shell.config, 'pg_dump --format=custom');
      checkFileExists(file);
      if (!existsSync(`${file}-shm`)) {
        // No process has the database open, so SQLite would create its files as this account.
        checkAccount(file);
      }
      // Loaded on demand, because commands that run in the server need no database driver.
      const { backUpSqlite } = await import('../../../platform/database/sqlite/sqlite-backup.js');
      const path = resolve(target);
      const size = await backUpSqlite(file, path, (done, total) =>
        shell.output.progress({ done, total, what: 'pages' }),
      );
      try {
        recordBackup(file, { time: new Date().toISOString(), file: path, bytes: size });
      } catch (error) {
        shell.output.note(`latchkey doctor will not know this backup: ${describeFileError(error)}.`);
      }
      shell.output.result({ file: path, bytes: size }, () => `Created ${path} (${bytes(size)}), checked.`);
      shell.output.note(
        'The backup does not contain the keys of the audit trail and of second factors. Store audit.key and seal.key, or LATCHKEY_AUDIT_KEY and LATCHKEY_SEAL_KEY, in another safe place.',
      );
    });
}
