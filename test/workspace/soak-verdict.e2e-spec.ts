import { describe, expect, it } from '@jest/globals';
import { judge, type Sample } from '../lab/soak/verdict.mjs';

/** Samples of half an hour in which a server meets every goal, with changes per minute. */
const run = (change: (minute: number) => Partial<Sample> = () => ({})) =>
  Array.from({ length: 31 }, (_, minute) => ({
    minute,
    memoryMib: minute < 5 ? 150 + 20 * minute : 250 + (minute % 2),
    descriptors: 30 + (minute % 3),
    walMib: 4,
    sessions: 600 * Math.min(minute, 20),
    logIns: 600 * minute,
    ...change(minute),
  }));

const missed = (samples: Sample[], unexpected = 0) =>
  judge(samples, 5, unexpected)
    .filter(({ isMet }) => !isMet)
    .map(({ metric }) => metric);

// Covers B48 in docs/explanation/security.md.
describe('the verdict of a long run', () => {
  it('is good if only memory grows, and only for five minutes', () => {
    expect(missed(run())).toEqual([]);
  });

  it.each<[string, (minute: number) => Partial<Sample>]>([
    ['memory', (minute) => ({ memoryMib: 250 + 1.1 * minute })],
    ['descriptors', (minute) => ({ descriptors: 30 + Math.floor(minute / 4) })],
    ['write-ahead log', (minute) => ({ walMib: minute === 3 ? 64 : 4 })],
    ['rows', (minute) => ({ sessions: 600 * minute })],
  ])('is bad if %s grows', (metric, change) => {
    expect(missed(run(change))).toEqual([expect.stringContaining(metric)]);
  });

  it('is bad if a response had an unexpected status', () => {
    expect(missed(run(), 1)).toEqual(['responses other than 200']);
  });
});
