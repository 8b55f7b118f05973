import { describe, expect, it } from '@jest/globals';
import { inParts, readInParts } from './in-parts.js';

describe('inParts', () => {
  it.each([
    [[], []],
    [['a'], [['a']]],
    [['a', 'b'], [['a', 'b']]],
    [
      ['a', 'b', 'c'],
      [['a', 'b'], ['c']],
    ],
  ])('splits %j into pairs', async (ids, expected) => {
    const parts = [];
    for await (const part of inParts(ids, 2)) {
      parts.push(part);
    }

    expect(parts).toEqual(expected);
  });

  it('lets other work run between parts', async () => {
    let isDone = false;
    const parts = inParts(['a', 'b'], 1);
    await parts.next();
    setImmediate(() => (isDone = true));
    await parts.next();

    expect(isDone).toBe(true);
  });
});

/** Reads the numbers from 1 to `last` and records the requested parts. */
async function read(last: number, size?: number): Promise<{ rows: number[]; asked: number }> {
  let asked = 0;
  const rows: number[] = [];
  const parts = readInParts<number>((after = 0, limit) => {
    asked += 1;
    const length = Math.min(limit, last - after);
    return Promise.resolve(Array.from({ length }, (_, index) => after + index + 1));
  }, size);
  for await (const part of parts) {
    rows.push(...part);
  }
  return { rows, asked };
}

describe('readInParts', () => {
  it.each([
    [0, 1],
    [3, 1],
    [10, 2],
    [11, 2],
    [25, 3],
  ])('reads %i rows in parts of ten with %i queries', async (last, times) => {
    const { rows, asked } = await read(last, 10);

    expect(rows).toEqual(Array.from({ length: last }, (_, index) => index + 1));
    expect(asked).toBe(times);
  });
});
