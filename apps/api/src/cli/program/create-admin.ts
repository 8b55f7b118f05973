import { type Command } from 'commander';
import { describeLink } from './describe-link.js';
import { readSecret } from './read-secret.js';
import { type Shell } from './shell.js';

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
      'set the password in this file instead of printing a link; - reads standard input',
    )
    .action(async (name: string, { passwordFile }: { passwordFile?: string }) => {
      const password = passwordFile === undefined ? {} : { password: readSecret(passwordFile) };
      const made = await shell.run('create-admin', { name, ...password });
      shell.output.result(made, ({ name: made, link, expirationTime }) =>
        link === undefined
          ? `Made the administrator ${made}, who can log in with the password given.`
          : `Made the administrator ${made}. ${describeLink(link, expirationTime)}`,
      );
    });
}
