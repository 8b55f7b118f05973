import { beforeEach, describe, expect, it } from '@jest/globals';
import { SealedTrail } from '../../../../../test/support/unit/sealed-trail.js';
import { type ChainEnd } from './chain-check.js';
import { sealedText } from '../trail/sealed-text.js';

let trail: SealedTrail;
/** The row that names the end of the chain before anybody tampered with it. */
let intact: ChainEnd;

beforeEach(() => {
  trail = new SealedTrail();
  for (let count = 0; count < 9; count += 1) {
    trail.append();
  }
  trail.keep();
  intact = trail.end();
});

describe('a trail that nobody touched', () => {
  it('is whole', () => {
    expect(trail.found()).toEqual([]);
  });

  it('is whole while entries are added', () => {
    trail.append();

    expect(trail.found({ end: intact, endNow: trail.end() })).toEqual([]);
  });

  it('is whole when it is empty', () => {
    trail.entries = [];

    expect(trail.found({ end: trail.end() })).toEqual([]);
  });
});

describe('tampering', () => {
  it('is found where an entry was changed', () => {
    trail.at(4).subjectName = 'mallory';

    expect(trail.found()).toEqual(['changed 4']);
  });

  it('is found where an entry was changed and sealed with a key of one’s own', () => {
    Object.assign(trail.at(4), { subjectName: 'mallory', mac: trail.second.seal(sealedText(trail.at(4))) });

    expect(trail.found()).toEqual(['changed 4', 'out_of_place 5']);
  });

  it('is found where an entry was sealed with a key of one’s own, and names it', () => {
    trail.at(4).keyId = trail.second.id;
    trail.at(4).mac = trail.second.seal(sealedText(trail.at(4)));

    expect(trail.found()[0]).toBe('key_unknown 4');
  });

  it('is found where an entry was deleted', () => {
    trail.entries.splice(3, 1);

    expect(trail.found()).toEqual(['missing 4']);
  });

  it('is found where several were deleted', () => {
    trail.entries.splice(3, 3);

    expect(trail.found()).toEqual(['missing 4']);
  });

  it('is found where an entry was deleted and the others numbered anew', () => {
    trail.entries.splice(3, 1);
    trail.entries.forEach((event, index) => (event.sequence = index + 1));

    expect(trail.found({ end: { ...intact, sequence: 8 } })[0]).toBe('out_of_place 4');
  });

  it('is found at the beginning of the trail', () => {
    trail.entries.splice(0, 2);

    expect(trail.found()).toEqual(['missing 1']);
  });

  it('is found where two entries were swapped', () => {
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

  it('is found where what two entries say was swapped', () => {
    [trail.at(4).after, trail.at(5).after] = ['{"a":1}', '{"b":1}'];

    expect(trail.found()).toEqual(['changed 4', 'changed 5']);
  });

  it('is found where an entry was put in', () => {
    trail.entries.slice(4).forEach((event) => (event.sequence += 1));
    trail.entries.push({ ...trail.at(4), id: 'new', sequence: 5, subjectName: 'mallory' });

    expect(trail.found({ end: { ...intact, sequence: 10 } })[0]).toBe('out_of_place 5');
  });

  it('is found where an entry has a number that is taken', () => {
    trail.entries.push({ ...trail.at(4), id: 'new' });

    expect(trail.found()).toContain('out_of_place 4');
  });

  it('is found where an entry was put at the end', () => {
    trail.entries.push({ ...trail.at(9), id: 'new', sequence: 10, previousMac: trail.at(9).mac });

    expect(trail.found()).toEqual(['changed 10', 'head_changed 10']);
  });

  it('is found at each place', () => {
    trail.at(2).address = '192.0.2.1';
    trail.at(5).outcome = 'failure';
    trail.entries.splice(6, 1);

    expect(trail.found()).toEqual(['changed 2', 'changed 5', 'missing 7']);
  });
});

describe('the end of the trail', () => {
  it('shows a cut tail by the row that names it', () => {
    trail.entries.splice(7);

    expect(trail.found()).toEqual(['tail_cut 8']);
  });

  it('shows a whole trail that is gone', () => {
    trail.entries = [];

    expect(trail.found()).toEqual(['tail_cut 1']);
  });

  it('shows a cut tail by an exported head, though the row was changed too', () => {
    const exportedHead = { sequence: 9, mac: trail.at(9).mac };
    trail.entries.splice(7);

    expect(trail.found({ end: trail.end(), exportedHead })).toEqual(['tail_cut 8']);
  });

  it('shows entries that were made anew with the right key, by an exported head', () => {
    const exportedHead = { sequence: 9, mac: trail.at(9).mac };
    trail.entries.splice(7);
    trail.append({ subjectName: 'mallory' });
    trail.append();

    expect(trail.found({ end: trail.end(), exportedHead })).toEqual(['head_differs 9']);
  });

  it('is whole by a head that was exported long ago', () => {
    expect(trail.found({ exportedHead: { sequence: 3, mac: trail.at(3).mac } })).toEqual([]);
  });

  it.each<[string, Partial<ChainEnd>]>([
    ['seal', { mac: 'x'.repeat(43) }],
    ['number', { sequence: 7 }],
    ['key', { keyId: 'another key' }],
  ])('shows a row with another %s', (_, change) => {
    expect(trail.found({ end: { ...intact, ...change } })).toEqual(['head_changed 9']);
  });
});

describe('a row that names the end', () => {
  it('is held against the entry that was the last when the check began, also when others were added since', () => {
    trail.append();

    expect(trail.found({ end: { ...intact, mac: 'x'.repeat(43) }, endNow: trail.end() })).toEqual([
      'head_changed 10',
    ]);
  });

  it('is held against the last entry as it is now', () => {
    trail.append();

    const endNow = { ...trail.end(), mac: 'x'.repeat(43) };

    expect(trail.found({ end: intact, endNow })).toEqual(['head_changed 10']);
  });

  it('may be ahead of the last entry that was read, as entries are added meanwhile', () => {
    const endNow = { ...intact, sequence: 10, mac: 'x'.repeat(43) };

    expect(trail.found({ endNow })).toEqual([]);
  });
});
