import { InvalidArgumentError, type Command } from 'commander';
import { type UserTokenDto } from '@latchkey/auth-models';
import { parseTokenStates, TOKEN_KINDS, TOKEN_STATES } from '@latchkey/auth-models/lists';
import { userPath, type OperatorClient } from '../../client/operator-client.js';
import { readWord } from '../option-values.js';
import { table } from '../output.js';
import { LIMIT_DEFAULT, readLimit, readList, type Listed } from '../read-list.js';
import { type Shell } from '../shell.js';

/** Maximum characters of a note in the table. JSON has the whole note. */
const NOTE_LENGTH = 40;

const HEAD = ['ID', 'USER', 'KIND', 'STATE', 'TOKEN', 'NOTE', 'LAST USED', 'EXPIRES'];

interface Options {
  user?: string;
  kind?: string;
  state?: string;
  permission?: string;
  limit: number;
}

export function addListTokens(program: Command, shell: Shell): void {
  program
    .command('list-tokens')
    .summary('list tokens, newest first')
    .description(
      'Lists tokens, newest first. Without --state it lists valid tokens. The expiry of a session is the idle expiry if that is earlier.',
    )
    .option('--user <name>', 'only tokens of this user')
    .option('--kind <kind>', `only ${TOKEN_KINDS.join(', or only ')}`, readWord(TOKEN_KINDS))
    .option('--state <states>', `only ${TOKEN_STATES.join(', ')}; separate several with commas`, readStates)
    .option('--permission <name>', 'only tokens with this permission')
    .option('--limit <number>', 'maximum number of tokens', readLimit, LIMIT_DEFAULT)
    .action(async (options: Options) => {
      const listed = await shell.withClient((client) => findTokens(client, options));
      const { items, total } = listed;
      shell.output.result(listed, () => (total === 0 ? 'No tokens.' : table(HEAD, items.map(rowOf))));
      if (items.length < total) {
        shell.output.note(`Showing the newest ${items.length} of ${total} tokens. Use --limit to show more.`);
      }
    });
}

function findTokens(
  client: OperatorClient,
  { user, limit, ...filter }: Options,
): Promise<Listed<UserTokenDto>> {
  // Unlike a filter of `/tokens`, this path rejects an unknown user.
  const path = user === undefined ? '/tokens' : `${userPath(user)}/tokens`;
  return readList(client, path, { ...filter }, limit);
}

function rowOf(token: UserTokenDto): string[] {
  const { id, user, kind, state, tokenPreview, note, lastUsageTime, expirationTime, idleExpirationTime } =
    token;
  // The form of these times sorts chronologically.
  const [expiry = 'none'] = [expirationTime, idleExpirationTime].filter((time) => time !== undefined).sort();
  return [id, user, kind, state, tokenPreview, cut(note), lastUsageTime ?? 'never', expiry];
}

function cut(note = ''): string {
  const letters = [...note];
  return letters.length > NOTE_LENGTH ? `${letters.slice(0, NOTE_LENGTH - 1).join('')}…` : note;
}

function readStates(text: string): string {
  if (parseTokenStates(text) === null) {
    throw new InvalidArgumentError(`Use one or more of ${TOKEN_STATES.join(', ')}, separated by commas.`);
  }
  return text;
}
