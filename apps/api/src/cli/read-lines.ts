import { type Readable } from 'node:stream';

/** Reads the lines of a stream. Ignores text after the last line break. */
export async function* readLines(stream: Readable, maxLength: number): AsyncGenerator<string, undefined> {
  let pending = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = `${pending}${chunk}`.split('\n');
    pending = lines.pop() ?? '';
    if ([...lines, pending].some(({ length }) => length > maxLength)) {
      throw new Error(`A line is longer than ${maxLength} characters`);
    }
    yield* lines;
  }
}
