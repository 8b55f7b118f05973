import { describe, expect, it } from '@jest/globals';
import { checkExpectedCount } from './bulk-engine.js';

describe('checkExpectedCount', () => {
  it.each([
    ['ids without a count', {}, 7],
    ['a filter that matches as many as expected', { filter: {}, expectedCount: 7 }, 7],
    ['a filter that matches fewer', { filter: {}, expectedCount: 7 }, 3],
  ])('accepts %s', (_, bulk, count) => {
    expect(() => checkExpectedCount(bulk, count)).not.toThrow();
  });

  it.each([
    ['a filter without a count', { filter: {} }, 0, 'validation_failed'],
    ['a filter that matches more', { filter: {}, expectedCount: 7 }, 8, 'count_grown'],
    ['more ids than expected', { expectedCount: 1 }, 2, 'count_grown'],
  ])('rejects %s', (_, bulk, count, code) => {
    expect(() => checkExpectedCount(bulk, count)).toThrow(expect.objectContaining({ code }));
  });
});
