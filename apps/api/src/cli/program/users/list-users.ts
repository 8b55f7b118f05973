import { type Command } from 'commander';
import { type UserDto } from '@latchkey/auth-models';
import { USER_KINDS } from '@latchkey/auth-models/lists';
import { readWord } from '../option-values.js';
import { table } from '../output.js';
import { LIMIT_DEFAULT, readLimit, readList } from '../read-list.js';
import { type Shell } from '../shell.js';

const HEAD = ['NAME', 'KIND', 'STATE', 'ROLES', 'TOKENS', 'LAST LOGIN'];

interface Options {
  search?: string;
  kind?: string;
  role?: string;
  permission?: string;
  limit: number;
}

export function addListUsers(program: Command, shell: Shell): void {
  program
    .command('list-users')
    .summary('list users by name')
    .description('Lists users by name, with their roles and the number of their valid tokens.')
    .option('--search <text>', 'only users whose name, display name or e-mail address contains this text')
    .option('--kind <kind>', `only ${USER_KINDS.join(', or only ')}`, readWord(USER_KINDS))
    .option('--role <name>', 'only users with this role')
    .option('--permission <name>', 'only users whose roles grant this permission')
    .option('--limit <number>', 'maximum number of users', readLimit, LIMIT_DEFAULT)
    .action(async ({ search, limit, ...others }: Options) => {
      const filter = { ...others, ...(search !== undefined && { q: search }) };
      const listed = await shell.withClient((client) => readList<UserDto>(client, '/users', filter, limit));
      const { items, total } = listed;
      shell.output.result(listed, () => (total === 0 ? 'No users.' : table(HEAD, items.map(rowOf))));
      if (items.length < total) {
        shell.output.note(`Showing ${items.length} of ${total} users. Use --limit to show more.`);
      }
    });
}

function rowOf({ name, kind, enabled, roles, tokenCount, lastLoginTime = 'never' }: UserDto): string[] {
  return [name, kind, enabled ? 'enabled' : 'disabled', roles.join(' '), String(tokenCount), lastLoginTime];
}
