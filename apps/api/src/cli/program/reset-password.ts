import { type Command } from 'commander';
import { describeLink } from './describe-link.js';
import { type Shell } from './shell.js';

/** Adds `reset-password`. */
export function addResetPassword(program: Command, shell: Shell): void {
  program
    .command('reset-password <name>')
    .summary('make a link with which somebody chooses a new password')
    .description(
      'Prints a link with which a user chooses a new password: once, within 24 hours. Using it ends all their tokens; until then the old password works.',
    )
    .action(async (name: string) => {
      const reset = await shell.run('reset-password', { name });
      shell.output.result(
        reset,
        () => `For ${reset.name}. ${describeLink(reset.link, reset.expirationTime)}`,
      );
      if (!reset.enabled) {
        shell.output.note(`${reset.name} is disabled: the link works once an administrator enables them.`);
      }
    });
}
