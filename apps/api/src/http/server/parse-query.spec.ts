import { describe, expect, it } from '@jest/globals';
import { parse } from 'node:querystring';
import { parseQuery } from './parse-query.js';

describe('parseQuery', () => {
  it.each(['', 'a', 'a=', '=a', 'a=1&a=2', 'a=%C3%A4+b', 'a=%', '__proto__=1&constructor=2', 'a;b=1'])(
    'parses %p',
    (text) => {
      expect({ ...parseQuery(text) }).toEqual({ ...parse(text) });
      expect(Object.getPrototypeOf(parseQuery(text))).toBeNull();
    },
  );

  it('returns the same frozen object for the same text', () => {
    const query = parseQuery('a=1&a=2');

    expect(parseQuery('a=1&a=2')).toBe(query);
    expect([query, query['a']].every(Object.isFrozen)).toBe(true);
  });

  it('does not cache long queries', () => {
    const text = `a=${'b'.repeat(500)}`;

    expect(parseQuery(text)).not.toBe(parseQuery(text));
  });

  it('returns more than a thousand parameters', () => {
    const text = Array.from({ length: 1_001 }, (_, index) => `a${index}`).join('&');

    expect(Object.keys(parseQuery(text))).toHaveLength(1_001);
  });
});
