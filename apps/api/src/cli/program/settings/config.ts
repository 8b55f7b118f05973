import { closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command } from 'commander';
import { LATCHKEY } from '../../../common/program-name.js';
import { ENV_FILE } from '../../../platform/config/environment-file.js';
import { CommandError } from '../../command-error.js';
import { describeFileError } from '../files.js';
import { createPrivateFile } from '../secret-file.js';
import { type Shell } from '../shell.js';

/** Explains every variable. In the root folder of the package, as seen from this file in `dist`. */
const TEMPLATE = new URL('../../../../../../../.env.example', import.meta.url);

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
      const { checkConfig } = await import('../../check-config.js');
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

function addConfigInit(config: Command, shell: Shell): void {
  config
    .command('init [file]')
    .summary('write all settings, with comments, to .env')
    .description(
      `Writes every setting with its default and an explanation to a new file that only its owner can read, by default ${ENV_FILE}. All settings are commented out, so the file has no effect until you edit it.`,
    )
    .option('--force', 'replace an existing file')
    .option('--print', 'print the settings instead of writing a file')
    .action((file: string | undefined, options: { force?: true; print?: true }) => {
      const text = readFileSync(TEMPLATE, 'utf8');
      if (options.print) {
        shell.output.result({ text }, () => text.trimEnd());
        return;
      }
      const path = resolve(file ?? ENV_FILE);
      write(path, text, options.force ?? false);
      shell.output.result({ file: path }, () => `Created ${path}.`);
      // Without the option, Latchkey reads only .env.
      const option = path === resolve(ENV_FILE) ? '' : ` --environment-file ${file}`;
      shell.output.note(
        `Edit the file, then check it:  ${LATCHKEY} config check${option}\nThen start the server:  ${LATCHKEY} serve${option}`,
      );
    });
}

/** Writes a new file that only its owner can read. */
function write(path: string, text: string, isReplacing: boolean): void {
  try {
    if (isReplacing) {
      rmSync(path, { force: true });
    }
    const descriptor = createPrivateFile(path, 'Choose another name, or replace the file with --force.');
    writeFileSync(descriptor, text);
    closeSync(descriptor);
  } catch (error) {
    throw error instanceof CommandError
      ? error
      : CommandError.of(`${path} cannot be written: ${describeFileError(error)}.`);
  }
}
