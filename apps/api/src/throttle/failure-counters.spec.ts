import { describe, expect, it } from '@jest/globals';
import { FailureCounters } from './failure-counters.js';
import { fixedWindow } from './policies.js';

describe('FailureCounters', () => {
  it('forgets the one seen longest ago beyond a hundred thousand', () => {
    const counters = new FailureCounters(10, fixedWindow(10));
    counters.fail(counters.of('first', 0), 0);
    counters.fail(counters.of('second', 0), 0);
    for (let index = 0; index < 99_998; index += 1) {
      counters.of(`name-${index}`, 0);
    }
    counters.of('second', 0);

    counters.of('one too many', 0);

    expect(counters.of('second', 0).failures).toBe(1);
    expect(counters.of('first', 0).failures).toBe(0);
  });

  it('gives the same counter for the same key', () => {
    const counters = new FailureCounters(10, fixedWindow(10));

    expect(counters.of('anne', 0)).toBe(counters.of('anne', 5));
    expect(counters.of('anne', 0)).not.toBe(counters.of('bert', 0));
  });
});
