import { type SortField, type TokenSortField } from '@latchkey/auth-models';
import { type ListSlice } from '../common/list-slice.js';
import { type TokenListRepository, type TokenSelection } from './token-list.repository.js';

/** From here on it is worth to know first how many rows there are. */
const DEEP = 10_000;

/** Ids of one page of tokens, and how many tokens there are on all pages. */
export async function findTokenPage(
  list: TokenListRepository,
  selection: TokenSelection,
  { sort, offset, size }: ListSlice<TokenSortField>,
): Promise<[ids: string[], total: number]> {
  if (offset < DEEP) {
    return Promise.all([list.findIds(selection, sort, { offset, size }), list.count(selection)]);
  }
  const total = await list.count(selection);
  if (offset >= total) {
    return [[], total];
  }
  if (offset < total / 2) {
    return [await list.findIds(selection, sort, { offset, size }), total];
  }
  // From the other end: a database sorts only as many rows as come before the end of what it is asked for.
  const part = { offset: Math.max(total - offset - size, 0), size: Math.min(size, total - offset) };
  return [(await list.findIds(selection, reversed(sort), part)).reverse(), total];
}

function reversed(sort: readonly SortField<TokenSortField>[]): SortField<TokenSortField>[] {
  return sort.map(({ field, isDescending }) => ({ field, isDescending: !isDescending }));
}
