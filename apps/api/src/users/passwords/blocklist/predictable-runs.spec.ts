import { describe, expect, it } from '@jest/globals';
import { runEnds } from './predictable-runs.js';

const runs = (text: string): number[] => [...runEnds([...text], 0)];

describe('runEnds', () => {
  it.each([
    ['a repeated character', 'aaaa-', [2, 3]],
    ['characters of two units', '🐎🐎🐎!', [2, 3]],
    ['digits upwards', '1234x', [3, 4]],
    ['digits downwards', '9876x', [3, 4]],
    ['digits past nine', '8901x', [3, 4]],
    ['a row of the keyboard', 'asdfx', [3, 4]],
    ['a row of another keyboard', 'zuiox', [3, 4]],
    ['a column of the keyboard', '2wsx1', [3, 4]],
    ['two fingers over the keyboard', '1q2w3e-', [3, 4, 5]],
    ['the alphabet past z', 'yzab-', [3, 4]],
    ['another alphabet', 'абвг-', [3, 4]],
  ])('follows %s', (_, text, ends) => {
    expect(runs(text)).toEqual(ends);
  });

  it.each([
    ['two neighbours', 'as'],
    ['the end of one line and the beginning of the next', 'opas'],
    ['random letters', 'hrv'],
    ['an empty text', ''],
  ])('does not follow %s', (_, text) => {
    expect(runs(text)).toEqual([]);
  });
});
