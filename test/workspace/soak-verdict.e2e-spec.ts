import { describe, expect, it } from '@jest/globals';
import { judge, type Sample } from '../lab/soak/verdict.mjs';

/** Half an hour of a server that keeps every promise, but for what is changed of each minute. */
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

const missed = (samples: Sample[], unwanted = 0) =>
  judge(samples, 5, unwanted)
    .filter(({ isMet }) => !isMet)
    .map(({ what }) => what);

describe('B48 the verdict of a long run', () => {
  it('is good where memory grows for five minutes, and nothing for longer', () => {
    expect(missed(run())).toEqual([]);
  });

  it.each<[string, (minute: number) => Partial<Sample>]>([
    ['memory', (minute) => ({ memoryMib: 250 + 1.1 * minute })],
    ['descriptors', (minute) => ({ descriptors: 30 + Math.floor(minute / 4) })],
    ['write-ahead log', (minute) => ({ walMib: minute === 3 ? 64 : 4 })],
    ['rows', (minute) => ({ sessions: 600 * minute })],
  ])('is bad where %s grows', (what, change) => {
    expect(missed(run(change))).toEqual([expect.stringContaining(what)]);
  });

  it('is bad where a request was refused', () => {
    expect(missed(run(), 1)).toEqual(['answers other than 200']);
  });
});
