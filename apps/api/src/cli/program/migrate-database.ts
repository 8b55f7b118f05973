import { resolve } from 'node:path';
import { type Command } from 'commander';
import { showDatabaseAddress } from '../../platform/config/database-address.js';
import { checkAccount } from '../check-account.js';
import { CommandError } from '../command-failure.js';
import { isThere } from '../is-there.js';
import { table } from './output.js';
import { type Shell } from './shell.js';
import { count } from './units.js';

const NEXT = `Next: latchkey verify-audit, then start the servers with this DATABASE_URL and this LATCHKEY_AUDIT_KEY.
Older keys of the audit trail (audit.key.*, in the data folder) are needed to verify old entries: keep them there.
The file is as it was. Start no server on it any more: what happened there would be missing here.`;

/** Adds `migrate-database`. */
export function addMigrateDatabase(program: Command, shell: Shell): void {
  program
    .command('migrate-database <file>')
    .summary('move everything from an SQLite file to PostgreSQL')
    .description(
      'Copies everything out of an SQLite database into the PostgreSQL database that DATABASE_URL names, and compares every row with its copy; when anything is wrong, nothing was moved. The server has to be stopped, and the PostgreSQL database empty. The file is not changed. LATCHKEY_AUDIT_KEY has to be the key that the server on SQLite had: unless it was set there, what is in audit.key.',
    )
    .action(async (source: string) => {
      const { config, output } = shell;
      if (config.database.kind === 'sqlite') {
        throw CommandError.of(
          'DATABASE_URL has to name the PostgreSQL database that everything is moved to, such as postgres://latchkey:PASSWORD@HOST/latchkey; the SQLite file is the argument.',
        );
      }
      const file = resolve(source);
      if (!isThere(file)) {
        throw CommandError.of(`There is no file ${file}.`);
      }
      checkAccount(file);
      const { moveDatabase } = await import('../move-database.js');
      const tables = await moveDatabase(
        file,
        config.database.url,
        config,
        await shell.insides.entities(),
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
          `${database} has everything that ${file} has: ${count(rows, 'row')}, each compared.`,
        ].join('\n'),
      );
      output.note(NEXT);
    });
}
