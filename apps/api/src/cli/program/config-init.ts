import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command } from 'commander';
import { ENV_FILE } from '../../platform/config/environment.js';
import { CommandError } from '../command-error.js';
import { describeFileError } from './files.js';
import { type Shell } from './shell.js';

/** Explains every variable. In the root folder of the package, as seen from this file in `dist`. */
const TEMPLATE = new URL('../../../../../../.env.example', import.meta.url);

/** Adds `config init`. */
export function addConfigInit(config: Command, shell: Shell): void {
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
      // Without the option, the server reads only .env.
      const option = path === resolve(ENV_FILE) ? '' : ` --environment-file ${file}`;
      shell.output.note(
        `Edit the file, then check it:  latchkey --environment-file ${file ?? ENV_FILE} config check\nThen start the server:  latchkey serve${option}`,
      );
    });
}

/** Writes the file in one step, so that a server never reads half of it. */
function write(path: string, text: string, isReplacing: boolean): void {
  const partial = `${path}.${process.pid}.partial`;
  try {
    writeFileSync(partial, text, { mode: 0o600, flag: 'wx' });
    if (isReplacing) {
      renameSync(partial, path);
    } else {
      // Unlike a renamed file, a link does not replace one that was created meanwhile.
      linkSync(partial, path);
    }
  } catch (error) {
    throw CommandError.of(
      (error as NodeJS.ErrnoException).code === 'EEXIST'
        ? `${path} already exists, and was not changed. Choose another name, or replace the file with --force.`
        : `${path} cannot be written: ${describeFileError(error)}.`,
    );
  } finally {
    rmSync(partial, { force: true });
  }
}
