import { type Command } from 'commander';
import { type Shell } from './shell.js';

const DATABASES = { sqlite: 'SQLite', postgres: 'PostgreSQL' };

const TABLES = {
  absent: 'there is none yet, and the first start makes it',
  empty: 'it has no tables yet, and the first start makes them',
  older: 'its tables are of an older build, and the next start brings them up to date',
  current: 'its tables are of this build',
};

/** Adds `config check`. */
export function addConfig(program: Command, shell: Shell): void {
  program
    .command('config')
    .summary('look at the configuration')
    .description('Looks at the configuration.')
    .command('check')
    .summary('say whether a server would start with it')
    .description(
      'Runs the checks that the server runs before it starts, on the environment and the file given with --environment-file: variables, address, data folder, database, audit key, first password. Prints ok, or the first error. Changes nothing. Accepts an address on which a Latchkey server already listens.',
    )
    .action(async () => {
      const { checkConfig } = await import('../check-config.js');
      const checked = await checkConfig(shell.config);
      shell.output.result({ ok: true, ...checked }, ({ database, tables, location, dataDirectory }) =>
        [
          'ok',
          `Database: ${DATABASES[database]} at ${location}; ${TABLES[tables]}.`,
          `Data folder: ${dataDirectory}`,
        ].join('\n'),
      );
    });
}
