import { describe, expect, it } from '@jest/globals';
import { RecentEntries } from './recent-entries.js';

const MAX = 6;
const MAX_AGE = 1_000;

/** Entries in the order of insertion: 0, 1, 2 and so on. */
function filled(count: number): RecentEntries<number> {
  const entries = new RecentEntries<number>(MAX, MAX_AGE);
  Array.from({ length: count }, (_, index) => entries.set(`key ${index}`, index, MAX_AGE));
  return entries;
}

describe('RecentEntries', () => {
  it('keeps at most the maximum, and at least the younger half', () => {
    for (let count = 0; count < 5 * MAX; count += 1) {
      const entries = filled(count);
      const known = Array.from({ length: count }, (_, index) => entries.get(`key ${index}`));
      const half = known.slice(-MAX / 2);

      expect(entries.size).toBeLessThanOrEqual(MAX);
      expect(entries.size).toBe(known.filter((value) => value !== undefined).length);
      expect(half).toEqual(half.filter((value) => value !== undefined));
    }
  });

  it('keeps the latest value of a key', () => {
    const entries = filled(MAX);
    entries.set('key 0', 100, MAX_AGE);

    expect([entries.get('key 0'), entries.size]).toEqual([100, MAX / 2 + 1]);
  });

  it.each(['key 0', `key ${MAX - 1}`])('deletes from either half: %s', (key) => {
    const entries = filled(MAX);
    entries.delete(key);

    expect([entries.get(key), entries.size]).toEqual([undefined, MAX - 1]);
  });

  it('keeps entries up to the maximum age, and drops them at twice that age', () => {
    const entries = new RecentEntries<number>(MAX, MAX_AGE);
    entries.set('old', 1, 5_000);
    entries.set('young', 2, 5_999);
    entries.set('next half', 3, 6_000);
    expect([entries.get('old'), entries.get('young')]).toEqual([1, 2]);

    entries.set('half after that', 4, 7_000);

    expect([entries.get('old'), entries.get('young'), entries.get('next half')]).toEqual([
      undefined,
      undefined,
      3,
    ]);
  });

  it('drops entries after the clock is set back', () => {
    const entries = new RecentEntries<number>(MAX, MAX_AGE);
    entries.set('ahead', 1, 1_000_000);
    entries.set('back', 2, 5_000);
    entries.set('later', 3, 6_000);

    expect(entries.get('ahead')).toBeUndefined();
  });

  it('has no entries after clear', () => {
    const entries = filled(MAX);
    entries.clear();

    expect([entries.size, entries.get('key 0'), entries.get(`key ${MAX - 1}`)]).toEqual([
      0,
      undefined,
      undefined,
    ]);
  });
});
