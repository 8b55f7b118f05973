import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { readJsonRows } from './json-rows.js';

/** Returns a line with an object of this many levels. */
const nested = (levels: number) => `{"x":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;

async function* source(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}

describe('readJsonRows', () => {
  it.each([33, 3_000, 20_000])('yields a problem for a line with %i levels', async (levels) => {
    const rows = readJsonRows(source(`${nested(levels)}\n${nested(32)}`));

    expect(await Readable.from(rows).toArray()).toEqual([
      { line: 1, message: 'has more than 32 levels' },
      { line: 2, user: expect.any(Object) },
    ]);
  });

  it.each(['[]', 'null', '{', '"anna"'])('yields a problem for %s', async (line) => {
    expect(await Readable.from(readJsonRows(source(line))).toArray()).toEqual([
      { line: 1, message: 'is not a JSON object' },
    ]);
  });

  it('yields a problem for a line with a duplicate member', async () => {
    const line = '{"name":"anna","enabled":false,"enabled":true}';

    expect(await Readable.from(readJsonRows(source(line))).toArray()).toEqual([
      { line: 1, message: 'has the member /enabled twice' },
    ]);
  });
});
