import { beforeEach, describe, expect, it } from '@jest/globals';
import { RowViews } from './row-views';

describe('the views of rows', () => {
  let views: RowViews;

  beforeEach(() => {
    views = new RowViews();
    views.of(['a', 'b', 'c']);
  });

  it('are a new one each at first', () => {
    expect(new RowViews().of(['a', 'b', 'c'])).toEqual([0, 1, 2]);
  });

  it('are taken over by the next page, and more are made where it has more rows', () => {
    expect(views.of(['d', 'e', 'f', 'g'])).toEqual([0, 1, 2, 3]);
  });

  it('go with their rows in another order', () => {
    expect(views.of(['c', 'a', 'b'])).toEqual([2, 0, 1]);
  });

  it('stay with the rows that stay when one goes, and the row that moves up from the next page has a new one', () => {
    expect(views.of(['a', 'c', 'd'])).toEqual([0, 2, 3]);
  });

  it('are taken over in place beside rows that stay', () => {
    expect(views.of(['d', 'b', 'e'])).toEqual([0, 1, 2]);
  });

  it('are never shared', () => {
    views.of(['c', 'x']);

    expect(new Set(views.of(['x', 'y', 'c', 'z'])).size).toBe(4);
  });
});
