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
  it('joins lines across chunks, and ignores text after the last line break', async () => {
    const bytes = Buffer.from('eins\nzwölf\n\nrest');

    const pieces = [...bytes].map((byte) => Buffer.from([byte]));

    expect(await linesOf(pieces)).toEqual(['eins', 'zwölf', '']);
    expect(await linesOf([bytes])).toEqual(['eins', 'zwölf', '']);
  });

  it.each([
    ['with a line break', ['x'.repeat(101), '\n']],
    ['without one', Array<string>(20).fill('x'.repeat(10))],
  ])('rejects a line that is too long, %s', async (_, chunks) => {
    await expect(linesOf(chunks)).rejects.toThrow(/longer than 100/);
  });
});
