import { type Command } from 'commander';
import { CommandError } from '../command-failure.js';
import { type Revoked, type RevokeOptions } from '../commands/revoke.command.js';
import { confirm } from './confirm.js';
import { type Shell } from './shell.js';
import { count } from './units.js';

interface Options {
  user?: string;
  all?: boolean;
  yes?: boolean;
  descendants?: boolean;
}

/** Adds `revoke`. */
export function addRevoke(program: Command, shell: Shell): void {
  program
    .command('revoke [id]')
    .summary('end one token, all of a user, or all there are')
    .description(
      'Ends tokens for good: from the next request on they are refused. Name one by its id (latchkey list-tokens), or a user, or all.',
    )
    .option('--user <name>', 'end all tokens of this user')
    .option('--all', 'end all tokens of everybody: people log in again, services need new tokens; asks first')
    .option('--yes', 'do not ask')
    .option('--descendants', 'also end the tokens that were made with it, and those made with these')
    .action(async (id: string | undefined, options: Options, command: Command) => {
      const dto =
        wishOf(id, options) ?? command.error('error: name either the id of one token, or --user, or --all');
      if ('all' in dto && !options.yes && !(await confirm('End all tokens of everybody?'))) {
        throw CommandError.of('Nothing was done.');
      }
      shell.output.result(await shell.run('revoke', dto), describe);
    });
}

/** Returns the options of the command, or `undefined` unless exactly one target is given. */
function wishOf(
  id: string | undefined,
  { user, all, descendants = false }: Options,
): RevokeOptions | undefined {
  const wishes: RevokeOptions[] = [
    ...(id === undefined ? [] : [{ id, descendants }]),
    ...(user === undefined ? [] : [{ user }]),
    ...(all ? [{ all }] : []),
  ];
  return wishes.length === 1 && (id !== undefined || !descendants) ? wishes[0] : undefined;
}

function describe(revoked: Revoked): string {
  if ('id' in revoked) {
    return `Ended the token ${revoked.id}.`;
  }
  return 'user' in revoked
    ? `Ended all tokens of ${revoked.user}.`
    : `Ended ${count(revoked.tokens, 'token')} of ${count(revoked.users, 'user')}.`;
}
