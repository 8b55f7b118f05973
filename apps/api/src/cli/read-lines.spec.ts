import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { readLines } from './read-lines.js';

async function linesOf(chunks: (string | Buffer)[], maxLength = 100): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(Readable.from(chunks, { objectMode: false }), maxLength)) {
    lines.push(line);
  }
  return lines;
}

describe('readLines', () => {
  it('gathers lines from pieces, wherever they are cut, and leaves out what has no end', async () => {
    const bytes = Buffer.from('eins\nzwölf\n\nrest');

    const pieces = [...bytes].map((byte) => Buffer.from([byte]));

    expect(await linesOf(pieces)).toEqual(['eins', 'zwölf', '']);
    expect(await linesOf([bytes])).toEqual(['eins', 'zwölf', '']);
  });

  it.each([
    ['with an end', ['x'.repeat(101), '\n']],
    ['without one', Array<string>(20).fill('x'.repeat(10))],
  ])('refuses a line that is too long, %s', async (_, chunks) => {
    await expect(linesOf(chunks)).rejects.toThrow(/longer than 100/);
  });
});
