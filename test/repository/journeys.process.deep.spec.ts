import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

/** Most files that a request may run through. Lower a ceiling when a journey gets shorter. */
const CEILINGS = {
  // Goal: 12
  'cached verification on the fast path': 13,
  // Goal: 18
  'cached verification by the route': 21,
  // Goal: 45
  login: 61,
  // Goal: 45
  'creation of a token': 67,
  'revocation of a token': 53,
};

describe('a request to a warm server', () => {
  it('runs through few files', () => {
    const output = execFileSync(process.execPath, ['test/lab/journeys.mjs', '--json'], { encoding: 'utf8' });

    const files = JSON.parse(output) as Record<string, string[]>;
    expect(Object.keys(files)).toEqual(Object.keys(CEILINGS));
    const beyond = Object.entries(CEILINGS).filter(([name, most]) => (files[name]?.length ?? 0) > most);
    expect(beyond.map(([name]) => [name, files[name]])).toEqual([]);
  });
});
