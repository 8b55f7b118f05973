import { Readable } from 'node:stream';
import { type ImportRow, type RowProblem } from '../../commands/import-users.command.js';
import { readLines } from '../../read-lines.js';

/** Characters in a line. */
const LINE_MAX_LENGTH = 65_536;

/**
 * Reads users from JSON lines: one object a line, with the members of `POST /users`, and `passwordHash` in place of
 * `password`. A member that is null is one that is not there.
 */
export async function* readJsonRows(text: AsyncIterable<string>): AsyncGenerator<ImportRow | RowProblem> {
  let line = 0;
  for await (const content of readLines(Readable.from(withLineEnd(text)), LINE_MAX_LENGTH)) {
    line += 1;
    if (content.trim() !== '') {
      const user = toUser(content);
      yield user ? { line, user } : { line, message: 'is no JSON object' };
    }
  }
}

/** The last line of a file may lack its end. */
async function* withLineEnd(text: AsyncIterable<string>): AsyncGenerator<string> {
  yield* text;
  yield '\n';
}

function toUser(content: string): object | undefined {
  const user = parse(content);
  if (typeof user !== 'object' || user === null || Array.isArray(user)) {
    return undefined;
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
