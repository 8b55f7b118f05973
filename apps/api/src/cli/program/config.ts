import { type Command } from 'commander';
import { addConfigInit } from './config-init.js';
import { type Shell } from './shell.js';

const DATABASES = { sqlite: 'SQLite', postgres: 'PostgreSQL' };

const TABLES = {
  absent: 'does not exist yet; the first start creates it',
  empty: 'has no tables yet; the first start creates them',
  older: 'is older than this build; the server migrates it at its next startup',
  current: 'is up to date',
  ahead: 'was migrated by a later release; this one can use it',
};

export function addConfig(program: Command, shell: Shell): void {
  const config = program
    .command('config')
    .summary('write or check the settings')
    .description('Commands for the settings.');
  addConfigInit(config, shell);
  config
    .command('check')
    .summary('check whether a server would start')
    .description(
      'Runs the checks that the server runs before it starts, on the environment and the settings file: variables, address, data folder, database, audit key, first password. Prints ok, or the first error. Changes nothing. Accepts a port that the running server of these settings uses.',
    )
    .action(async () => {
      const { checkConfig } = await import('../check-config.js');
      const checked = await checkConfig(shell.config);
      shell.output.result({ ok: true, ...checked }, ({ database, tables, location, dataDirectory }) =>
        [
          'ok',
          `Database: ${DATABASES[database]} at ${location} ${TABLES[tables]}.`,
          `Data folder: ${dataDirectory}`,
        ].join('\n'),
      );
    });
}
