import { InvalidArgumentError, type Command } from 'commander';
import {
  PAGE_SIZE_MAX,
  parseTokenStates,
  TOKEN_KINDS,
  TOKEN_STATES,
  type PageDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { userPath, type OperatorClient } from '../client/operator-client.js';
import { table } from './output.js';
import { type Shell } from './shell.js';

const LIMIT_DEFAULT = 200;
const LIMIT_MAX = 10_000;

/** Maximum characters of a note in the table. JSON has the whole note. */
const NOTE_LENGTH = 40;

const HEAD = ['ID', 'USER', 'KIND', 'STATE', 'TOKEN', 'NOTE', 'LAST USED', 'EXPIRES'];

interface Options {
  user?: string;
  kind?: string;
  state?: string;
  limit: number;
}

/** Adds `list-tokens`. */
export function addListTokens(program: Command, shell: Shell): void {
  program
    .command('list-tokens')
    .summary('list tokens, newest first')
    .description(
      'Lists tokens, newest first. Without --state it lists valid tokens. The expiry of a session is the idle expiry if that is earlier.',
    )
    .option('--user <name>', 'only tokens of this user')
    .option('--kind <kind>', `only ${TOKEN_KINDS.join(', or only ')}`, readKind)
    .option('--state <states>', `only ${TOKEN_STATES.join(', ')}; separate several with commas`, readStates)
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

/** Returns the newest tokens, page by page, and the number of tokens that match. */
async function findTokens(
  client: OperatorClient,
  { user, limit, ...filter }: Options,
): Promise<{ items: UserTokenDto[]; total: number }> {
  // Unlike a filter of `/tokens`, this path rejects an unknown user.
  const path = user === undefined ? '/tokens' : `${userPath(user)}/tokens`;
  const size = Math.min(limit, PAGE_SIZE_MAX);
  const found: UserTokenDto[] = [];
  for (let page = 1; ; page += 1) {
    const query = new URLSearchParams({ ...filter, page: String(page), size: String(size) });
    const { items, total } = await client.get<PageDto<UserTokenDto>>(`${path}?${query.toString()}`);
    found.push(...items);
    if (items.length < size || found.length >= limit) {
      return { items: found.slice(0, limit), total };
    }
  }
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

function readKind(text: string): string {
  if (!(TOKEN_KINDS as readonly string[]).includes(text)) {
    throw new InvalidArgumentError(`Use ${TOKEN_KINDS.join(' or ')}.`);
  }
  return text;
}

function readStates(text: string): string {
  if (parseTokenStates(text) === null) {
    throw new InvalidArgumentError(`Use one or more of ${TOKEN_STATES.join(', ')}, separated by commas.`);
  }
  return text;
}

function readLimit(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > LIMIT_MAX) {
    throw new InvalidArgumentError(`Use a whole number from 1 to ${LIMIT_MAX}.`);
  }
  return Number(text);
}
