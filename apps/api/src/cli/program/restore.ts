import { resolve } from 'node:path';
import { type Command } from 'commander';
import { checkAccount } from '../check-account.js';
import { CommandError } from '../command-failure.js';
import { databaseFile } from '../database-file.js';
import { confirm } from './confirm.js';
import { type Shell } from './shell.js';
import { bytes } from './units.js';

/** Adds `restore`. */
export function addRestore(program: Command, shell: Shell): void {
  program
    .command('restore <file>')
    .summary('put a backup in place of the SQLite database')
    .description(
      'Puts a backup in place of the SQLite database, once it is checked. The server has to be stopped. The database that was there is kept beside it under a dated name. With PostgreSQL use pg_restore.',
    )
    .option('--yes', 'do not ask')
    .action(async (source: string, { yes = false }: { yes?: boolean }) => {
      const file = databaseFile(shell.config, 'pg_restore');
      checkAccount(file);
      const backup = resolve(source);
      if (!yes && !(await confirm(`Put ${backup} in place of ${file}?`))) {
        throw CommandError.of('Nothing was done.');
      }
      const { restoreSqlite } = await import('../../platform/database/sqlite/sqlite-restore.js');
      const restored = await restoreSqlite(backup, file, new Date());
      shell.output.result(restored, ({ replaced, bytes: size, state }) =>
        [
          `${file} is now ${backup} (${bytes(size)}).`,
          ...(replaced ? [`What was there is kept as ${replaced}.`] : []),
          ...(state === 'older' ? ['The next start of the server brings it up to date.'] : []),
        ].join('\n'),
      );
      shell.output.note(
        'Passwords, roles and tokens are what they were then: what was revoked since works again. Start the server, and if you cannot rule that out: revoke --all',
      );
    });
}
