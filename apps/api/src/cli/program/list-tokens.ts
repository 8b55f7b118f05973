import { InvalidArgumentError, type Command } from 'commander';
import { type UserTokenDto } from '@latchkey/auth-models';
import { table } from './output.js';
import { type Shell } from './shell.js';

const LIMIT_DEFAULT = 200;
const LIMIT_MAX = 10_000;

/** Letters of a note that fit into a line; JSON has all. */
const NOTE_LENGTH = 40;

const HEAD = ['ID', 'USER', 'KIND', 'STATE', 'TOKEN', 'NOTE', 'LAST USE', 'END'];

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
    .description('Lists tokens, newest first: those that live, unless you ask for others.')
    .option('--user <name>', 'only those of this user')
    .option('--kind <kind>', 'only session, or only api')
    .option(
      '--state <states>',
      'only active, expiring, disabled, expired, revoked; several with commas between',
    )
    .option('--limit <number>', 'at most so many', readLimit, LIMIT_DEFAULT)
    .action(async (options: Options) => {
      const listed = await shell.run('list-tokens', options);
      const { items, total } = listed;
      shell.output.result(listed, () => (total === 0 ? 'None.' : table(HEAD, items.map(rowOf))));
      if (items.length < total) {
        shell.output.note(`These are the newest ${items.length} of ${total}; --limit shows more.`);
      }
    });
}

function rowOf(token: UserTokenDto): string[] {
  const { id, user, kind, state, tokenPreview, note, lastUsageTime, expirationTime } = token;
  return [id, user, kind, state, tokenPreview, cut(note), lastUsageTime ?? 'never', expirationTime ?? 'none'];
}

function cut(note = ''): string {
  const letters = [...note];
  return letters.length > NOTE_LENGTH ? `${letters.slice(0, NOTE_LENGTH - 1).join('')}…` : note;
}

function readLimit(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > LIMIT_MAX) {
    throw new InvalidArgumentError(`It takes a whole number from 1 to ${LIMIT_MAX}.`);
  }
  return Number(text);
}
