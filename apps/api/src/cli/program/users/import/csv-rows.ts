import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { type ImportRow, type LineProblem } from '../../../server/operator.dto.js';
import { mostSimilar } from '../../../../common/most-similar.js';
import { CommandError } from '../../../command-error.js';
import { count } from '../../format.js';

/** Error message for passwords in an import file. */
export const CLEAR_TEXT_PASSWORDS_REJECTED =
  'clear-text passwords are not accepted: omit them and create a link for each user (reset-password), or use hashes (passwordHash)';

const COLUMNS = ['name', 'displayName', 'email', 'roles', 'enabled', 'kind', 'responsible', 'passwordHash'];

/** Maximum characters in a row. An unclosed quote would make the rest of the file one row. */
const ROW_MAX_LENGTH = 65_536;

/** Row of the CSV parser. */
interface Row {
  info: { lines: number };
  record: string[];
}

const BOOLEANS: Record<string, boolean> = { true: true, false: false };

/** Reads users from CSV (RFC 4180) with a header line. Empty cells count as absent. */
export async function* readCsvRows(text: AsyncIterable<string>): AsyncGenerator<ImportRow | LineProblem> {
  const parser = parse({
    info: true,
    max_record_size: ROW_MAX_LENGTH,
    // The cells are counted below, so that a row with too many does not hide problems of other rows.
    relax_column_count: true,
    skip_empty_lines: true,
  });
  // Errors of the source destroy the parser, and the loop below throws them.
  pipeline(Readable.from(text), parser, () => undefined);
  let columns: string[] | undefined;
  try {
    for await (const { info, record } of parser as AsyncIterable<Row>) {
      if (columns) {
        yield readRow(info.lines, record, columns);
      } else {
        columns = checkColumns(record);
      }
    }
  } catch (error) {
    throw error instanceof CsvError ? CommandError.of(`The file is not valid CSV: ${error.message}.`) : error;
  }
}

function readRow(line: number, cells: string[], columns: readonly string[]): ImportRow | LineProblem {
  return cells.length === columns.length
    ? { line, user: toUser(cells, columns) }
    : { line, message: `has ${count(cells.length, 'cell')} for ${count(columns.length, 'column')}` };
}

function checkColumns(names: string[]): string[] {
  const columns = names.map((name) => name.trim());
  const unknown = columns.filter((name) => !COLUMNS.includes(name));
  if (unknown.includes('password')) {
    throw CommandError.of(`The file has a password column, but ${CLEAR_TEXT_PASSWORDS_REJECTED}.`);
  }
  const [, separator] = /([;\t|])/.exec(unknown.join('')) ?? [];
  if (separator !== undefined) {
    const called = separator === '\t' ? 'tabs' : separator;
    throw CommandError.of(`Separate the columns by commas, not by ${called}.`);
  }
  if (unknown.length > 0) {
    throw CommandError.of(
      `Unknown column: ${unknown.map(withMeant).join(', ')}. The first line must contain column names only: ${COLUMNS.join(', ')}.`,
    );
  }
  if (!columns.includes('name') || new Set(columns).size < columns.length) {
    throw CommandError.of('The first line must contain a column called name, and each column only once.');
  }
  return columns;
}

/** Returns an unknown name, and suggests the most similar column. */
function withMeant(name: string): string {
  const meant = mostSimilar(name, COLUMNS);
  return meant === undefined ? name : `${name} (did you mean ${meant}?)`;
}

function toUser(cells: readonly string[], columns: readonly string[]): object {
  const named = columns.map((name, index): [string, string] => [name, cells[index] ?? '']);
  const { roles, enabled, ...texts } = Object.fromEntries(named.filter(([, text]) => text !== ''));
  return {
    ...texts,
    ...(roles !== undefined && { roles: roles.split(' ').filter((role) => role !== '') }),
    ...(enabled !== undefined && { enabled: BOOLEANS[enabled] ?? enabled }),
  };
}
