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
    .summary('revoke one token, all tokens of a user, or all tokens')
    .description(
      'Revokes tokens permanently, effective with the next request. Give the id of a token (see latchkey list-tokens), --user or --all.',
    )
    .option('--user <name>', 'revoke all tokens of this user')
    .option(
      '--all',
      'revoke all tokens of all users: people must log in again, services need new tokens; asks for confirmation',
    )
    .option('--yes', 'skip the confirmation')
    .option('--descendants', 'also revoke all tokens created with it, directly or indirectly')
    .action(async (id: string | undefined, options: Options, command: Command) => {
      const target =
        targetOf(id, options) ?? command.error('error: give either the id of one token, or --user, or --all');
      if ('all' in target && !options.yes && !(await confirm('Revoke all tokens of all users?'))) {
        throw CommandError.of('Canceled. Nothing was changed.');
      }
      shell.output.result(await shell.run('revoke', target), describe);
    });
}

/** Returns the options of the command, or `undefined` unless exactly one target is given. */
function targetOf(
  id: string | undefined,
  { user, all, descendants = false }: Options,
): RevokeOptions | undefined {
  const targets: RevokeOptions[] = [
    ...(id === undefined ? [] : [{ id, descendants }]),
    ...(user === undefined ? [] : [{ user }]),
    ...(all ? [{ all }] : []),
  ];
  return targets.length === 1 && (id !== undefined || !descendants) ? targets[0] : undefined;
}

function describe(revoked: Revoked): string {
  if ('id' in revoked) {
    return `Revoked the token ${revoked.id}.`;
  }
  return 'user' in revoked
    ? `Revoked all tokens of ${revoked.user}.`
    : `Revoked ${count(revoked.tokens, 'token')} of ${count(revoked.users, 'user')}.`;
}
