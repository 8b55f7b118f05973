import { canonicalUserName, type ImportResultDto } from '@latchkey/auth-models';
import type { Texts } from '../../core/texts/texts';
import { errorText, responseError, toErrors } from '../../shared/forms/field-error';
import type { ImportRow } from './import-file';

/** The other name, at the end of the message of the server: the error has no member for it. */
const LOOK_ALIKE = / looks like (?:the name of the user )?(\S+)$/;

/** Error in a line of the file. */
export interface LineError {
  readonly line: number;
  readonly text: string;
}

/** Returns the name of the user in a row; empty if there is none. */
export function nameOf({ user: { name } }: ImportRow): string {
  return typeof name === 'string' ? name : '';
}

/** Returns an error for each name that occurs on an earlier line. */
export function repeatedNames(rows: readonly ImportRow[], { userImport }: Texts): LineError[] {
  const lines = new Map<string, number>();
  return rows.flatMap((row) => {
    const name = canonicalUserName(nameOf(row));
    if (name === null) {
      return [];
    }
    const earlier = lines.get(name);
    lines.set(name, earlier ?? row.line);
    return earlier === undefined ? [] : [{ line: row.line, text: userImport.repeated(name, earlier) }];
  });
}

/** Returns the error of the server about one of the rows that were sent. */
export function serverError(
  rows: readonly ImportRow[],
  problem: ImportResultDto['problems'][number],
  texts: Texts,
): LineError {
  const { line = 0, user = {} } = rows[problem.index] ?? {};
  const [, member = '', position] = problem.pointer.split('/');
  const { name, roles } = user as { name?: string; roles?: readonly string[] };
  const { exists, noRole, lookAlike } = texts.userImport;
  const known: Readonly<Record<string, string | undefined>> = {
    name_taken: exists(name ?? ''),
    unknown_role: noRole(roles?.[Number(position)] ?? ''),
    name_confusable: lookAlike(name ?? '', LOOK_ALIKE.exec(problem.message)?.[1] ?? null),
  };
  const text = known[problem.code];
  if (text !== undefined) {
    return { line, text };
  }
  const error = errorText(toErrors(responseError(problem)), texts) ?? problem.message;
  return { line, text: error.startsWith(member) ? error : `${member}: ${error}` };
}
