import { DE } from '../../core/texts/de';
import { EN } from '../../core/texts/en';
import { relativeTime } from './format-time';

const NOW = Date.parse('2026-11-25T12:00:00Z');

describe('relativeTime', () => {
  it.each([
    ['2026-11-25T11:59:30Z', 'just now'],
    ['2026-11-25T11:58:00Z', '2 minutes ago'],
    ['2026-11-25T10:53:00Z', '1 hour ago'],
    ['2026-11-22T12:00:00Z', '3 days ago'],
    ['2026-12-02T12:00:00Z', 'in 7 days'],
    ['2024-11-20T12:00:00Z', '2 years ago'],
  ])('formats %s as %s', (instant, words) => {
    expect(relativeTime(Date.parse(instant), NOW, 'en', EN)).toBe(words);
  });

  it('speaks German', () => {
    const minutesAgo = (minutes: number) => relativeTime(NOW - minutes * 60_000, NOW, 'de', DE);

    expect([minutesAgo(0), minutesAgo(1), minutesAgo(120)]).toEqual([
      'gerade eben',
      'vor 1 Minute',
      'vor 2 Stunden',
    ]);
  });
});
