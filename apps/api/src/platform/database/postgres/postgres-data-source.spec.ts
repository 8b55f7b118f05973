import { describe, expect, it } from '@jest/globals';
import { withMark } from './postgres-data-source.js';

describe('withMark', () => {
  it.each([
    ['short', 'shop', 'shop 3000-0123abcd'],
    ['long', 'é'.repeat(63), `${'é'.repeat(24)} 3000-0123abcd`],
  ])('adds the mark after a %s name, within the 63 bytes of PostgreSQL', (_, name, marked) => {
    const url = withMark(
      `postgres://db/latchkey?application_name=${encodeURIComponent(name)}`,
      '3000-0123abcd',
    );

    expect(new URL(url).searchParams.get('application_name')).toBe(marked);
  });
});
