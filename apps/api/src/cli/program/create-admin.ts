import { readFileSync } from 'node:fs';
import { type Command } from 'commander';
import { CommandError } from '../command-failure.js';
import { describeLink } from './describe-link.js';
import { type Shell } from './shell.js';

/** Descriptor of standard input. */
const STANDARD_INPUT = 0;

/** Adds `create-admin`. */
export function addCreateAdmin(program: Command, shell: Shell): void {
  program
    .command('create-admin <name>')
    .summary('make an administrator')
    .description(
      'Makes an administrator, and prints a link with which they choose their password: once, within 24 hours.',
    )
    .option(
      '--password-file <file>',
      'set this password instead of printing a link; - reads it from standard input',
    )
    .action(async (name: string, { passwordFile }: { passwordFile?: string }) => {
      const password = passwordFile === undefined ? {} : { password: readPassword(passwordFile) };
      const made = await shell.run('create-admin', { name, ...password });
      shell.output.result(made, () =>
        made.link === undefined
          ? `Made the administrator ${made.name}, who can log in with the password given.`
          : `Made the administrator ${made.name}. ${describeLink(made.link, made.expirationTime)}`,
      );
    });
}

function readPassword(file: string): string {
  try {
    // But for the line end that editors put there.
    return readFileSync(file === '-' ? STANDARD_INPUT : file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw CommandError.of(`The password cannot be read: ${(error as Error).message}.`);
  }
}
