import { createReadStream } from 'node:fs';
import { extname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { type ImportRow, type LineProblem } from '../../../server/operator.dto.js';
import { CommandError } from '../../../command-error.js';
import { describeFileError } from '../../files.js';
import { readCsvRows } from './csv-rows.js';
import { readJsonRows } from './json-rows.js';

/** Source of an import, which can be read more than once. */
export interface ImportSource {
  /** Name for messages. */
  readonly name: string;
  open: () => AsyncIterable<Buffer>;
}

/** Returns the source for an argument: a file, or standard input for `-`. */
export async function sourceOf(word: string, stdin: Readable): Promise<ImportSource> {
  if (word === '-') {
    // Buffered, because an import reads its source twice.
    const chunks = (await stdin.toArray()) as Buffer[];
    return { name: 'standard input', open: () => Readable.from(chunks) };
  }
  const file = resolve(word);
  return { name: file, open: () => createReadStream(file) };
}

export const IMPORT_FORMATS = ['csv', 'jsonl'] as const;

export type ImportFormat = (typeof IMPORT_FORMATS)[number];

const BY_EXTENSION: Record<string, ImportFormat> = { '.csv': 'csv', '.jsonl': 'jsonl', '.ndjson': 'jsonl' };

/** Returns the format by the file extension. */
export function formatOf({ name }: ImportSource): ImportFormat {
  const format = BY_EXTENSION[extname(name).toLowerCase()];
  if (!format) {
    throw CommandError.of(`The format of ${name} is unknown. Use --format csv or --format jsonl.`);
  }
  return format;
}

/** Streams the rows of an import file. Yields a problem in place of a malformed row. */
export function readRows(
  source: ImportSource,
  format: ImportFormat,
): AsyncGenerator<ImportRow | LineProblem> {
  return format === 'csv' ? readCsvRows(textOf(source)) : readJsonRows(textOf(source));
}

/** Decodes a file as UTF-8. Rejects other encodings, which would garble names silently. */
async function* textOf({ name, open }: ImportSource): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of open()) {
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
      ? CommandError.of(`${name} is not in UTF-8. Convert it first.`)
      : CommandError.of(`${name} cannot be read: ${describeFileError(error)}.`);
  }
}
