import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText, runs } from '../../../../../test/support/unit/property-testing.js';
import { negotiate, REPRESENTATIONS } from './representations.js';

const TYPES = REPRESENTATIONS.map(({ mediaType }) => mediaType);

const chosen = (accept: string | undefined) => negotiate(accept, REPRESENTATIONS)?.mediaType;

describe('negotiate', () => {
  it.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['application/json', 'application/json'],
    ['APPLICATION/XML', 'application/xml'],
    ['application/xml', 'application/xml'],
    ['application/yaml', 'application/yaml'],
    ['application/xml, application/json', 'application/json'],
    ['application/yaml, application/xml', 'application/xml'],
    ['application/json;q=0.5, application/yaml', 'application/yaml'],
    ['application/json; q=0.5 , application/yaml ;q=0.6', 'application/yaml'],
    ['application/json;q=0, */*', 'application/xml'],
    ['*/*;q=0.1, application/yaml;q=0.2', 'application/yaml'],
    ['application/*;q=0.9, application/json;q=0.1', 'application/xml'],
    ['*/*, application/json;q=0.1', 'application/xml'],
    ['text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8', 'application/xml'],
    ['text/html, */*;q=0.001', 'application/json'],
    ['application/json;charset=utf-8', 'application/json'],
  ])('returns for %j: %s', (accept, mediaType) => {
    expect(chosen(accept)).toBe(mediaType);
  });

  it.each([
    'text/html',
    'text/*',
    'application/problem+json',
    'application/json;q=0',
    '*/*;q=0',
    'application/*;q=0.0, text/html',
    'json',
    ';;;',
  ])('returns undefined for %j', (accept) => {
    expect(chosen(accept)).toBeUndefined();
  });

  it('never throws, and returns an available representation or undefined', () => {
    fc.assert(
      fc.property(anyText, (accept) => {
        expect([undefined, ...TYPES]).toContain(chosen(accept));
      }),
      runs(100),
    );
  });

  it('agrees with RFC 9110 on any list of ranges', () => {
    const range = fc.record({
      type: fc.constantFrom(...TYPES, 'application/*', '*/*', 'text/html'),
      quality: fc.constantFrom(0, 0.1, 0.5, 0.9, 1),
    });
    const ranges = fc.uniqueArray(range, { minLength: 1, maxLength: 5, selector: ({ type }) => type });

    fc.assert(
      fc.property(ranges, (ranges) => {
        const accept = ranges.map(({ type, quality }) => `${type};q=${quality}`).join(', ');
        const qualityOf = (type: string) =>
          [type, 'application/*', '*/*']
            .map((pattern) => ranges.find((range) => range.type === pattern)?.quality)
            .find((quality) => quality !== undefined) ?? 0;
        const best = Math.max(...TYPES.map(qualityOf));

        expect(chosen(accept)).toBe(best === 0 ? undefined : TYPES.find((type) => qualityOf(type) === best));
      }),
      runs(500),
    );
  });
});
