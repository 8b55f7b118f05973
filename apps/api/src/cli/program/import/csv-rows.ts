import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { type ImportRow } from '../../commands/import-users.command.js';
import { CommandError } from '../../command-failure.js';

const COLUMNS = ['name', 'displayName', 'email', 'roles', 'enabled', 'kind', 'passwordHash'];

/** Characters in a row; a quote that never closes makes the rest of the file one. */
const ROW_MAX_LENGTH = 65_536;

const BOOLEANS: Record<string, boolean> = { true: true, false: false };

/**
 * Reads users from CSV (RFC 4180) with a line of column names. An empty cell is one that is not there.
 *
 * @throws CommandError
 */
export async function* readCsvRows(text: AsyncIterable<string>): AsyncGenerator<ImportRow> {
  const parser = parse({
    columns: checkColumns,
    info: true,
    max_record_size: ROW_MAX_LENGTH,
    skip_empty_lines: true,
  });
  // What fails on the way ends the parser with the same error.
  pipeline(Readable.from(text), parser, () => undefined);
  try {
    for await (const { info, record } of parser as AsyncIterable<{
      info: { lines: number };
      record: Record<string, string>;
    }>) {
      yield { line: info.lines, user: toUser(record) };
    }
  } catch (error) {
    throw error instanceof CsvError ? CommandError.of(`The file is no CSV: ${error.message}.`) : error;
  }
}

function checkColumns(names: string[]): string[] {
  const columns = names.map((name) => name.trim());
  const unknown = columns.filter((name) => !COLUMNS.includes(name));
  if (unknown.length > 0) {
    throw CommandError.of(
      `There is no column ${unknown.join(', ')}. The first line names the columns, out of ${COLUMNS.join(', ')}.`,
    );
  }
  if (!columns.includes('name') || new Set(columns).size < columns.length) {
    throw CommandError.of('The first line names each column once, and name among them.');
  }
  return columns;
}

function toUser(record: Record<string, string>): object {
  const { roles, enabled, ...texts } = Object.fromEntries(
    Object.entries(record).filter(([, text]) => text !== ''),
  );
  return {
    ...texts,
    ...(roles !== undefined && { roles: roles.split(' ').filter((role) => role !== '') }),
    ...(enabled !== undefined && { enabled: BOOLEANS[enabled] ?? enabled }),
  };
}
