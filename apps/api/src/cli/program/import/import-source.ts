import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';

/** What users are imported from; it can be read again. */
export interface ImportSource {
  /** As it is called in messages. */
  readonly name: string;
  open: () => AsyncIterable<Buffer>;
}

/** Finds the source that a word on the command line means: a file, or standard input if it is `-`. */
export async function sourceOf(word: string): Promise<ImportSource> {
  if (word === '-') {
    // It is read twice, and a pipe only once.
    const chunks = (await process.stdin.toArray()) as Buffer[];
    return { name: 'standard input', open: () => Readable.from(chunks) };
  }
  const file = resolve(word);
  return { name: file, open: () => createReadStream(file) };
}
