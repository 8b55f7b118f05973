import { describe, expect, it } from '@jest/globals';
import { mostSimilar } from './most-similar.js';

describe('mostSimilar', () => {
  it.each([
    ['allowedAdresses', 'allowedAddresses'],
    ['metdata', 'metadata'],
    ['zebra', undefined],
    ['', undefined],
    ['help', undefined],
    ['--help', undefined],
    ['-h', undefined],
    ['--version', undefined],
    ['--', undefined],
    ['__proto__', undefined],
  ])('returns the known name for %j: %s', (name, known) => {
    expect(mostSimilar(name, ['allowedAddresses', 'metadata', 'note'])).toBe(known);
  });
});
