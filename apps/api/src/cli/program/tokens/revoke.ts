import { type Command } from 'commander';
import { type BulkResultDto } from '@latchkey/auth-models';
import { canonicalUserName } from '@latchkey/auth-models/lists';
import { userPath, type OperatorClient } from '../../client/operator-client.js';
import { CommandError } from '../../command-error.js';
import { confirm } from '../confirm.js';
import { type Shell } from '../shell.js';
import { count } from '../format.js';

/** Tokens to revoke: one token, all tokens of a user, or all tokens. */
type Target = ({ id: string; descendants: boolean } | { user: string } | { all: true }) & { reason?: string };

/**
 * Revoked tokens. `user` is the canonical name. `effectiveBy` is the time from which they are rejected
 * everywhere.
 */
type Revoked = ({ id: string; descendants: boolean } | { user: string } | { all: true; tokens: number }) & {
  effectiveBy?: string;
};

interface Options {
  user?: string;
  all?: boolean;
  yes?: boolean;
  descendants?: boolean;
  reason?: string;
}

export function addRevoke(program: Command, shell: Shell): void {
  program
    .command('revoke [id]')
    .summary('revoke one token, all tokens of a user, or all tokens')
    .description(
      'Revokes tokens permanently, effective with the next request. Pass the id of a token (see list-tokens), --user or --all.',
    )
    .option('--user <name>', 'revoke all tokens of this user')
    .option(
      '--all',
      'revoke all tokens of all users: people must log in again, services need new tokens; asks for confirmation',
    )
    .option('--yes', 'skip the confirmation')
    .option('--descendants', 'also revoke all tokens created with this one, directly or indirectly')
    .option('--reason <text>', 'reason for the audit trail')
    .action(async (id: string | undefined, options: Options, command: Command) => {
      const target =
        targetOf(id, options) ?? command.error('error: give either the id of one token, or --user, or --all');
      if (
        'all' in target &&
        !options.yes &&
        !(await confirm('Revoke all tokens of all users?', shell.process))
      ) {
        throw CommandError.of('Canceled. Nothing was changed.');
      }
      shell.output.result(await shell.withClient((client) => revoke(client, target)), describe);
    });
}

/** Returns the options of the command, or `undefined` unless exactly one target is given. */
function targetOf(
  id: string | undefined,
  { user, all, descendants = false, reason }: Options,
): Target | undefined {
  const given = reason === undefined ? {} : { reason };
  const targets: Target[] = [
    ...(id === undefined ? [] : [{ id, descendants, ...given }]),
    ...(user === undefined ? [] : [{ user, ...given }]),
    ...(all ? [{ all, ...given }] : []),
  ];
  return targets.length === 1 && (id !== undefined || !descendants) ? targets[0] : undefined;
}

async function revoke(client: OperatorClient, { reason, ...target }: Target): Promise<Revoked> {
  const query = new URLSearchParams(reason === undefined ? {} : { reason });
  if ('id' in target) {
    query.set('descendants', String(target.descendants));
    const path = `/tokens/${encodeURIComponent(target.id)}?${query.toString()}`;
    return { ...target, ...(await ofToken(() => client.delete(path))) };
  }
  if ('user' in target) {
    const effect = await client.delete(`${userPath(target.user)}/tokens?${query.toString()}`);
    return { user: canonicalUserName(target.user) ?? target.user, ...effect };
  }
  const all = { action: 'revoke', filter: {}, keepCurrent: false, reason };
  const { count: tokens, effectiveBy } = await client.post<BulkResultDto>('/tokens/bulk', all);
  return { ...target, tokens, effectiveBy };
}

/** Calls the API for a token, with another message if there is none. */
export async function ofToken<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CommandError && error.failure.code === 'not_found') {
      // The API's message says that the token may exist but be hidden from the caller, which is never true
      // here.
      const message = 'There is no valid token with this id. Run list-tokens to see all valid tokens.';
      throw new CommandError({ code: 'not_found', message });
    }
    throw error;
  }
}

function describe(revoked: Revoked): string {
  const what =
    'id' in revoked
      ? `the token ${revoked.id}${revoked.descendants ? ' and its descendants' : ''}`
      : 'user' in revoked
        ? `all tokens of ${revoked.user}`
        : count(revoked.tokens, 'token');
  return `Revoked ${what}. Rejected everywhere by ${revoked.effectiveBy}.`;
}
