import { type Command } from 'commander';
import { type RevokeOptions } from '../commands/revoke.command.js';
import { type Shell } from './shell.js';

interface Options {
  user?: string;
  descendants?: boolean;
}

/** Adds `revoke`. */
export function addRevoke(program: Command, shell: Shell): void {
  program
    .command('revoke [id]')
    .summary('end one token, or all of a user')
    .description(
      'Ends tokens for good: from the next request on they are refused. Name one by its id (latchkey list-tokens), or a user.',
    )
    .option('--user <name>', 'end all tokens of this user')
    .option('--descendants', 'also end the tokens that were made with it, and those made with these')
    .action(async (id: string | undefined, options: Options, command: Command) => {
      const wish = wishOf(id, options);
      if (!wish) {
        command.error('error: name either the id of one token, or --user');
      }
      const revoked = await shell.run('revoke', wish);
      shell.output.result(revoked, () =>
        'id' in revoked ? `Ended the token ${revoked.id}.` : `Ended all tokens of ${revoked.user}.`,
      );
    });
}

/** What is asked for; `undefined` if that is not one thing. */
function wishOf(id: string | undefined, { user, descendants = false }: Options): RevokeOptions | undefined {
  if (id !== undefined) {
    return user === undefined ? { id, descendants } : undefined;
  }
  return user === undefined || descendants ? undefined : { user };
}
