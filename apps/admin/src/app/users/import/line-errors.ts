import { canonicalUserName, type ImportResultDto } from '@latchkey/auth-models';
import type { Texts } from '../../core/texts/texts';
import { errorText, toErrors } from '../../shared/forms/field-error';
import type { ImportRow } from './import-file';

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
  { index, pointer, code, message }: ImportResultDto['problems'][number],
  texts: Texts,
): LineError {
  const rule = code.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const text = errorText(toErrors({ rules: [rule, code], message }), texts) ?? message;
  const member = pointer.split('/')[1] ?? '';
  return { line: rows[index]?.line ?? 0, text: text.startsWith(member) ? text : `${member}: ${text}` };
}
