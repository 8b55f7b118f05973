import { extname } from 'node:path';
import { type ImportRow, type RowProblem } from '../../commands/import-users.command.js';
import { CommandError } from '../../command-failure.js';
import { describeFileError } from '../describe-file-error.js';
import { readCsvRows } from './csv-rows.js';
import { type ImportSource } from './import-source.js';
import { readJsonRows } from './json-rows.js';

/** The forms of a file of users. */
export const IMPORT_FORMATS = ['csv', 'jsonl'] as const;

/** One of {@link IMPORT_FORMATS}. */
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

const BY_EXTENSION: Record<string, ImportFormat> = { '.csv': 'csv', '.jsonl': 'jsonl', '.ndjson': 'jsonl' };

/** The form of a file by the end of its name. @throws CommandError if that tells none. */
export function formatOf({ name }: ImportSource): ImportFormat {
  const format = BY_EXTENSION[extname(name).toLowerCase()];
  if (!format) {
    throw CommandError.of(`What is in ${name} its name does not tell: say --format csv or --format jsonl.`);
  }
  return format;
}

/**
 * Reads a file of users row by row, however long it is. In place of a row that is none comes what is wrong with it.
 *
 * @throws CommandError where the file is not what it should be.
 */
export function readRows(source: ImportSource, format: ImportFormat): AsyncGenerator<ImportRow | RowProblem> {
  return format === 'csv' ? readCsvRows(textOf(source)) : readJsonRows(textOf(source));
}

/** The text of a file in UTF-8; other encodings would garble names without a word. */
async function* textOf({ name, open }: ImportSource): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of open()) {
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
      ? CommandError.of(`${name} is not in UTF-8: save it as such first.`)
      : CommandError.of(`${name} cannot be read: ${describeFileError(error)}.`);
  }
}
