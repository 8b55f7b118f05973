import { Readable } from 'node:stream';
import { findDuplicateMember } from '../../../../http/bodies/duplicate-member.js';
import { DEPTH_MAX } from '../../../../http/bodies/check-input.js';
import { type ImportRow, type LineProblem } from '../../../server/operator.dto.js';
import { readLines } from '../../../read-lines.js';
import { CLEAR_TEXT_PASSWORDS_REJECTED } from './csv-rows.js';

/** Maximum characters in a line. */
const LINE_MAX_LENGTH = 65_536;

/**
 * Reads users from JSON lines. Each line is an object with the members of `POST /users`, and `passwordHash`
 * in place of `password`. Members that are null count as absent.
 */
export async function* readJsonRows(text: AsyncIterable<string>): AsyncGenerator<ImportRow | LineProblem> {
  let line = 0;
  for await (const content of readLines(Readable.from(withLineEnd(text)), LINE_MAX_LENGTH)) {
    line += 1;
    if (content.trim() !== '') {
      yield readRow(line, content);
    }
  }
}

/** Terminates the last line, which may lack a line break. */
async function* withLineEnd(text: AsyncIterable<string>): AsyncGenerator<string> {
  yield* text;
  yield '\n';
}

function readRow(line: number, content: string): ImportRow | LineProblem {
  const user = toUser(content);
  if (!user) {
    return { line, message: 'is not a JSON object' };
  }
  if (!hasAtMostLevels(user, DEPTH_MAX)) {
    return { line, message: `has more than ${DEPTH_MAX} levels` };
  }
  const duplicate = findDuplicateMember(content);
  if (duplicate !== undefined) {
    return { line, message: `has the member ${duplicate} twice` };
  }
  return 'password' in user ? { line, message: CLEAR_TEXT_PASSWORDS_REJECTED } : { line, user };
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

/**
 * Whether a value is nested in at most this many levels. Both the program and the server fail on a very deep
 * value.
 */
function hasAtMostLevels(value: unknown, levels: number): boolean {
  return (
    typeof value !== 'object' ||
    value === null ||
    (levels > 0 && Object.values(value).every((inner) => hasAtMostLevels(inner, levels - 1)))
  );
}
