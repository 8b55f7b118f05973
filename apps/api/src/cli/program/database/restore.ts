import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command } from 'commander';
import { LATCHKEY } from '../../../common/program-name.js';
import { findRunningServer } from '../../client/running-server.js';
import { checkAccount, databaseFile } from '../../database-file.js';
import { CommandError } from '../../command-error.js';
import { confirm } from '../confirm.js';
import { type Shell } from '../shell.js';
import { bytes } from '../format.js';

export function addRestore(program: Command, shell: Shell): void {
  program
    .command('restore <file>')
    .summary('replace the SQLite database with a backup')
    .description(
      'Checks a backup, and replaces the SQLite database with it. Stop the server first. The command keeps the replaced database in the same folder, with a date in its name. For PostgreSQL use pg_restore.',
    )
    .option('--yes', 'skip the confirmation')
    .action(async (source: string, { yes = false }: { yes?: boolean }) => {
      const file = databaseFile(shell.config, 'pg_restore');
      checkAccount(file);
      if (await findRunningServer(shell.config)) {
        throw CommandError.of('The server is running. Stop it, then restore the backup.');
      }
      const backup = resolve(source);
      if (
        !yes &&
        !(await confirm(
          existsSync(file) ? `Replace ${file} with ${backup}?` : `Restore ${file} from ${backup}?`,
          shell.process,
        ))
      ) {
        throw CommandError.of('Canceled. Nothing was changed.');
      }
      const { restoreSqlite } = await import('../../../platform/database/sqlite/sqlite-restore.js');
      const restored = await restoreSqlite(backup, file, new Date());
      shell.output.result(restored, ({ replaced, bytes: size, state }) =>
        [
          ...(replaced
            ? [
                `Replaced ${file} with ${backup} (${bytes(size)}).`,
                `The previous database is kept as ${replaced}.`,
              ]
            : [`Restored ${file} from ${backup} (${bytes(size)}).`]),
          ...(state === 'older' ? ['The server migrates it at its next startup.'] : []),
        ].join('\n'),
      );
      // Commands do not run migrations.
      const time =
        restored.state === 'older'
          ? 'as soon as the server has migrated the database'
          : 'before you start the server';
      shell.output.note(
        `Passwords, roles and tokens are those of the backup: tokens revoked since then are valid again. If that is a risk, run ${LATCHKEY} revoke --all ${time}.`,
      );
    });
}
