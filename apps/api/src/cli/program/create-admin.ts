import { type Command } from 'commander';
import { describeLink } from './describe-link.js';
import { readSecret } from './read-secret.js';
import { type Shell } from './shell.js';

/** Adds `create-admin`. */
export function addCreateAdmin(program: Command, shell: Shell): void {
  program
    .command('create-admin <name>')
    .summary('create an administrator')
    .description(
      'Creates an administrator, and prints a link to choose a password. The link works once, within 24 hours.',
    )
    .option(
      '--password-file <file>',
      'set the password in this file instead of printing a link; - reads standard input',
    )
    .action(async (name: string, { passwordFile }: { passwordFile?: string }) => {
      const password = passwordFile === undefined ? {} : { password: readSecret(passwordFile) };
      const admin = await shell.run('create-admin', { name, ...password });
      shell.output.result(admin, ({ name: created, link, expirationTime }) =>
        link === undefined
          ? `Created the administrator ${created}, with the given password.`
          : `Created the administrator ${created}. ${describeLink(link, expirationTime)}`,
      );
    });
}
