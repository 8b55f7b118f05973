import { describe, expect, it } from '@jest/globals';
import { type SortField, type TokenSortField } from '@latchkey/auth-models';
import { type TokenListRepository } from './token-list.repository.js';
import { findTokenPage } from './token-page.js';

const SELECTION = { filter: {}, userId: undefined, now: 0 };

/** A list of so many tokens with numbers for ids, and how deep it was asked to look. */
function listOf(total: number) {
  const depths: number[] = [];
  const ids = Array.from({ length: total }, (_, index) => `${index}`);
  const findIds = (
    _: unknown,
    sort: readonly SortField<TokenSortField>[],
    { offset, size }: { offset: number; size: number },
  ) => {
    depths.push(offset + size);
    const ordered = sort[0]?.isDescending ? [...ids].reverse() : ids;
    return Promise.resolve(ordered.slice(offset, offset + size));
  };
  const list = { findIds, count: () => Promise.resolve(total) } as unknown as TokenListRepository;
  const page = (number: number, size: number) =>
    findTokenPage(list, SELECTION, {
      page: number,
      size,
      offset: (number - 1) * size,
      sort: [{ field: 'note', isDescending: false }],
    });
  return { page, depths };
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `${from + index}`);

describe('findTokenPage', () => {
  it.each([
    ['the first', 1, 0, 25],
    ['one near the beginning', 4, 75, 100],
    ['one before the middle', 500, 12_475, 12_500],
    ['one behind the middle', 1_100, 27_475, 27_500],
    ['the last but one', 2_000, 49_975, 50_000],
    ['the last, which is not full', 2_001, 50_000, 50_003],
  ])('finds the same rows on each page: %s', async (_, page, from, to) => {
    expect(await listOf(50_003).page(page, 25)).toEqual([numbers(from, to), 50_003]);
  });

  it('has nothing behind the last page', async () => {
    expect(await listOf(50_003).page(2_002, 25)).toEqual([[], 50_003]);
    expect(await listOf(3).page(2, 25)).toEqual([[], 3]);
  });

  it('never looks deeper than to the middle of a long list', async () => {
    const { page, depths } = listOf(50_003);

    for (let number = 1; number <= 2_002; number += 1) {
      await page(number, 25);
    }

    expect(Math.max(...depths)).toBeLessThanOrEqual(25_025);
  });
});
