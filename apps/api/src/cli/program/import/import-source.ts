import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';

/** Source of an import, which can be read more than once. */
export interface ImportSource {
  /** Name for messages. */
  readonly name: string;
  open: () => AsyncIterable<Buffer>;
}

/** Returns the source for an argument: a file, or standard input for `-`. */
export async function sourceOf(word: string): Promise<ImportSource> {
  if (word === '-') {
    // Buffered, because an import reads its source twice.
    const chunks = (await process.stdin.toArray()) as Buffer[];
    return { name: 'standard input', open: () => Readable.from(chunks) };
  }
  const file = resolve(word);
  return { name: file, open: () => createReadStream(file) };
}
