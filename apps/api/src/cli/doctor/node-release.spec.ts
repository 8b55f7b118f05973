import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { checkNode, NODE_RELEASES } from './node-release.js';

const NOW = new Date('2026-11-28');
const verdictOf = (version: string) => checkNode(version, NOW).verdict;

describe('checkNode', () => {
  it('knows the same versions as package.json', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
    const ranges = NODE_RELEASES.map(({ major, minor }) => `${major}.${minor}.0`);

    expect(engines.node).toBe(
      [...ranges.slice(0, -1).map((each) => `^${each}`), `>=${ranges.at(-1)}`].join(' || '),
    );
  });

  it.each([
    ['22.14.0', 'ok'],
    ['24.11.1', 'ok'],
    ['26.0.0', 'ok'],
    ['20.20.2', 'warning'],
    ['27.1.0', 'warning'],
    ['18.20.0', 'problem'],
    ['22.13.1', 'problem'],
    ['25.2.0', 'problem'],
  ])('returns for %s: %s', (version, verdict) => {
    expect(verdictOf(version)).toBe(verdict);
  });

  it('advises to upgrade after the end of support', () => {
    expect(checkNode('22.22.0', new Date('2027-05-01'))).toEqual({
      verdict: 'warning',
      message: 'Node 22 works, but its support ended on 2027-04-30. It no longer gets security fixes.',
      advice: 'Install Node 26.',
    });
  });
});
