import { beforeEach, describe, expect, it } from '@jest/globals';
import { RowViews } from './list-table';

describe('the views of rows', () => {
  let views: RowViews;

  beforeEach(() => {
    views = new RowViews();
    views.of(['a', 'b', 'c']);
  });

  it('creates a view for each row at first', () => {
    expect(new RowViews().of(['a', 'b', 'c'])).toEqual([0, 1, 2]);
  });

  it('reuses views for the next page and creates more for extra rows', () => {
    expect(views.of(['d', 'e', 'f', 'g'])).toEqual([0, 1, 2, 3]);
  });

  it('moves views with their rows when the order changes', () => {
    expect(views.of(['c', 'a', 'b'])).toEqual([2, 0, 1]);
  });

  it('keeps the views of remaining rows when one is removed, and creates one for the row that moves up', () => {
    expect(views.of(['a', 'c', 'd'])).toEqual([0, 2, 3]);
  });

  it('reuses views in place beside rows that stay', () => {
    expect(views.of(['d', 'b', 'e'])).toEqual([0, 1, 2]);
  });

  it('never assigns one view to two rows', () => {
    views.of(['c', 'x']);

    expect(new Set(views.of(['x', 'y', 'c', 'z'])).size).toBe(4);
  });
});
