import { Readable } from 'node:stream';
import { type ImportRow } from '../../commands/import-users.command.js';
import { CommandError } from '../../command-failure.js';
import { readLines } from '../../read-lines.js';

/** Characters in a line. */
const LINE_MAX_LENGTH = 65_536;

/**
 * Reads users from JSON lines: one object a line, with the members of `POST /users`, and `passwordHash` in place of
 * `password`. A member that is null is one that is not there.
 *
 * @throws CommandError
 */
export async function* readJsonRows(text: AsyncIterable<string>): AsyncGenerator<ImportRow> {
  let line = 0;
  for await (const content of readLines(Readable.from(withLineEnd(text)), LINE_MAX_LENGTH)) {
    line += 1;
    if (content.trim() !== '') {
      yield { line, user: toUser(content, line) };
    }
  }
}

/** The last line of a file may lack its end. */
async function* withLineEnd(text: AsyncIterable<string>): AsyncGenerator<string> {
  yield* text;
  yield '\n';
}

function toUser(content: string, line: number): object {
  const user = parse(content);
  if (typeof user !== 'object' || user === null || Array.isArray(user)) {
    throw CommandError.of(`Line ${line} is no JSON object.`);
  }
  return Object.fromEntries(Object.entries(user).filter(([, value]) => value !== null));
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
