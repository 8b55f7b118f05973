import { beforeEach, describe, expect, it } from '@jest/globals';
import { SealedTrail } from '../../../../../test/support/unit/sealed-trail.js';
import { type ChainEnd } from './chain-check.js';
import { sealedText } from '../trail/audit-entry.js';

let trail: SealedTrail;
/** End of the chain before any tampering. */
let intact: ChainEnd;

beforeEach(() => {
  trail = new SealedTrail();
  for (let count = 0; count < 9; count += 1) {
    trail.append();
  }
  trail.keep();
  intact = trail.end();
});

describe('ChainCheck of an intact trail', () => {
  it('finds no problem', () => {
    expect(trail.found()).toEqual([]);
  });

  it('finds no problem while entries are added', () => {
    trail.append();

    expect(trail.found({ end: intact, endNow: trail.end() })).toEqual([]);
  });

  it('finds no problem when it is empty', () => {
    trail.entries = [];

    expect(trail.found({ end: trail.end() })).toEqual([]);
  });
});

describe('ChainCheck of a tampered trail', () => {
  it('detects a changed entry', () => {
    trail.at(4).subjectName = 'mallory';

    expect(trail.found()).toEqual(['changed 4']);
  });

  it('detects a changed entry sealed with another key under the same id', () => {
    Object.assign(trail.at(4), { subjectName: 'mallory', mac: trail.second.seal(sealedText(trail.at(4))) });

    expect(trail.found()).toEqual(['changed 4', 'out_of_place 5']);
  });

  it('detects an entry sealed with another key, and names the key', () => {
    trail.at(4).keyId = trail.second.id;
    trail.at(4).mac = trail.second.seal(sealedText(trail.at(4)));

    expect(trail.found()).toEqual([
      'key_unknown 4',
      'key_not_handed_over 4',
      'out_of_place 5',
      'key_not_handed_over 5',
    ]);
  });

  it.each([0, -1, Number.MIN_SAFE_INTEGER])('detects an inserted entry with the number %d', (sequence) => {
    trail.entries.push({ ...trail.at(4), sequence });

    expect(trail.found()).toEqual([`out_of_place ${sequence}`]);
  });

  it('detects entries that were not checked', () => {
    expect(trail.found({ count: 10 })).toEqual(['not_checked 9']);
  });

  it('accepts fewer entries than it checked, because the retention deletes some meanwhile', () => {
    expect(trail.found({ count: 8 })).toEqual([]);
  });

  it('detects a deleted entry', () => {
    trail.entries.splice(3, 1);

    expect(trail.problems()).toEqual([{ sequence: 4, code: 'missing', message: 'Entry 4 is missing.' }]);
  });

  it('detects several deleted entries', () => {
    trail.entries.splice(3, 3);

    expect(trail.problems()).toEqual([
      { sequence: 4, code: 'missing', message: 'Entries 4 to 6 are missing.' },
    ]);
  });

  it('detects a deleted entry when the others are renumbered', () => {
    trail.entries.splice(3, 1);
    trail.entries.forEach((event, index) => (event.sequence = index + 1));

    expect(trail.found({ end: { ...intact, sequence: 8 } })[0]).toBe('out_of_place 4');
  });

  it('detects tampering at the start of the trail', () => {
    trail.entries.splice(0, 2);

    expect(trail.found()).toEqual(['missing 1']);
  });

  it('detects two swapped entries', () => {
    const [fourth, fifth] = [trail.at(4), trail.at(5)];
    [fourth.sequence, fifth.sequence] = [5, 4];

    expect(trail.found()).toEqual(
      expect.arrayContaining([
        'out_of_place 4',
        'changed 4',
        'out_of_place 5',
        'changed 5',
        'out_of_place 6',
      ]),
    );
  });

  it('detects two entries with swapped content', () => {
    [trail.at(4).after, trail.at(5).after] = ['{"a":1}', '{"b":1}'];

    expect(trail.found()).toEqual(['changed 4', 'changed 5']);
  });

  it('detects an inserted entry', () => {
    trail.entries.slice(4).forEach((event) => (event.sequence += 1));
    trail.entries.push({ ...trail.at(4), id: 'new', sequence: 5, subjectName: 'mallory' });

    expect(trail.found({ end: { ...intact, sequence: 10 } })[0]).toBe('out_of_place 5');
  });

  it('detects an entry with a duplicate number', () => {
    trail.entries.push({ ...trail.at(4), id: 'new' });

    expect(trail.found()).toContain('out_of_place 4');
  });

  it('detects an entry with a duplicate number that continues the chain', () => {
    const copy = { ...trail.at(4), id: 'new', previousMac: trail.at(4).mac };
    trail.entries.push({ ...copy, mac: trail.first.seal(sealedText(copy)) });

    expect(trail.found()).toEqual(['out_of_place 4', 'out_of_place 5']);
  });

  it('detects an entry appended without the key', () => {
    trail.entries.push({ ...trail.at(9), id: 'new', sequence: 10, previousMac: trail.at(9).mac });

    expect(trail.found()).toEqual(['changed 10', 'head_changed 10']);
  });

  it('reports every position', () => {
    trail.at(2).address = '192.0.2.1';
    trail.at(5).outcome = 'failure';
    trail.entries.splice(6, 1);

    expect(trail.found()).toEqual(['changed 2', 'changed 5', 'missing 7']);
  });
});

describe('ChainCheck at the end of the trail', () => {
  it('detects a cut tail by the recorded end', () => {
    trail.entries.splice(7);

    expect(trail.problems()).toEqual([
      {
        sequence: 8,
        code: 'tail_cut',
        message: 'The trail ends with entry 7, but there was an entry 9.',
      },
    ]);
  });

  it('detects that the whole trail was deleted', () => {
    trail.entries = [];

    expect(trail.found()).toEqual(['tail_cut 1']);
  });

  it('detects a cut tail by an exported head even if the recorded end was changed', () => {
    const exportedHead = { sequence: 9, mac: trail.at(9).mac };
    trail.entries.splice(7);

    expect(trail.problems({ end: trail.end(), exportedHead })).toEqual([
      {
        sequence: 8,
        code: 'tail_cut',
        message: 'The trail ends with entry 7, but the given head is entry 9.',
        isAboutHead: true,
      },
    ]);
  });

  it('detects entries that were rewritten with the right key by an exported head', () => {
    const exportedHead = { sequence: 9, mac: trail.at(9).mac };
    trail.entries.splice(7);
    trail.append({ subjectName: 'mallory' });
    trail.append();

    expect(trail.problems({ end: trail.end(), exportedHead })).toMatchObject([
      { sequence: 9, code: 'head_differs', isAboutHead: true },
    ]);
  });

  it('accepts a head that was exported long ago', () => {
    expect(trail.found({ exportedHead: { sequence: 3, mac: trail.at(3).mac } })).toEqual([]);
  });

  it.each<[string, Partial<ChainEnd>]>([
    ['seal', { mac: 'x'.repeat(43) }],
    ['number', { sequence: 7 }],
    ['key', { keyId: 'another key' }],
  ])('detects a recorded end with another %s', (_, change) => {
    expect(trail.found({ end: { ...intact, ...change } })).toEqual(['head_changed 9']);
  });
});

describe('ChainCheck of the recorded end', () => {
  it('compares it with the entry that was last when the check started, even if others were added since', () => {
    trail.append();

    expect(trail.found({ end: { ...intact, mac: 'x'.repeat(43) }, endNow: trail.end() })).toEqual([
      'head_changed 10',
    ]);
  });

  it('compares it with the entry that is last now', () => {
    trail.append();

    const endNow = { ...trail.end(), mac: 'x'.repeat(43) };

    expect(trail.found({ end: intact, endNow })).toEqual(['head_changed 10']);
  });

  it.each([
    ['latest time', { latestTime: 0 }],
    ['setback of the clock', { clockSetback: -1 }],
  ])('detects a %s that does not cover all entries', (_, change) => {
    expect(trail.found({ endNow: { ...intact, ...change } })).toEqual(['head_changed 9']);
  });

  it('accepts a greater setback of the clock, because deleted entries may have caused it', () => {
    expect(trail.found({ endNow: { ...intact, clockSetback: 1_000 } })).toEqual([]);
  });

  it('accepts it ahead of the last checked entry, because entries may be added during the check', () => {
    const endNow = { ...intact, sequence: 10, mac: 'x'.repeat(43) };

    expect(trail.found({ endNow })).toEqual([]);
  });
});
