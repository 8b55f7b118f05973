import { describe, expect, it } from '@jest/globals';
import { inParts } from './in-parts.js';

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
