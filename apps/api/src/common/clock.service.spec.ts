import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toRfc3339 } from './clock.service.js';

describe('toRfc3339', () => {
  it('writes the same text as Date for any instant', () => {
    const instants = fc.oneof(
      fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }),
      // Clocks of tests may have fractions of a millisecond.
      fc.double({ min: 0, max: 253_402_300_799_999, noNaN: true }),
    );
    fc.assert(fc.property(instants, (instant) => toRfc3339(instant) === new Date(instant).toISOString()));
  });

  it.each([NaN, Infinity])('throws for %d', (instant) => {
    expect(() => toRfc3339(instant)).toThrow(RangeError);
  });
});
