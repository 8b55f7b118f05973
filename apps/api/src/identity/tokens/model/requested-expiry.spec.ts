import { describe, expect, it } from '@jest/globals';
import { parseRequestedExpiry } from './requested-expiry.js';

const NOW = Date.UTC(2030, 0, 1);

describe('parseRequestedExpiry', () => {
  it.each([
    ['none, which is a wish', null, null],
    ['whatever is usual', undefined, undefined],
    ['a moment from now', '2030-01-01T00:00:00.001Z', NOW + 1],
    ['a time told with an offset', '2030-01-01T01:00:00.001+01:00', NOW + 1],
  ])('reads %s', (_, text, end) => {
    expect(parseRequestedExpiry(text, NOW)).toBe(end);
  });

  it.each(['2030-01-01T00:00:00.000Z', '2029-12-31T23:59:59.999Z', 'no time'])('refuses %s', (text) => {
    expect(() => parseRequestedExpiry(text, NOW)).toThrow(
      expect.objectContaining({
        code: 'validation_failed',
        options: { errors: [expect.objectContaining({ pointer: '/expirationTime', code: 'in_the_past' })] },
      }),
    );
  });
});
