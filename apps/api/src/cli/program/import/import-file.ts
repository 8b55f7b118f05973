import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { type ImportRow } from '../../commands/import-users.command.js';
import { CommandError } from '../../command-failure.js';
import { readCsvRows } from './csv-rows.js';
import { readJsonRows } from './json-rows.js';

/** The forms of a file of users. */
export const IMPORT_FORMATS = ['csv', 'jsonl'] as const;

/** One of {@link IMPORT_FORMATS}. */
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

const BY_EXTENSION: Record<string, ImportFormat> = { '.csv': 'csv', '.jsonl': 'jsonl', '.ndjson': 'jsonl' };

/** The form of a file by the end of its name. @throws CommandError if that tells none. */
export function formatOf(file: string): ImportFormat {
  const format = BY_EXTENSION[extname(file).toLowerCase()];
  if (!format) {
    throw CommandError.of(`${file} may be anything by its name: say --format csv or --format jsonl.`);
  }
  return format;
}

/**
 * Reads a file of users row by row, however long it is.
 *
 * @throws CommandError where the file is not what it should be.
 */
export function readRows(file: string, format: ImportFormat): AsyncGenerator<ImportRow> {
  return format === 'csv' ? readCsvRows(textOf(file)) : readJsonRows(textOf(file));
}

/** The text of a file in UTF-8; other encodings would garble names without a word. */
async function* textOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    throw code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
      ? CommandError.of(`${file} is not in UTF-8: save it as such first.`)
      : CommandError.of(`${file} cannot be read: ${message}.`);
  }
}
