import { describe, expect, it } from '@jest/globals';
import { checkVersion, compareClocks } from './database-checks.js';

describe('checkVersion', () => {
  it.each([
    ['14.19 (Debian 14.19-1)', 'problem'],
    ['15.0', 'ok'],
    ['18.1', 'ok'],
    ['19beta1', 'warning'],
  ])('returns for PostgreSQL %s: %s', (version, verdict) => {
    expect(checkVersion('postgres', version, 'current').verdict).toBe(verdict);
  });

  it.each([
    ['empty', 'ok'],
    ['current', 'ok'],
    ['older', 'warning'],
    ['ahead', 'warning'],
    ['newer', 'problem'],
  ] as const)('returns for tables that are %s: %s', (state, verdict) => {
    expect(checkVersion('sqlite', '3.51.2', state).verdict).toBe(verdict);
  });
});

describe('compareClocks', () => {
  const NOW = Date.parse('2026-11-28T12:00:00Z');
  const DAY = 86_400_000;
  const compare = (difference: Partial<{ seen: number; latest: number; postgres: number }>) => {
    const { seen = 0, latest = 0, postgres = 0 } = difference;
    return compareClocks(NOW, { seen: NOW + seen, latest: NOW + latest, postgres: NOW + postgres });
  };

  it.each([[{}], [{ seen: -29 * DAY, latest: -29 * DAY }], [{ latest: 5_000 }], [{ postgres: -5_000 }]])(
    'accepts %j',
    (difference) => {
      expect(compare(difference).verdict).toBe('ok');
    },
  );

  it.each([
    ['far ahead of the last time', { seen: -31 * DAY, latest: -31 * DAY }, /trust-clock/],
    ['behind the last time', { latest: 60_000 }, /NTP/],
    ['behind PostgreSQL', { postgres: 60_000 }, /NTP/],
    ['ahead of PostgreSQL', { postgres: -60_000 }, /NTP/],
  ])('reports a clock %s', (_, difference, advice) => {
    expect(compare(difference)).toMatchObject({ verdict: 'problem', advice: expect.stringMatching(advice) });
  });
});
