import { resolve } from 'node:path';
import { type Command } from 'commander';
import { LATCHKEY } from '../../../common/program-name.js';
import { showDatabaseAddress } from '../../../platform/config/database-address.js';
import { checkAccount, pathExists } from '../../database-file.js';
import { CommandError } from '../../command-error.js';
import { table } from '../output.js';
import { type Shell } from '../shell.js';
import { count } from '../format.js';

const NEXT = `Next: ${LATCHKEY} verify-audit, then start the servers with this DATABASE_URL and this LATCHKEY_AUDIT_KEY.
Keep the older keys of the audit trail (audit.key.* in the data folder). They are needed to verify old entries.
The file is unchanged. Do not start a server on it again, because PostgreSQL would not get its changes.`;

export function addMigrateDatabase(program: Command, shell: Shell): void {
  program
    .command('migrate-database <file>')
    .summary('copy a SQLite database to PostgreSQL')
    .description(
      'Copies a SQLite database to the PostgreSQL database in DATABASE_URL, and compares every row with its copy. If there is any error, the command copies nothing. Stop the server first. The PostgreSQL database must be empty. The SQLite file does not change. Set LATCHKEY_AUDIT_KEY to the key of the server on SQLite. If it was not set there, use the content of audit.key.',
    )
    .action(async (source: string) => {
      const { config, output } = shell;
      if (config.database.kind === 'sqlite') {
        throw CommandError.of(
          'Set DATABASE_URL to the PostgreSQL database, such as postgres://latchkey:PASSWORD@HOST/latchkey. Pass the SQLite file as the argument.',
        );
      }
      const file = resolve(source);
      if (!pathExists(file)) {
        throw CommandError.of(`There is no file ${file}.`);
      }
      checkAccount(file);
      const { moveDatabase } = await import('../../move-database.js');
      const tables = await moveDatabase(
        file,
        config.database.url,
        config,
        await shell.loader.entities(),
        (done, total, what) => output.progress({ done, total, what }),
      );
      const rows = Object.values(tables).reduce((sum, number) => sum + number, 0);
      const database = showDatabaseAddress(config.database);
      output.result({ file, database, rows, tables }, () =>
        [
          table(
            ['TABLE', 'ROWS'],
            Object.entries(tables).map(([name, number]) => [name, String(number)]),
          ),
          `Copied ${count(rows, 'row')} from ${file} to ${database}, and compared each with its copy.`,
        ].join('\n'),
      );
      output.note(NEXT);
    });
}
