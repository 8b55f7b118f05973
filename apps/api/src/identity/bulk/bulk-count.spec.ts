import { describe, expect, it } from '@jest/globals';
import { checkCount } from './bulk-count.js';

describe('checkCount', () => {
  it.each([
    ['ids alone', {}, 7],
    ['a filter that matches as many as expected', { filter: {}, expectedCount: 7 }, 7],
    ['a filter that matches fewer', { filter: {}, expectedCount: 7 }, 3],
  ])('takes %s', (_, bulk, count) => {
    expect(() => checkCount(bulk, count)).not.toThrow();
  });

  it.each([
    ['a filter without a count', { filter: {} }, 0, 'validation_failed'],
    ['a filter that matches more', { filter: {}, expectedCount: 7 }, 8, 'count_grown'],
    ['more ids than expected', { expectedCount: 1 }, 2, 'count_grown'],
  ])('refuses %s', (_, bulk, count, code) => {
    expect(() => checkCount(bulk, count)).toThrow(expect.objectContaining({ code }));
  });
});
