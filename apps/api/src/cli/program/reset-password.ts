import { type Command } from 'commander';
import { describeLink } from './describe-link.js';
import { type Shell } from './shell.js';

/** Adds `reset-password`. */
export function addResetPassword(program: Command, shell: Shell): void {
  program
    .command('reset-password <name>')
    .summary('create a link to choose a new password')
    .description(
      'Prints a link for a user to choose a new password. The link works once, within 24 hours. The old password works until the link is used. Using it revokes all tokens of the user.',
    )
    .action(async (name: string) => {
      const reset = await shell.run('reset-password', { name });
      shell.output.result(
        reset,
        () => `User: ${reset.name}. ${describeLink(reset.link, reset.expirationTime)}`,
      );
      if (!reset.enabled) {
        shell.output.note(
          `The user ${reset.name} is disabled. The link works after an administrator has enabled the user.`,
        );
      }
    });
}
